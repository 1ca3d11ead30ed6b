import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { applyStrategy, fleetOf, succeed } from '../../e2e/scene.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import type { Fleet } from '../../support/fleet.js';
import { freePorts } from '../../support/free-ports.js';
import { runs, skipLoudly } from '../../support/installed.js';
import { writeApp } from './app.js';
import { type Balancer, type NodePorts, startGuidesHaproxy, startNginx } from './balancers.js';
import { startWrk, type Wrk } from './wrk.js';

/** 20 take some minutes; what this changes is told at the end of the run. */
const rollouts = Number(process.env['CAPSTAN_TEST_ROLLOUTS'] ?? '4');

const strategy = `type: rolling
maxUnavailable: 1
health: { minHealthyTime: 2s, deadline: 60s }
`;

interface Watched {
  readonly name: string;
  readonly balancer: Balancer;
  readonly wrk: Wrk;
  /** Nodes that were seen to get no requests. */
  readonly out: Set<string>;
}

describe('rolling deployments behind real load balancers', function () {
  this.timeout(120_000 + rollouts * 60_000);

  before(async function () {
    const needed = ['haproxy', '/usr/sbin/nginx', 'wrk', 'curl'];
    const found = await Promise.all(needed.map((program) => runs('sh', '-c', `command -v ${program}`)));
    if (found.includes(false)) skipLoudly(this, 'on Debian: apt-get install haproxy nginx-light wrk curl');
  });

  it(`lose no request under load, ${rollouts} in a row`, async () => {
    const [app = 0, endpoint = 0, agentCheck = 0, ...fronts] = await freePorts(6);
    const ports: NodePorts = [app, endpoint, agentCheck];
    const fleet = await fleetOf(4, { ports });
    cleanUp(() => fleet.destroy());
    await applyStrategy(fleet, 'web', strategy);
    await deploy(fleet, 0);

    const [first = 0, second = 0, third = 0] = fronts;
    const haproxy = await startGuidesHaproxy('haproxy.cfg, agent-check', first, ports);
    const nginx = await startNginx(third, ports, fleet);
    const watched = [
      await watch('HAProxy with agent-check', haproxy, fleet, 'GET'),
      await watch(
        'HAProxy with HTTP checks',
        await startGuidesHaproxy('haproxy.cfg, http-check', second, ports),
        fleet,
        'GET',
      ),
      // A POST is never sent twice by nginx, so that none that a server drops goes unnoticed.
      await watch('nginx and its watcher', nginx, fleet, 'POST'),
    ];
    const sampling = sample(watched);
    const began = performance.now();
    for (let turn = 1; turn <= rollouts; turn += 1) await deploy(fleet, turn);
    const seconds = Math.round((performance.now() - began) / 1000);
    await sampling.stop();

    const reports = await Promise.all(watched.map(({ wrk }) => wrk.stop()));
    for (const [index, { name, out }] of watched.entries()) {
      const { requests = 0, failed = -1, complaint = '' } = reports[index] ?? {};
      process.stderr.write(
        `      ${name}: ${requests} requests, ${failed} failed, ${rollouts} deployments in ${seconds} s\n`,
      );
      expect(failed, `${name}: ${complaint}`).to.equal(0);
      expect(requests, name).to.be.greaterThan(50 * seconds);
      expect([...out].sort(), `${name}: taken out in turn`).to.deep.equal(
        fleet.nodes.map((node) => node.name),
      );
    }

    // Agents that are away have no opinion: nobody is taken out of service by it.
    await Promise.all(fleet.nodes.map((node) => node.kill()));
    await eventually(async () => (await haproxy.agentChecks()).every((status) => status === 'L4CON'), {
      what: 'HAProxy to miss the agents',
    });
    for (const balancer of [haproxy, nginx]) {
      expect([...(await balancer.serving())].sort()).to.deep.equal(fleet.nodes.map((node) => node.name));
      expect(await (await fetch(balancer.url)).text()).to.equal(`1.${rollouts}.0`);
    }
  });
});

async function deploy(fleet: Fleet, turn: number): Promise<void> {
  const version = `1.${turn}.0`;
  const dir = join(fleet.dir, 'releases', version);
  await writeApp(dir, version);
  await succeed(fleet, 'publish', dir, '--app', 'web', '--version', version);
  await succeed(fleet, 'deploy', `web@${version}`, '--env', 'production', '--wait');
}

/** Waits until the balancer gives requests to every node, and begins to send some. */
async function watch(
  name: string,
  balancer: Balancer,
  fleet: Fleet,
  method: 'GET' | 'POST',
): Promise<Watched> {
  await eventually(async () => (await balancer.serving()).size === fleet.nodes.length, {
    timeoutMs: 30_000,
    what: `${name} to serve from all nodes`,
  });
  return { name, balancer, wrk: await startWrk(balancer.url, method), out: new Set() };
}

/** Looks ten times a second who gets no requests. */
function sample(watched: readonly Watched[]): { stop(): Promise<void> } {
  const names = ['web-1', 'web-2', 'web-3', 'web-4'];
  const over = new AbortController();
  const looking = (async () => {
    while (!over.signal.aborted) {
      for (const { balancer, out } of watched) {
        const serving = await balancer.serving();
        for (const name of names) if (!serving.has(name)) out.add(name);
      }
      await delay(100, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      over.abort();
      await looking;
    },
  };
}
