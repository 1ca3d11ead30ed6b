import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { VerifyEventsProgress } from '../../../shared/wire/operator-client.js';
import { eventually } from '../../support/eventually.js';
import { rollingSpec, startCoordinator, type TestCoordinator } from '../coordinator/coordinator.js';
import { FakeAgent, type Outcome } from '../coordinator/fake-agent.js';
import { backup, moveData, restored, restoredAt, taken } from './site.js';

const labels = { env: 'production' };

describe('a coordinator that is restored from a backup', function () {
  this.timeout(60_000);

  let site: TestCoordinator;
  let agents: readonly FakeAgent[];
  beforeEach(async () => {
    site = await startCoordinator(['--start-grace', '0s']);
    await site.apply(rollingSpec);
    agents = ['web-1', 'web-2'].map((name) => new FakeAgent({ name, labels, address: site.agentAddress }));
    await site.publish('1');
    await eventually(async () => (await site.client.call('ListNodes', {})).nodes.length === 2);
  });

  const deploy = async (version: string): Promise<string> => {
    const { rollout } = await site.client.call('Deploy', { app: 'web', env: 'production', version });
    return rollout?.id ?? '';
  };
  const settled = (id: string, status: string): Promise<unknown> =>
    eventually(async () => (await site.client.call('GetRollout', { id })).status === status, {
      what: `${id} to be ${status}`,
    });
  const behave = (outcome: Outcome): void => {
    for (const agent of agents) agent.behave(() => outcome);
  };
  const runs = (): readonly (string | undefined)[] =>
    agents.map((agent) => agent.status('web')?.current?.version);
  const environment = async () => {
    const { environments } = await site.client.call('Status', {});
    const [found] = environments;
    if (found === undefined) throw new Error('there is no environment');
    return found;
  };
  const why = (subject: string) => site.client.call('Why', { subject });

  it('holds everything, says what nodes run that it does not know, and moves nothing before it is told to (nomad#14200)', async () => {
    await settled(await deploy('1'), 'succeeded');
    await site.publish('2');
    behave(undefined); // the first wave gets stuck in its checks
    const stuck = await deploy('2');
    await eventually(() => agents.some((agent) => agent.status('web')?.phase === 'checking'));
    const { file, lastEvent } = await taken(site.args, join(site.dir, 'backup.tar.gz'));
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(lastEvent.position).to.be.greaterThan(0);
    const again = await backup(site.args, '--to', file);
    expect(again.code).to.equal(4);
    expect(again.stderr).to.contain('--force');

    await site.publish('3');
    behave('healthy');
    await settled(await deploy('3'), 'succeeded');
    expect(runs()).to.deep.equal(['3', '3']);
    const generations = agents.map((agent) => agent.assignment?.generation ?? 0);
    await site.kill();
    await moveData(site);
    const { epoch, nodes } = await restored(file, site.args);
    expect(nodes).to.equal(2);
    await site.start();
    await eventually(() => agents.every((agent) => agent.told.at(-1)?.epoch === epoch), {
      what: 'the epoch',
    });

    await settled(stuck, 'aborted');
    expect((await why('web/production')).answer).to.match(
      /web is frozen by restore: the coordinator was restored/,
    );
    await eventually(
      async () =>
        (await environment()).problems.some((one) =>
          one.includes('runs 3 by what it was told after the backup'),
        ),
      { what: 'the status to say what is not known' },
    );
    expect((await why('web-1')).answer).to.contain('web-1 holds what it has of web: web on web-1 runs 3');
    expect(runs()).to.deep.equal(['3', '3']);
    let chain: VerifyEventsProgress | undefined;
    for await (const progress of site.client.stream('VerifyEvents', {}, { deadlineMs: 10_000 }))
      chain = progress;
    expect(chain).to.include({ brokenAt: '0', isEnd: true });

    await site.client.call('UnlockEnvironment', {
      app: 'web',
      kind: 'freeze',
      force: true,
      reason: 'looked at',
    });
    expect((await why('web/production')).answer).to.contain('nothing was deployed there since');
    expect(runs(), 'after the thaw').to.deep.equal(['3', '3']);
    await settled(await deploy('1'), 'succeeded');
    expect(runs()).to.deep.equal(['1', '1']);
    for (const [at, agent] of agents.entries())
      expect(agent.assignment?.generation).to.be.greaterThan(generations[at] ?? 0);
    expect((await why('web/production')).answer).to.contain('Nothing holds web/production up');
  });

  it('is seen to be another one than what was restored in the same second, and stands down where nodes keep to that', async () => {
    await settled(await deploy('1'), 'succeeded');
    const { file } = await taken(site.args, join(site.dir, 'backup.tar.gz'));
    await site.kill();
    await moveData(site);
    const now = Date.now();
    const twin = join(site.dir, 'twin');
    const { epoch } = await restoredAt(now, file, [...site.args, '--data-dir', twin]);
    expect((await restoredAt(now, file, site.args)).epoch).to.equal(epoch);
    await site.start();
    const told = () => agents.map((agent) => agent.told.at(-1));
    await eventually(() => told().every((one) => one?.epoch === epoch));
    await eventually(() => agents.every((agent) => agent.idle));
    const before = told();
    await site.kill();
    await rename(site.dataDir, join(site.dir, 'first'));
    await rename(twin, site.dataDir);
    await site.start();
    const said = await site.program().waitFor('epoch.outranked');
    expect(said['message']).to.contain('another coordinator of the epoch of');
    expect(said['hint']).to.contain(`restore it with --after ${epoch}`);
    expect(told()).to.deep.equal(before);
  });
});
