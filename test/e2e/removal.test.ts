import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import type { FleetNode } from '../support/fleet.js';
import { applyStrategy, fleetOf, publishTiny, settledOn, succeed } from './scene.js';

const serves = async ({ host, port }: FleetNode): Promise<boolean> =>
  fetch(`http://${host}:${port}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );

describe('an application that is removed', function () {
  this.timeout(120_000);

  it('is stopped on its node and taken off it, stays away when the agent starts again, and may come back', async () => {
    const fleet = await fleetOf(1);
    const strategy = 'health: { minHealthyTime: 0s, deadline: 10s }\n';
    const deployed = async (): Promise<void> => {
      await applyStrategy(fleet, 'web', strategy);
      await publishTiny(fleet, 'web', { version: '1.0.0' });
      await succeed(fleet, 'deploy', 'web@1.0.0', '--env', 'production', '--wait', '--timeout', '1m');
    };
    await deployed();
    const refused = await fleet.ask(['app', 'remove', 'web', '--reason', 'sold']);
    expect(refused.code).to.equal(4);
    expect(await Promise.all(fleet.nodes.map(serves))).to.deep.equal([true]);

    await succeed(fleet, 'app', 'remove', 'web', '--stop', '--reason', 'sold');
    await eventually(async () => (await fleet.json<readonly unknown[]>(['app', 'list'])).length === 0, {
      what: 'web to be forgotten',
    });
    expect(await Promise.all(fleet.nodes.map(serves))).to.deep.equal([false]);
    const [node] = fleet.nodes as readonly [FleetNode];
    await node.kill();
    await node.start();
    await eventually(async () => (await readdir(join(node.root, 'web', 'releases'))).length === 0, {
      what: 'its releases to go',
    });
    expect(await readdir(join(node.root, 'web'))).to.not.include.oneOf(['current', 'previous']);
    expect(await serves(node)).to.equal(false);

    await deployed();
    await settledOn(fleet, 'web', '1.0.0');
    expect(await Promise.all(fleet.nodes.map(serves))).to.deep.equal([true]);
  });
});
