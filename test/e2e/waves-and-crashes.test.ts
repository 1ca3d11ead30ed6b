import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import type { Fleet } from '../support/fleet.js';
import type { Sample } from '../support/load-balancer.js';
import { longestGapMs, mostOut, type Outage, outageOf } from './judge.js';
import { applyStrategy, fleetOf, publishTiny, settledOn, succeed, traffic } from './scene.js';
import type { EventJson, RolloutJson } from './shapes.js';

const maxUnavailable = 2;

const strategy = `
type: rolling
maxUnavailable: ${maxUnavailable}
stage: { require: 100% }
waves:
  - { name: pilot, canary: { total: 1 }, bake: 1s }
  - { name: zones, by: zone }
health: { minHealthyTime: 300ms, deadline: 20s }
progressDeadline: 1m
`;

/** Everything of a fleet on two cores takes its time. */
const slowly = { timeoutMs: 60_000 };

describe('a rollout over 9 servers while the coordinator and agents are killed', function () {
  this.timeout(240_000);

  it('converges wave by wave, keeps enough in service, and drops no request', async () => {
    const fleet = await fleetOf(9);
    const names = fleet.nodes.map(({ name }) => name);
    await applyStrategy(fleet, 'web', strategy);
    await publishTiny(fleet, 'web', { version: '1.0.0' });
    await publishTiny(fleet, 'web', { version: '2.0.0' });
    await succeed(fleet, 'deploy', 'web@1.0.0', '--env', 'production', '--wait', '--timeout', '1m');
    const { balancer, load } = await traffic(fleet, 'web', ['/']);
    const firstRound = balancer.samples().length - 1;

    const deploy = fleet.capstan(
      ['deploy', 'web@2.0.0', '--env', 'production', '--wait', '--timeout', '150s'],
      {
        timeoutMs: 160_000,
      },
    );
    // The pilot is back, on the new version, and somebody of the zones has just left.
    await eventually(() => load.report().versions['2.0.0'] !== undefined, slowly);
    await eventually(() => balancer.serving().size === 9, { ...slowly, everyMs: 5 });
    await eventually(() => balancer.serving().size < 9, { ...slowly, everyMs: 5 });
    await crash(fleet, balancer.serving());

    const { code, stdout, stderr } = await deploy;
    expect(code, stderr + stdout).to.equal(0);
    await settledOn(fleet, 'web', '2.0.0');
    await eventually(() => balancer.serving().size === 9, slowly);
    const report = await load.stop();
    expect(report.failed, 'failed requests').to.deep.equal([]);
    expect(report.sent).to.be.greaterThan(500);
    expect(balancer.counts().failed).to.equal(0);

    const samples = balancer.samples().slice(firstRound);
    expect(longestGapMs(samples), 'longest time without a look').to.be.lessThan(2_000);
    expect(mostOut(samples, names), 'most out of service at once').to.be.within(1, maxUnavailable);

    const [latest] = await fleet.json<readonly RolloutJson[]>(['rollout', 'list', '--app', 'web']);
    const rollout = await fleet.json<RolloutJson>(['rollout', 'show', latest?.id ?? '']);
    expect(rollout.status).to.equal('succeeded');
    expect(rollout.waves.map(({ name, nodes }) => [name, nodes.length])).to.deep.equal([
      ['pilot', 1],
      ['zones/a', 2],
      ['zones/b', 3],
      ['zones/c', 3],
    ]);
    expectNoOverlap(rollout, samples);
    await expectWaveEvents(fleet, rollout);
  });
});

/** Kills the coordinator, an agent whose server is out of service right now, and two others; and starts them again. */
async function crash(fleet: Fleet, serving: ReadonlySet<string>): Promise<void> {
  const busy = fleet.nodes.filter(({ name }) => !serving.has(name)).slice(0, 1);
  const others = fleet.nodes.filter(({ name }) => serving.has(name)).slice(-2);
  const victims = [fleet.coordinator, ...busy, ...others];
  expect(victims.length).to.equal(4);
  await Promise.all(victims.map(async (victim) => victim.kill()));
  await Promise.all(victims.map(async (victim) => victim.start()));
}

/** From the load balancer's side: nobody of a wave leaves service before everybody of the one before is back. */
function expectNoOverlap(rollout: RolloutJson, samples: readonly Sample[]): void {
  const outages = rollout.waves.map(({ name, nodes }) => {
    const names = nodes.map((node) => node.name);
    return { name, names, outage: outageOf(samples, names) };
  });
  for (const { name, names } of outages) {
    for (const node of names) expect(outageOf(samples, [node]), `${name}: ${node} was drained`).to.exist;
  }
  outages.reduce<Outage | undefined>((before, { name, outage }) => {
    // Within one round, the answers of two servers may be moments apart.
    if (before !== undefined) expect(outage?.from, `${name} began`).to.be.at.least(before.until - 1);
    return outage;
  }, undefined);
}

/** From the coordinator's side: its log has each wave begin after the one before has passed. */
async function expectWaveEvents(fleet: Fleet, rollout: RolloutJson): Promise<void> {
  const events = await fleet.json<readonly EventJson[]>(['events', '--since', '1h', '--app', 'web']);
  const told = events
    .filter((event) => event.rollout === rollout.id && /^wave\.(started|passed)$/.test(event.kind))
    .map(({ kind, message }) => `${kind} ${/"([^"]*)"/.exec(message)?.[1] ?? message}`);
  expect(told).to.deep.equal(
    rollout.waves.flatMap(({ name }) => [`wave.started ${name}`, `wave.passed ${name}`]),
  );
}
