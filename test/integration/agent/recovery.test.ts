import { appendFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { isAlive, makeNode, type Node, serverFiles } from './harness.js';

describe('an agent that finds something else on disk than it wrote', () => {
  let node: Node;
  const state = (name: string): string => join(node.dir, 'state', name);
  const stop = async (): Promise<void> => {
    node.agent().kill('SIGKILL');
    await node.agent().exited;
  };
  beforeEach(async () => {
    node = await makeNode();
    await node.start();
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    await stop();
  });

  it('refuses a state directory of another version with a sentence, and marks one of before there was a mark', async () => {
    expect(await readFile(state('format'), 'utf8')).to.equal('1\n');
    const { pid } = await node.service();
    for (const [mark, said] of [
      ['2\n', /is of format 2, and this version of the agent knows 1\.\nRun the version that wrote it/],
      ['\0\0', /does not say which format/],
    ] as const) {
      await writeFile(state('format'), mark);
      const started = await node.start().catch((error: unknown) => error);
      expect(String(started)).to.match(said);
      expect((await node.agent().exited).code).to.equal(1);
    }
    expect(isAlive(pid), 'what serves goes on').to.equal(true);
    await rm(state('format'));
    await node.start();
    expect(await readFile(state('format'), 'utf8')).to.equal('1\n');
    expect((await node.service()).pid).to.equal(pid);
  });

  it('does not guess what a journal said that cannot be read, keeps what serves in load, and goes on by itself', async () => {
    const journal = state('journal/web.jsonl');
    const before = await readFile(journal, 'utf8');
    await appendFile(journal, '{"note":"done swap","record":{"format":2}}\n');
    const { pid } = await node.service();
    await node.start();
    // No opinion, which takes nobody out: what was noted may be that it drains.
    await eventually(async () => (await node.ready()) === 404);
    const said = (): string => node.coordinator.latest('web')?.note ?? '';
    await eventually(() => said().includes('cannot go on: the last line of the journal'));
    expect(said()).to.include('restore the file, or remove it to go on from what is on disk');
    const generation = node.deploy(await node.release('2', serverFiles('2')));
    await writeFile(`${journal}.new`, before);
    await rename(`${journal}.new`, journal);
    const status = await node.coordinator.settled('web', generation);
    expect(status).to.include({ phase: 'healthy', note: '' });
    expect(isAlive(pid)).to.equal(false);
  });

  it('goes on from what is on disk when the journal is removed, without touching what serves', async () => {
    await rm(state('journal/web.jsonl'));
    const { pid } = await node.service();
    await node.start();
    await eventually(() => node.coordinator.latest('web')?.phase === 'healthy');
    expect((await node.service()).pid).to.equal(pid);
  });

  it('removes the note on a release whose record is gone, as when it was killed while it removed that', async () => {
    const notes = async (): Promise<readonly string[]> =>
      (await readdir(state('releases/web'))).filter((name) => name.endsWith('.rendering'));
    const [kept] = await notes();
    await writeFile(state('releases/web/0-0000.rendering'), '{}');
    await node.start();
    await eventually(async () => (await notes()).length === 1);
    expect(await notes()).to.deep.equal([kept]);
  });

  it('takes a desired state that is not one for none', async () => {
    await writeFile(state('desired.json'), '{"revision":7,"assignments":[{"app":"../../x"}],"stores":[]}');
    await node.start();
    await eventually(() => node.coordinator.latest('web')?.phase === 'healthy');
    expect(node.coordinator.polls).to.be.above(0);
  });

  it('says in its first report that it was interrupted', async () => {
    await node.start();
    const slow = serverFiles('2', { spec: 'hooks: { preflight: { run: [bin/slow] } }' });
    const release = await node.release('2', { ...slow, 'bin/slow': '#!/bin/sh\nsleep 2\n' });
    node.deploy(release);
    await node.agent().waitFor('step.begin', (line) => line['step'] === 'hook preflight');
    await stop();
    const reports = node.coordinator.reports.length;
    await node.start();
    const [first] = await eventually(() => {
      const since = node.coordinator.reports.slice(reports);
      expect(since).to.not.have.length(0);
      return since;
    });
    expect(first?.apps.map(({ note }) => note).join()).to.include('interrupted in preflight');
  });
});
