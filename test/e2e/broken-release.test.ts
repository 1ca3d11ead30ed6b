import { join } from 'node:path';
import { expect } from 'chai';
import type { Fleet } from '../support/fleet.js';
import { assembleRelease, type RealVersion, realComplaint, realPaths } from '../support/real-app.js';
import { applyStrategy, fleetOf, pilotThenRest, settledOn, succeed, traffic } from './scene.js';
import type { NodeJson, RolloutJson, WhyJson } from './shapes.js';

const strategy = pilotThenRest(`health: { minHealthyTime: 500ms, deadline: 10s }
progressDeadline: 1m
onFailure: rollback
`);

/** Health deadline, turn-back and report, with room for a slow machine. Milliseconds. */
const deadlineMs = 60_000;

describe('a release of a real application that never becomes healthy', function () {
  this.timeout(300_000);

  it('is stopped at the pilot and undone, with the reason at hand and no request dropped', async () => {
    const fleet = await fleetOf(2);
    await applyStrategy(fleet, 'web', strategy);
    await publish(fleet, '2.0.0');
    await publish(fleet, '3.0.0');
    await succeed(fleet, 'deploy', 'web@2.0.0', '--env', 'production', '--wait', '--timeout', '2m');
    const { balancer, load } = await traffic(fleet, 'web', realPaths);

    const started = performance.now();
    const deploy = await fleet.capstan(
      ['deploy', 'web@3.0.0', '--env', 'production', '--wait', '--timeout', '2m'],
      { timeoutMs: 130_000 },
    );
    expect(deploy.code, deploy.stderr + deploy.stdout).to.equal(1);
    await settledOn(fleet, 'web', '2.0.0');
    expect(performance.now() - started, 'back on the old release').to.be.lessThan(deadlineMs);

    const report = await load.stop();
    expect(report.failed, 'failed requests').to.deep.equal([]);
    expect(Object.keys(report.versions), 'who answered').to.deep.equal(['2.0.0']);
    expect(balancer.serving().size).to.equal(2);

    const [latest] = await fleet.json<readonly RolloutJson[]>(['rollout', 'list', '--app', 'web']);
    const id = latest?.id ?? '';
    const rollout = await fleet.json<RolloutJson>(['rollout', 'show', id]);
    expect(rollout).to.include({ status: 'rolledBack', from: '2.0.0', to: '3.0.0' });
    const [pilot, ...rest] = rollout.waves.flatMap(({ nodes }) => nodes);
    expect(pilot?.logTail).to.contain(realComplaint);
    expect(pilot?.reason).to.match(/health/i);
    expect(rest.map(({ logTail }) => logTail)).to.deep.equal([undefined]);
    const shown = await succeed(fleet, 'rollout', 'show', id);
    expect(shown).to.contain(realComplaint);

    const why = await fleet.json<WhyJson>(['why', id]);
    expect(why.answer).to.contain(pilot?.name ?? '?');
    expect(why.logTail).to.contain(realComplaint);

    const nodes = await fleet.json<readonly NodeJson[]>(['node', 'list']);
    expect(nodes.map(({ apps }) => apps.map(({ version, health }) => [version, health]))).to.deep.equal(
      Array.from({ length: 2 }, () => [['2.0.0', 'healthy']]),
    );
  });
});

async function publish(fleet: Fleet, version: RealVersion): Promise<void> {
  const { dir } = await assembleRelease(version, join(fleet.dir, 'releases', version));
  await succeed(fleet, 'publish', dir, '--app', 'web', '--version', version);
}
