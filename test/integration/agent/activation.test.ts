import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { makeNode, type Node, serverFiles } from './harness.js';

describe('an agent activates releases', () => {
  let node: Node;
  beforeEach(async () => {
    node = await makeNode();
    await node.start();
  });

  it('takes the first release to healthy, and the next one after a drain', async () => {
    const v1 = await node.release('1', serverFiles('1'));
    const first = await node.coordinator.settled('web', node.deploy(v1));
    expect(first).to.include({ phase: 'healthy', health: 'healthy', ready: true });
    expect(first.current?.version).to.equal('1');
    expect(await node.ask()).to.equal('1');
    expect(await node.ready()).to.equal(200);

    const v2 = await node.release('2', serverFiles('2'));
    const drain = { drain: true, restart: false, minHealthyTimeMs: 100, healthDeadlineMs: 5000 };
    const generation = node.deploy(v2, { activation: drain });
    await eventually(async () => (await node.ready()) === 503);
    expect(await node.ask(), 'serves while it drains').to.equal('1');
    const second = await node.coordinator.settled('web', generation);
    expect(second).to.include({ phase: 'healthy', ready: true });
    expect(second.previous?.version).to.equal('1');
    // Its capstan.yml is the same as before, its program is not.
    const sources = second.fetchedFrom.map(({ source }) => source.replace(/:.*/, ''));
    expect(sources).to.deep.equal(['file', 'disk']);
    expect(await node.ask()).to.equal('2');
    expect(node.coordinator.phases('web', generation)).to.include.members([
      'draining',
      'checking',
      'healthy',
    ]);
  });

  it('turns back to the release before when the new one is not healthy, and says why', async () => {
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    const before = await node.current();
    const server = "console.error('no database'); process.exit(3);";
    const bad = await node.release('2', serverFiles('2', { server }));
    const begun = performance.now();
    const generation = node.deploy(bad, {
      activation: { drain: false, restart: false, minHealthyTimeMs: 100, healthDeadlineMs: 60_000 },
    });
    const status = await node.coordinator.settled('web', generation);
    expect(performance.now() - begun, 'does not wait for the deadline').to.be.below(15_000);
    expect(status).to.include({ phase: 'turnedBack', health: 'healthy', ready: true });
    expect(status.failure?.step).to.equal('check');
    expect(status.failure?.reason).to.match(/exited 3 times.*exit code 3/);
    expect(status.failure?.logTail).to.include('no database').and.not.include('1 listens');
    expect(await node.current()).to.equal(before);
    expect(await node.ask()).to.equal('1');
    const warned = node
      .agent()
      .logs()
      .filter(({ level }) => level === 'warn')
      .map(({ event, step, what }) => `${event}: ${String(step ?? what)}`);
    expect(warned.map((line) => line.replace(/ 2-.*/, ''))).to.deep.equal([
      'step.end: check',
      'app.work: settled turnedBack',
    ]);
  });

  it('leaves nothing live when the first release fails, and never tries that generation again', async () => {
    const bad = await node.release('1', serverFiles('1', { server: 'process.exit(1);' }));
    const generation = node.deploy(bad);
    const status = await node.coordinator.settled('web', generation);
    expect(status).to.include({ phase: 'failed', ready: false, current: undefined });
    expect(await readlink(join(node.home, 'current')).catch(() => 'none')).to.equal('none');
    node.agent().kill('SIGKILL');
    await node.agent().exited;
    await node.start();
    const again = await node.coordinator.settled('web', generation);
    expect(again).to.include({ phase: 'failed' });
    expect(
      node
        .agent()
        .logs()
        .filter((line) => line.event === 'step.begin'),
    ).to.deep.equal([]);
  });

  it('reports a service that becomes unhealthy later, and takes it out of load', async () => {
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    await node.ask('/break');
    await eventually(() => node.coordinator.latest('web')?.health === 'unhealthy');
    expect(node.coordinator.latest('web')).to.include({ phase: 'healthy', ready: false });
    expect(node.coordinator.latest('web')?.note).to.include('status 500');
    expect(await node.ready()).to.equal(503);
  });

  it('does what it is told though it cannot keep what that was', async () => {
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    await rm(join(node.dir, 'state/desired.json'));
    await mkdir(join(node.dir, 'state/desired.json')); // as a full disk would: it cannot be replaced
    const next = await node.release('2', serverFiles('2'));
    const status = await node.coordinator.settled('web', node.deploy(next));
    expect(status).to.include({ phase: 'healthy', ready: true });
    expect(await node.ask()).to.equal('2');
  });

  it('logs once that its store is away, and that it is back', async () => {
    let [asked, isBack] = [0, false];
    const store = createServer(({ url = '' }, response) => {
      asked += 1;
      if (isBack) createReadStream(join(node.dir, 'store', url)).pipe(response);
      else response.writeHead(503).end();
    }).listen(0, '127.0.0.1');
    cleanUp(() => void store.close());
    await once(store, 'listening');
    const stores = [`http://127.0.0.1:${(store.address() as AddressInfo).port}`];
    const generation = node.deploy(await node.release('1', serverFiles('1')), { stores });
    await eventually(() => asked >= 2, { what: 'another try' });
    isBack = true;
    await node.coordinator.settled('web', generation);
    const events = ['stage.waiting', 'stage.resumed'];
    const told = node.agent().logs();
    const lines = told.filter(({ event }) => events.includes(event));
    expect(lines.map(({ event }) => event)).to.deep.equal(events);
    expect(lines[0]).to.include({ level: 'warn' });
    expect(lines[0]?.['text']).to.include(stores[0]).and.to.include('503');
  });

  it('gives up on a service that ignores SIGTERM after its grace', async () => {
    const stubborn = serverFiles('1', { server: "process.on('SIGTERM', () => {});", grace: '300ms' });
    await node.coordinator.settled('web', node.deploy(await node.release('1', stubborn)));
    const status = await node.coordinator.settled(
      'web',
      node.deploy(await node.release('2', serverFiles('2'))),
    );
    expect(status.phase).to.equal('healthy');
    expect(await node.ask()).to.equal('2');
  });

  it('refuses to stop anything when a value is missing', async () => {
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    const spec = serverFiles('2');
    const files = { ...spec, 'capstan.yml': (spec['capstan.yml'] ?? '').replace('PORT', 'OTHER_PORT') };
    const { pid } = await node.service();
    const status = await node.coordinator.settled('web', node.deploy(await node.release('2', files)));
    expect(status).to.include({ phase: 'failed', ready: true, health: 'healthy' });
    expect(status.failure?.reason).to.include('OTHER_PORT');
    expect((await node.service()).pid).to.equal(pid);
  });

  it('links what is shared into the release, refuses it where a file is not there yet, and restarts and removes on demand', async () => {
    const files = serverFiles('1', {
      server: "require('node:fs').writeFileSync('uploads/' + process.pid, 'x');",
      spec: 'shared: { dirs: [uploads], files: [etc/secret] }',
    });
    const v1 = await node.release('1', files);
    const refused = await node.coordinator.settled('web', node.deploy(v1));
    expect(refused).to.include({ phase: 'failed', current: undefined });
    const secret = join(node.home, 'shared/etc/secret');
    expect(refused.failure).to.include({
      step: 'preflight',
      reason: `the release shares the file etc/secret, and there is no ${secret}: put it there`,
    });
    await writeFile(secret, '');
    await node.coordinator.settled('web', node.deploy(v1));
    const { pid } = await node.service();
    expect(await readFile(join(node.home, 'shared/uploads', String(pid)), 'utf8')).to.equal('x');
    const restart = { drain: false, restart: true, minHealthyTimeMs: 100, healthDeadlineMs: 5000 };
    await node.coordinator.settled('web', node.deploy(v1, { activation: restart }));
    expect((await node.service()).pid).not.to.equal(pid);
    const status = await node.coordinator.settled('web', node.deploy(v1, { intent: 'remove' }));
    expect(status).to.include({ phase: 'removed', current: undefined });
    expect(await readFile(join(node.home, 'shared/uploads', String(pid)), 'utf8')).to.equal('x');
  });
});
