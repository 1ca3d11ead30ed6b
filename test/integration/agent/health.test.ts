import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { makeNode, type Node, serverFiles } from './harness.js';

/** A verdict is to be reported within this time of the result that made it. */
const reportWithinMs = 1000;

describe('the health of what an agent runs', () => {
  let node: Node;
  beforeEach(async () => {
    node = await makeNode();
    await node.start();
  });

  it('is reported within a second of the result that changes it', async () => {
    const check = await checked();
    const spec = serverFiles('1', { spec: '' });
    const probe = `- { http: { url: '${check.url}' }, every: 100ms, rise: 2, fall: 2 }`;
    // What answers is not part of the release, which is asked of services only.
    const yaml = (spec['capstan.yml'] ?? '').replace(/- \{ http.*/, probe).replace(/service: .*\n/, '');
    const release = await node.release('1', { ...spec, 'capstan.yml': yaml });
    await node.coordinator.settled('web', node.deploy(release));
    for (const [status, verdict] of [[500, 'unhealthy'] as const, [200, 'healthy'] as const]) {
      await check.answerTwice(status);
      await eventually(() => node.coordinator.latest('web')?.health === verdict, {
        timeoutMs: reportWithinMs,
        what: `the report of "${verdict}"`,
      });
    }
  });

  it('is not taken over from the release before by an agent that is killed in between', async () => {
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    const patient = (serverFiles('2')['capstan.yml'] ?? '').replace('fall: 2', 'fall: 100');
    const files = { 'server.js': slowStarter(join(node.dir, 'never')), 'capstan.yml': patient };
    const generation = node.deploy(await node.release('2', files), {
      activation: { drain: false, restart: false, minHealthyTimeMs: 100, healthDeadlineMs: 2000 },
    });
    await eventually(() => node.coordinator.latest('web')?.phase === 'checking');
    node.agent().kill('SIGKILL');
    await node.agent().exited;
    await node.start();
    const status = await node.coordinator.settled('web', generation);
    expect(status).to.include({ phase: 'turnedBack', health: 'healthy' });
    expect(status.failure?.reason).to.include('status 503');
  });

  it('comes with how often what serves has ended by itself, from nothing with each release', async () => {
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    expect(node.coordinator.latest('web')).to.not.have.property('restarts');
    for (const times of [1, 2]) {
      const { pid } = await node.service();
      process.kill(pid, 'SIGKILL');
      await eventually(() => node.coordinator.latest('web')?.restarts === times, {
        what: `${times} to be told`,
      });
      await eventually(
        async () => (await node.service()).pid !== pid && node.coordinator.latest('web')?.ready,
      );
    }
    node.agent().kill('SIGKILL');
    await node.agent().exited;
    await node.start();
    await eventually(() => node.coordinator.latest('web')?.restarts === 2, {
      what: 'the agent to know again',
    });
    const settled = await node.coordinator.settled(
      'web',
      node.deploy(await node.release('2', serverFiles('2'))),
    );
    expect(settled).to.not.have.property('restarts');
  });

  it('leaves a service its start period, after a crash as well', async () => {
    const gate = join(node.dir, 'gate');
    const probe =
      "- { http: { url: 'http://127.0.0.1:${PORT}/healthz' }, every: 100ms, rise: 1, fall: 1, startPeriod: 1m }";
    const files = {
      'server.js': slowStarter(gate),
      'capstan.yml': (serverFiles('1')['capstan.yml'] ?? '').replace(/- \{ http.*/, probe),
    };
    const generation = node.deploy(await node.release('1', files));
    for (const turn of ['the start', 'a crash']) {
      await eventually(async () => Number(await node.ask('/failed')) >= 3, {
        what: `failures after ${turn}`,
      });
      expect(node.coordinator.latest('web')).to.include({ health: 'unknown', ready: false });
      expect(await node.ready()).to.equal(503);
      await writeFile(gate, '');
      expect(await node.coordinator.settled('web', generation)).to.include({ phase: 'healthy' });
      await eventually(() => node.coordinator.latest('web')?.ready === true);
      await rm(gate);
      await eventually(() => node.coordinator.latest('web')?.health === 'unhealthy', {
        what: 'a failure after the first success to count',
      });
      await node.ask('/crash').catch(() => '');
    }
  });
});

/** A check of our own to be asked for a service's health, which says when its answer was given `fall` or `rise` times. */
async function checked(): Promise<{
  readonly url: string;
  answerTwice(status: number): Promise<void>;
}> {
  let [status, given] = [200, 0];
  const server = createServer((_request, response) => {
    response.writeHead(status).end();
    given += 1;
  }).listen(0, '127.0.0.1');
  cleanUp(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    answerTwice: async (wanted) => {
      [status, given] = [wanted, 0];
      await eventually(() => given >= 2, { everyMs: 5 });
    },
  };
}

/** A server that is not well before there is a file, and counts how often it said so. */
const slowStarter = (gate: string): string => `
let failed = 0;
require('node:http').createServer((request, response) => {
  if (request.url === '/crash') process.exit(7);
  if (request.url === '/failed') return response.end(String(failed));
  const well = require('node:fs').existsSync(${JSON.stringify(gate)});
  if (!well) failed += 1;
  response.writeHead(well ? 200 : 503).end();
}).listen(Number(process.env.PORT), '127.0.0.1');
`;
