import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import type { Fleet } from '../support/fleet.js';
import { tempDir } from '../support/temp-dir.js';
import { fleetOf, publishTiny, settledOn, succeed } from './scene.js';
import type { RolloutJson } from './shapes.js';

const minute = 60_000;

/** One environment of all nodes, and another one of none; `more` are keys of the first. */
async function apply(fleet: Fleet, more = '', maxUnavailable = '1'): Promise<void> {
  const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: role=web
${more}      strategy:
        maxUnavailable: ${maxUnavailable}
        health: { minHealthyTime: 1s, deadline: 4s }
        budget: { failed: 50% }
    - { name: staging, selector: role=test }
`;
  const file = join(await tempDir(), 'web.yml');
  await writeFile(file, spec);
  await succeed(fleet, 'apply', '-f', file);
}

/** A window that opened in this minute and closes so long from now. */
function closingIn(ms: number): string {
  const now = Date.now();
  const opened = new Date(Math.floor(now / minute) * minute);
  const lasts = now + ms - opened.getTime();
  return `      maintenance: { windows: [{ from: "${opened.toISOString().slice(11, 16)}", for: ${Math.ceil(lasts / 1000)}s }] }\n`;
}

const deploy = (fleet: Fleet, version: string, env = 'production') =>
  fleet.capstan(['deploy', `web@${version}`, '--env', env, '--allow-empty', '--wait', '--timeout', '1m']);

describe('an environment that is closed', function () {
  this.timeout(180_000);

  it('is refused while it is frozen, waits when its window closes midway, and never gets what is poisoned', async () => {
    const fleet = await fleetOf(2, { coordinatorArgs: ['--poison-after', '2'] });
    await apply(fleet);
    await publishTiny(fleet, 'web', { version: '1.0.0' });
    await publishTiny(fleet, 'web', { version: '2.0.0' });
    await publishTiny(fleet, 'web', { version: '3.0.0', health: 500 });

    await succeed(fleet, 'env', 'freeze', 'web/production', '--reason', 'the sale');
    const frozen = await deploy(fleet, '1.0.0');
    expect(frozen.code).to.equal(4);
    expect(frozen.stderr).to.match(/web\/production is frozen by .*: the sale/);
    await succeed(fleet, 'env', 'thaw', 'web/production', '--reason', 'it is over');
    expect((await deploy(fleet, '1.0.0')).code).to.equal(0);

    // Less than two nodes take, one after the other.
    await apply(fleet, closingIn(2500));
    const started = await fleet.json<{ rollout: RolloutJson }>([
      'deploy',
      'web@2.0.0',
      '--env',
      'production',
    ]);
    const { id } = started.rollout;
    const show = () => fleet.json<RolloutJson>(['rollout', 'show', id]);
    await eventually(async () => (await show()).status === 'waiting', {
      timeoutMs: 20_000,
      what: 'the window to close',
    });
    expect(await succeed(fleet, 'why', id)).to.contain('it waits for its maintenance window, which opens at');
    await apply(fleet);
    await settledOn(fleet, 'web', '2.0.0');
    expect((await show()).status).to.equal('succeeded');

    await apply(fleet, '', '100%');
    expect((await deploy(fleet, '3.0.0')).code).to.equal(1);
    await settledOn(fleet, 'web', '2.0.0');
    const poisoned = await deploy(fleet, '3.0.0', 'staging');
    expect(poisoned.code, poisoned.stderr).to.equal(4);
    expect(poisoned.stderr).to.contain('is poisoned since');
    const [record] = await fleet.json<readonly { digest: string }[]>(['poison', 'list']);
    await succeed(fleet, 'poison', 'forgive', record?.digest ?? '', '--reason', 'the probe was wrong');
    expect((await deploy(fleet, '3.0.0', 'staging')).code).to.equal(0);
  });
});
