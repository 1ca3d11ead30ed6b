import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Fleet } from '../support/fleet.js';
import { mostOut } from './judge.js';
import { applyStrategy, fleetOf, publishTiny, settledOn, succeed, traffic } from './scene.js';
import type { RolloutJson, WhyJson } from './shapes.js';

const strategy = `
type: rolling
maxUnavailable: 2
health: { minHealthyTime: 300ms, deadline: 20s }
progressDeadline: 1m
onFailure: rollback
`;

const complaint = 'there is no column "owner"';

describe('a release whose database step fails', function () {
  this.timeout(120_000);

  it('touches no server but the database; the next one mends it, files after database (spinnaker#5085)', async () => {
    const fleet = await fleetOf(3);
    const names = fleet.nodes.map(({ name }) => name);
    await applyStrategy(fleet, 'web', strategy);
    await publishTiny(fleet, 'web', { version: '1.0.0' });
    await publishStep(fleet, '2.0.0', `echo '${complaint}' >&2; exit 7`);
    await publishStep(fleet, '2.0.1', 'exit 0');
    await succeed(fleet, 'deploy', 'web@1.0.0', '--env', 'production', '--wait', '--timeout', '1m');
    const { balancer, load } = await traffic(fleet, 'web', ['/']);
    const firstRound = balancer.samples().length - 1;
    const deploy = (version: string) =>
      fleet.capstan(['deploy', `web@${version}`, '--env', 'production', '--wait', '--timeout', '1m']);

    const failed = await deploy('2.0.0');
    expect(failed.code, failed.stderr + failed.stdout).to.equal(1);
    await settledOn(fleet, 'web', '1.0.0');
    expect(await ran(fleet)).to.match(/^2\.0\.0 beside 1\.0\.0 1\.0\.0 1\.0\.0$/);
    expect(mostOut(balancer.samples().slice(firstRound), names), 'servers out of service').to.equal(0);
    expect(Object.keys(load.report().versions), 'who answered').to.deep.equal(['1.0.0']);

    const [latest] = await fleet.json<readonly RolloutJson[]>(['rollout', 'list', '--app', 'web']);
    const rollout = await fleet.json<RolloutJson>(['rollout', 'show', latest?.id ?? '']);
    expect(rollout).to.include({ status: 'failed', from: '1.0.0', to: '2.0.0' });
    expect(rollout.reason).to.contain('has begun and cannot be reversed, so every node holds what it has');
    const blamed = rollout.waves.flatMap(({ nodes }) => nodes).filter(({ logTail }) => logTail !== undefined);
    expect(blamed.map(({ logTail }) => logTail?.trim())).to.deep.equal([complaint]);
    const why = await fleet.json<WhyJson>(['why', rollout.id]);
    expect(why.answer)
      .to.contain(blamed[0]?.name ?? '?')
      .and.to.contain('exit code 7');
    expect(why.logTail).to.contain(complaint);
    const back = await fleet.capstan(['rollback', 'web', '--env', 'production']);
    expect(back, 'nothing goes back past it').to.include({ code: 4 });

    const mended = await deploy('2.0.1');
    expect(mended.code, mended.stderr + mended.stdout).to.equal(0);
    await settledOn(fleet, 'web', '2.0.1');
    expect(await ran(fleet)).to.match(/^2\.0\.0 .*\n2\.0\.1 beside 1\.0\.0 1\.0\.0 1\.0\.0$/);
    const report = await load.stop();
    expect(report.failed, 'failed requests').to.deep.equal([]);
    expect(report.versions['2.0.1']).to.be.greaterThan(0);
  });
});

/** A release whose database step notes what is live on each server while it runs, and then does as `script` says. */
async function publishStep(fleet: Fleet, version: string, script: string): Promise<void> {
  const migrate = `#!/bin/sh
live=$(for link in ${fleet.dir}/nodes/*/srv/web/current; do basename "$(readlink "$link")" | cut -d- -f1; done | tr '\\n' ' ')
echo "$CAPSTAN_RELEASE beside $live" >> ${fleet.dir}/ran
${script}
`;
  await publishTiny(fleet, 'web', {
    version,
    more: 'database: { run: [bin/migrate], timeout: 20s, reversible: false }\n',
    programs: { 'bin/migrate': migrate },
  });
}

const ran = async (fleet: Fleet): Promise<string> =>
  (await readFile(join(fleet.dir, 'ran'), 'utf8')).trimEnd();
