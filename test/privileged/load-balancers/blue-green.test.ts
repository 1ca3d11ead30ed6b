import { join } from 'node:path';
import { expect } from 'chai';
import { applyStrategy, fleetOf, succeed } from '../../e2e/scene.js';
import type { RolloutJson } from '../../e2e/shapes.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import type { Fleet } from '../../support/fleet.js';
import { freePorts } from '../../support/free-ports.js';
import { runs, skipLoudly } from '../../support/installed.js';
import { writeApp } from './app.js';
import { startHaproxy } from './balancers.js';
import { fromGuide, type Places } from './guide.js';
import { startWrk } from './wrk.js';

const strategy = `type: parallel
parallel: { overlap: 3s }
health: { minHealthyTime: 500ms, deadline: 30s }
`;

const blue = ['web-1', 'web-2'];
const green = ['web-3', 'web-4'];

describe('blue and green behind a real load balancer', function () {
  this.timeout(180_000);

  before(async function () {
    const needed = ['haproxy', 'wrk'];
    const found = await Promise.all(needed.map((program) => runs('sh', '-c', `command -v ${program}`)));
    if (found.includes(false)) skipLoudly(this, 'on Debian: apt-get install haproxy wrk');
  });

  it('are switched, and back, without a lost request, and tried by the staging endpoint of the guide', async () => {
    const [app = 0, endpoint = 0, agentCheck = 0, front = 0, stagingFront = 0] = await freePorts(5);
    const fleet = await fleetOf(4, { ports: [app, endpoint, agentCheck] });
    cleanUp(() => fleet.destroy());
    for (const [slot, names] of Object.entries({ blue, green })) {
      for (const name of names) await succeed(fleet, 'node', 'label', name, `slot=${slot}`);
    }
    await applyStrategy(fleet, 'web', strategy);
    for (const version of ['1.0.0', '2.0.0']) {
      const dir = join(fleet.dir, 'releases', version);
      await writeApp(dir, version);
      await succeed(fleet, 'publish', dir, '--app', 'web', '--version', version);
    }
    const first = await verified(fleet, '1.0.0');
    await act(fleet, first, 'switch', 'succeeded');

    const places: Places = [
      ['10.0.0.', '127.0.1.'],
      [':8080', `:${app}`],
      ['agent-port 7651', `agent-port ${agentCheck}`],
    ];
    const main = await fromGuide('# haproxy.cfg, agent-check', [
      ...places,
      ['bind :80', `bind 127.0.0.1:${front}`],
    ]);
    const stagingBind: Places[number] = ['bind :8081', `bind 127.0.0.1:${stagingFront}`];
    const staging = await fromGuide('# haproxy.cfg, staging', [...places, stagingBind], 'blue-green.md');
    const haproxy = await startHaproxy(`${main}\n${staging}`, front);
    const serving = (names: readonly string[]): Promise<true> =>
      eventually(async () => [...(await haproxy.serving())].sort().join() === names.join(), {
        timeoutMs: 30_000,
        what: `HAProxy to serve from ${names.join()}`,
      });
    const tried = async (): Promise<string> => (await fetch(`http://127.0.0.1:${stagingFront}/`)).text();
    await serving(blue);
    const wrk = await startWrk(haproxy.url, 'GET');

    const second = await verified(fleet, '2.0.0');
    await eventually(async () => (await tried()) === '2.0.0', { timeoutMs: 15_000 });
    expect(await (await fetch(haproxy.url)).text(), 'requests go where they went').to.equal('1.0.0');
    await succeed(fleet, 'rollout', 'switch', second);
    await serving(green);
    expect(await (await fetch(haproxy.url)).text()).to.equal('2.0.0');
    await eventually(async () => (await tried()) === '1.0.0', {
      timeoutMs: 15_000,
      what: 'blue to be staging',
    });
    await act(fleet, second, 'switch-back', 'rolledBack');
    await serving(blue);

    const { requests, failed, complaint } = await wrk.stop();
    expect(failed, complaint).to.equal(0);
    expect(requests).to.be.greaterThan(500);
  });
});

/** Deploys, and waits until the idle group has it. */
async function verified(fleet: Fleet, version: string): Promise<string> {
  await succeed(fleet, 'deploy', `web@${version}`, '--env', 'production');
  const [latest] = await fleet.json<readonly RolloutJson[]>(['rollout', 'list', '--active']);
  const id = latest?.id ?? '';
  await inStatus(fleet, id, 'waiting');
  return id;
}

async function act(fleet: Fleet, id: string, action: string, end: string): Promise<void> {
  await succeed(fleet, 'rollout', action, id);
  await inStatus(fleet, id, end);
}

const inStatus = (fleet: Fleet, id: string, wanted: string): Promise<true> =>
  eventually(
    async () => {
      const now = await fleet.json<RolloutJson>(['rollout', 'show', id]);
      if (now.status === wanted) return true;
      throw new Error(JSON.stringify(now));
    },
    { timeoutMs: 60_000, everyMs: 500, what: `${id} to be ${wanted}` },
  );
