import { expect } from 'chai';
import { cleanUp } from '../support/cleanup.js';
import { eventually } from '../support/eventually.js';
import type { Fleet, FleetNode } from '../support/fleet.js';
import { type LoadBalancer, startLoadBalancer } from '../support/load-balancer.js';
import { startLoad } from '../support/load-client.js';
import { applyStrategy, fleetOf, publishTiny, succeed } from './scene.js';
import type { RolloutJson, StatusJson } from './shapes.js';

const strategy = `
type: parallel
parallel: { overlap: 700ms }
health: { minHealthyTime: 200ms, deadline: 6s }
progressDeadline: 30s
`;

describe('blue and green on four servers under load', function () {
  this.timeout(120_000);

  let fleet: Fleet;

  before(async () => {
    fleet = await fleetOf(4);
    await Promise.all(
      fleet.nodes.map(({ name }, at) =>
        succeed(fleet, 'node', 'label', name, `slot=${at < 2 ? 'blue' : 'green'}`),
      ),
    );
    await applyStrategy(fleet, 'web', strategy);
    for (const version of ['1.0.0', '2.0.0']) await publishTiny(fleet, 'web', { version });
    await publishTiny(fleet, 'web', { version: '3.0.0', health: 500 });
  });

  it('switches to the group that was verified, and back, without a failed request', async () => {
    const first = await deploy('1.0.0');
    await act('switch', first, 'succeeded');
    const balancer = await startLoadBalancer({ backends: fleet.backends('web', '/healthz'), everyMs: 50 });
    cleanUp(() => balancer.close());
    await onlyServing(balancer, 'blue');
    const load = startLoad({ url: balancer.url, paths: ['/'], workers: 4, pauseMs: 10 });
    cleanUp(() => load.stop().then(() => undefined));

    const second = await deploy('2.0.0');
    expect(
      await Promise.all(nodesOf('green').map((node) => asked(node, 'staging'))),
      'green is there to be tried',
    ).to.deep.equal([200, 200]);
    expect(await Promise.all(nodesOf('blue').map((node) => asked(node, 'staging')))).to.deep.equal([
      503, 503,
    ]);
    expect(Object.keys(load.report().versions), 'nobody else is sent there').to.deep.equal(['1.0.0']);
    const why = await fleet.json<{ answer: string; hint: string }>(['why', second]);
    expect(why.answer).to.equal('it waits for the switch of the requests to slot=green');

    await succeed(fleet, 'rollout', 'switch', second, '--reason', 'it was tried');
    await onlyServing(balancer, 'green');
    expect(await rollout(second)).to.deep.include({ status: 'waiting' });
    expect((await rollout(second)).slots).to.include({ active: 'green', step: 'kept' });
    expect((await status()).activeSlot).to.equal('green');
    const switched = load.report().versions['2.0.0'] ?? 0;
    await eventually(() => (load.report().versions['2.0.0'] ?? 0) > switched + 20);

    await act('switch-back', second, 'rolledBack');
    await onlyServing(balancer, 'blue');
    expect((await status()).activeSlot).to.equal('blue');
    expect((await status()).version).to.equal('1.0.0');
    const back = load.report().versions['1.0.0'] ?? 0;
    await eventually(() => (load.report().versions['1.0.0'] ?? 0) > back + 20);

    const report = await load.stop();
    expect(report.failed, 'failed requests').to.deep.equal([]);
    expect(report.sent).to.be.greaterThan(300);
    expect(balancer.counts().failed).to.equal(0);
  });

  it('touches nobody who takes requests when the new release fails, and refuses to switch to it', async () => {
    const { code, stderr } = await fleet.capstan(
      ['deploy', 'web@3.0.0', '--env', 'production', '--wait', '--timeout', '40s'],
      { timeoutMs: 60_000 },
    );
    expect(code, stderr).to.equal(1);
    const [latest] = await fleet.json<readonly RolloutJson[]>(['rollout', 'list', '--app', 'web']);
    expect(latest?.status).to.equal('failed');
    expect(latest?.reason).to.match(/slot=blue takes the requests as before/);
    expect((await fleet.capstan(['rollout', 'switch', latest?.id ?? ''])).code).to.equal(4);
    expect((await status()).versions).to.include({ '2.0.0': 2, '1.0.0': 2 });
    const ready = await Promise.all(fleet.nodes.map((node) => asked(node, 'ready')));
    expect(ready).to.deep.equal([200, 200, 503, 503]);
  });

  const nodesOf = (slot: 'blue' | 'green'): readonly FleetNode[] =>
    slot === 'blue' ? fleet.nodes.slice(0, 2) : fleet.nodes.slice(2);
  const names = (slot: 'blue' | 'green'): Set<string> => new Set(nodesOf(slot).map(({ name }) => name));
  const rollout = (id: string): Promise<RolloutJson> => fleet.json<RolloutJson>(['rollout', 'show', id]);
  const asked = ({ agentUrl }: FleetNode, what: 'ready' | 'staging'): Promise<number> =>
    fetch(`${agentUrl}/${what}/web`).then(({ status: answer }) => answer);

  async function status(): Promise<StatusJson> {
    const [found] = await fleet.json<readonly StatusJson[]>(['status', 'web']);
    if (found === undefined) throw new Error('no environment');
    return found;
  }

  /** Deploys, and waits until the idle group is verified. */
  async function deploy(version: string): Promise<string> {
    await succeed(fleet, 'deploy', `web@${version}`, '--env', 'production');
    const [latest] = await fleet.json<readonly RolloutJson[]>(['rollout', 'list', '--active']);
    const id = latest?.id ?? '';
    await inStatus(id, 'waiting');
    return id;
  }

  async function act(action: string, id: string, end: string): Promise<void> {
    await succeed(fleet, 'rollout', action, id);
    await inStatus(id, end);
  }

  const inStatus = (id: string, wanted: string): Promise<true> =>
    eventually(
      async () => {
        const now = await rollout(id);
        if (now.status === wanted) return true;
        throw new Error(JSON.stringify(now));
      },
      { timeoutMs: 20_000, everyMs: 400, what: `${id} to be ${wanted}` },
    );

  const onlyServing = (balancer: LoadBalancer, slot: 'blue' | 'green'): Promise<true> =>
    eventually(() => [...balancer.serving()].sort().join() === [...names(slot)].sort().join(), {
      timeoutMs: 20_000,
      what: `the requests to go to ${slot}`,
    });
});
