import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { emptyRecord } from '../../../agent/core/record.js';
import type { AppName } from '../../../shared/model/ids.js';
import { eventually } from '../../support/eventually.js';
import { listenForNotices } from '../../support/notify-socket.js';
import { type Program, startProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';
import { FakeCoordinator } from './fake-coordinator.js';

describe('what the agent tells a service manager', () => {
  let dir: string;
  let coordinator: FakeCoordinator;
  beforeEach(async () => {
    dir = await tempDir();
    coordinator = new FakeCoordinator();
    await coordinator.start();
  });
  const start = (env: Readonly<Record<string, string>>, at = coordinator.address): Program =>
    startProgram(
      'capstan-agent',
      [
        ...['--insecure-loopback', '--name', 'n1', '--coordinator', at, '--listen', '127.0.0.1:0'],
        ...['--state-dir', join(dir, 'state'), '--root', join(dir, 'srv'), '--conf-dir', join(dir, 'conf.d')],
      ],
      { env },
    );
  /** What came of a kind: READY, STATUS, … */
  const said = (notices: readonly string[], kind: string): readonly string[] =>
    notices.flatMap((notice) => notice.split('\n')).filter((line) => line.startsWith(`${kind}=`));

  it('that it is up, what it does, that it still does it, and that it ends', async () => {
    const notices = listenForNotices(join(dir, 'notify'));
    const agent = start({ NOTIFY_SOCKET: join(dir, 'notify'), WATCHDOG_USEC: '150000' });
    await eventually(() => said(notices(), 'WATCHDOG').length >= 5);
    expect(notices().filter((notice) => notice.includes('READY=1'))).to.have.length(1);
    expect(notices()[0]).to.match(/^READY=1\n/);
    expect(agent.logs().some((line) => line.event === 'listening')).to.equal(true);
    await eventually(() =>
      said(notices(), 'STATUS').includes(`STATUS=connected to ${coordinator.address}; no applications`),
    );
    await agent.stop('SIGTERM');
    expect(notices().at(-1)).to.equal('STOPPING=1\nSTATUS=stopping');
  });

  it('that it is up, without a warning of a leak, however many applications wait for its end', async () => {
    const notices = listenForNotices(join(dir, 'notify'));
    const journal = join(dir, 'state', 'journal');
    await mkdir(journal, { recursive: true });
    for (let at = 0; at < 30; at += 1) {
      const app = `app-${at}` as AppName;
      const line = JSON.stringify({ note: 'before', record: emptyRecord(app) });
      await writeFile(join(journal, `${app}.jsonl`), `${line}\n`);
    }
    const agent = start({ NOTIFY_SOCKET: join(dir, 'notify') });
    await eventually(() => said(notices(), 'STATUS').some((line) => line.includes('25 more')));
    await agent.stop('SIGTERM');
    expect(agent.stderr()).to.equal('');
  });

  it('that its start takes longer, so that it is not killed for that, and that it is up when it is', async () => {
    const notices = listenForNotices(join(dir, 'notify'));
    // What it reads first is not there as long as nobody writes to it, as where releases are read after a restore.
    const slow = join(dir, 'state', 'desired.json');
    await mkdir(join(dir, 'state'));
    execFileSync('mkfifo', [slow]);
    const agent = start({ NOTIFY_SOCKET: join(dir, 'notify'), WATCHDOG_USEC: '300000' });
    await eventually(() => said(notices(), 'EXTEND_TIMEOUT_USEC').length >= 2, { timeoutMs: 10_000 });
    expect(notices()[0]).to.equal('EXTEND_TIMEOUT_USEC=30000000\nSTATUS=starting');
    expect(said(notices(), 'READY')).to.deep.equal([]);
    await writeFile(slow, '');
    await agent.waitFor('listening');
    await eventually(() => said(notices(), 'READY').length === 1);
    const after = notices().slice(notices().findIndex((notice) => notice.startsWith('READY=1')));
    expect(said(after, 'EXTEND_TIMEOUT_USEC')).to.deep.equal([]);
    await agent.stop('SIGTERM');
  });

  it('at an address that is no file, and no more than it was asked for', async () => {
    const address = `@capstan-test-${process.pid}`;
    const notices = listenForNotices(address);
    const agent = start({ NOTIFY_SOCKET: address, WATCHDOG_USEC: '30000', WATCHDOG_PID: '1' }, '127.0.0.1:1');
    await agent.waitFor('coordinator.unreachable');
    await eventually(() => said(notices(), 'READY').length === 1);
    await agent.stop('SIGTERM');
    expect(said(notices(), 'STOPPING')).to.have.length(1);
    expect(said(notices(), 'WATCHDOG'), 'the watchdog was meant for another process').to.deep.equal([]);
  });

  it('nothing if there is none, and then it does not even load what it would take', async () => {
    const mapped = async (agent: Program): Promise<boolean> =>
      (await readFile(`/proc/${agent.pid}/maps`, 'utf8')).includes('koffi');
    const notices = listenForNotices(join(dir, 'notify'));
    const told = start({ NOTIFY_SOCKET: join(dir, 'notify') });
    await eventually(() => notices().length > 0);
    expect(await mapped(told)).to.equal(true);
    await told.stop('SIGTERM');
    const alone = start({});
    await eventually(() => coordinator.polls > 1);
    expect(await mapped(alone)).to.equal(false);
    await alone.stop('SIGTERM');
  });
});
