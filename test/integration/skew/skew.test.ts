import { mkdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { ownProtocol, requireNear } from '../../../shared/core/skew.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { eventually } from '../../support/eventually.js';
import { type Program, startProgram } from '../../support/processes.js';
import { publish } from '../../support/releases.js';
import { tempDir } from '../../support/temp-dir.js';
import { rollingSpec, startCoordinator } from '../coordinator/coordinator.js';
import { firstProtocol, nextProtocol, OtherCaller, OtherCoordinator } from './peer.js';

const session = { instance: 'i1', session: 's1' };
const claims = { 'capstan-node': 'web-1', 'capstan-labels': 'env=production' };

interface Given {
  readonly app: string;
  readonly generation: number;
  readonly release: { readonly version: string; readonly digest: string };
}

const assignmentsIn = (answer: Readonly<Record<string, unknown>>): readonly Given[] =>
  (answer['desired'] as { readonly assignments?: readonly Given[] } | undefined)?.assignments ?? [];

describe('versions one minor apart', function () {
  this.timeout(60_000);

  for (const [whose, protocol, said] of [
    ['of the version before', firstProtocol, {}],
    ['of the version after', nextProtocol, { 'capstan-protocol': String(ownProtocol + 1) }],
  ] as const) {
    it(`let a coordinator serve agents and commands ${whose}`, async () => {
      const site = await startCoordinator();
      await site.apply(rollingSpec);
      await site.publish('1');
      const agent = new OtherCaller(protocol(), site.agentAddress, { ...claims, ...said });
      const news = { news: 'hooray' }; // which only the newer protocol has a field for
      const report = (sequence: number, apps: readonly object[]) => {
        const status = { apps, agentVersion: 'other', ...news };
        return agent.call('AgentService', 'Report', { session: 's1', sequence, status, ...news });
      };
      const poll = (revisionSeen: number, reportSequence: number) =>
        agent.call('AgentService', 'Poll', { ...session, revisionSeen, reportSequence, ...news });
      expect(await poll(0, 0)).to.include({ reportWanted: true });
      await report(1, []);
      const { rollout } = await site.client.call('Deploy', { app: 'web', env: 'production', version: '1' });
      let given: Given | undefined;
      await eventually(async () => {
        [given] = assignmentsIn(await poll(0, 1));
        return given !== undefined;
      });
      if (given === undefined) throw new Error('nothing was assigned');
      const { version, digest } = given.release;
      const own = { app: 'web', generation: given.generation, current: { version, digest }, ready: true };
      if (said['capstan-protocol'] !== undefined) {
        // Words that this version does not have.
        const failure = { step: 'rehearse', reason: 'no audience' };
        const drift = { total: 1, paths: [{ path: 'a', kind: 'renamed', ...news }] };
        const odd = { phase: 'NODE_PHASE_WARMING', health: 'HEALTH_RECOVERING', failure, drift, ...news };
        await report(2, [{ ...own, ...odd }]);
        const { nodes } = await site.client.call('ListNodes', {});
        const [app] = nodes[0]?.apps ?? [];
        expect(app).to.include({ phase: 'NODE_PHASE_IDLE', health: 'HEALTH_UNKNOWN' });
        const id = rollout?.id ?? '';
        expect((await site.client.call('GetRollout', { id })).status).to.equal('running');
      }
      await report(3, [{ ...own, phase: 'NODE_PHASE_HEALTHY', health: 'HEALTH_HEALTHY' }]);
      const commands = new OtherCaller(protocol(), addressOf(site.args, '--operator-listen'), {
        'capstan-actor': 'ann',
        ...said,
      });
      const asked = { id: rollout?.id ?? '' };
      await eventually(
        async () => (await commands.call('OperatorService', 'GetRollout', asked))['status'] === 'succeeded',
      );
      const { nodes } = await commands.call('OperatorService', 'ListNodes', {});
      expect(nodes).to.have.nested.property('[0].name', 'web-1');
    });
  }

  it('are the most: agents and commands of a version beyond are refused, with what to do', async () => {
    const site = await startCoordinator();
    const far = String(ownProtocol + 2);
    const agent = new OtherCaller(nextProtocol(), site.agentAddress, { ...claims, 'capstan-protocol': far });
    const refused = await agent
      .call('AgentService', 'Poll', session)
      .catch((error: unknown) => String(error));
    expect(refused).to.contain(
      `This agent speaks protocol ${far} and the coordinator protocol ${ownProtocol}`,
    );
    const commands = new OtherCaller(nextProtocol(), addressOf(site.args, '--operator-listen'), {
      'capstan-protocol': far,
    });
    const told = await commands
      .call('OperatorService', 'ListNodes', {})
      .catch((error: unknown) => String(error));
    expect(told).to.contain(`This command line speaks protocol ${far}`);
    expect((await site.client.call('ListNodes', {})).nodes).to.deep.equal([]);
  });

  it('are told by the number of their protocol, and who has to be upgraded is named', () => {
    const hintOf = (said: string | undefined, own: number): string => {
      try {
        requireNear(said, 'agent', own);
      } catch (error) {
        return error instanceof CapstanError
          ? `${error.code}: ${error.hint ?? error.message}`
          : String(error);
      }
      return '';
    };
    for (const [said, own] of [
      ['1', 1],
      ['2', 1],
      ['1', 2],
      [undefined, 1],
      [undefined, 2],
      ['8', 7],
    ] as const)
      expect(hintOf(said, own), `${said ?? 'nothing'} to ${own}`).to.equal('');
    expect(hintOf('3', 1)).to.equal(
      'refused: Upgrade the coordinator first, one minor version after the other.',
    );
    for (const said of ['1', undefined])
      expect(hintOf(said, 3)).to.equal(
        'refused: Upgrade the agent to a version next to that of the coordinator.',
      );
    for (const said of ['0', '-1', 'x', '', '1.5', '9'.repeat(30)])
      expect(hintOf(said, 1)).to.match(/^invalid/);
  });
});

describe('an agent with a coordinator one minor version apart', function () {
  this.timeout(60_000);

  const started = async (
    coordinator: OtherCoordinator,
  ): Promise<{ readonly dir: string; readonly agent: Program }> => {
    const dir = await tempDir();
    const agent = startProgram('capstan-agent', argsOf(coordinator, dir));
    await agent.waitFor('listening');
    return { dir, agent };
  };
  const released = async (dir: string): Promise<ReleaseRef> => {
    await mkdir(join(dir, 'tree'));
    await writeFile(join(dir, 'tree', 'index.html'), 'static');
    return publish(join(dir, 'tree'), directoryStore(join(dir, 'store')), '1');
  };
  const wanted = (
    { layout, deltas: _, ...ref }: ReleaseRef,
    generation: number,
    intent: string,
    app = 'web',
  ) => ({
    ...{ app, env: 'test', generation, intent, configRevision: '0a0b0c0d', news: 'later' },
    release: { ...ref, layoutDigest: layout.digest, layoutSize: layout.size },
    activation: { healthDeadlineMs: 5000 },
  });
  const phaseOf = ({ reports }: OtherCoordinator, app: string): unknown => {
    const status = reports.at(-1)?.['status'] as
      | { readonly apps: readonly Readonly<Record<string, unknown>>[] }
      | undefined;
    return status?.apps.find((one) => one['app'] === app);
  };

  for (const [whose, protocol] of [
    ['before', firstProtocol],
    ['after', nextProtocol],
  ] as const) {
    it(`does what it says, of the version ${whose}`, async () => {
      const coordinator = new OtherCoordinator();
      await coordinator.start(protocol());
      const { dir } = await started(coordinator);
      const ref = await released(dir);
      const stores = [`file:${join(dir, 'store')}`];
      coordinator.want({ revision: 1, assignments: [wanted(ref, 1, 'INTENT_ACTIVATE')], stores, news: 'x' });
      await eventually(() => {
        expect(phaseOf(coordinator, 'web')).to.include({ phase: 'NODE_PHASE_HEALTHY', generation: 1 });
        return true;
      });
      expect(await readlink(join(dir, 'srv', 'web', 'current'))).to.contain('releases/1-');
    });
  }

  it('leaves an application as it is of which it does not understand what is wanted, and says so', async () => {
    const coordinator = new OtherCoordinator();
    await coordinator.start(nextProtocol());
    const { dir, agent } = await started(coordinator);
    const ref = await released(dir);
    const stores = [`file:${join(dir, 'store')}`];
    coordinator.want({ revision: 1, assignments: [wanted(ref, 1, 'INTENT_ACTIVATE')], stores });
    await eventually(
      () => (phaseOf(coordinator, 'web') as { phase?: string } | undefined)?.phase === 'NODE_PHASE_HEALTHY',
    );
    const odd = wanted(ref, 2, 'INTENT_REHEARSE');
    coordinator.want({ revision: 3, assignments: [odd, wanted(ref, 3, 'INTENT_ACTIVATE', 'shop')], stores });
    expect(await agent.waitFor('desired.notUnderstood')).to.deep.include({ apps: ['web'] });
    await eventually(() => {
      expect(phaseOf(coordinator, 'shop')).to.include({ phase: 'NODE_PHASE_HEALTHY' });
      expect(phaseOf(coordinator, 'web')).to.include({ phase: 'NODE_PHASE_HEALTHY', generation: 1 });
      expect(phaseOf(coordinator, 'web')).to.have.property('note').that.contains('does not know');
      return true;
    });
    // Whoever is started again asks for it again: it may be of a version by then that understands.
    await agent.stop();
    const { length } = coordinator.polls;
    startProgram('capstan-agent', argsOf(coordinator, dir));
    await eventually(() => coordinator.polls.length > length);
    expect(coordinator.polls[length]).to.include({ revisionSeen: 0 });
  });
});

const argsOf = (coordinator: OtherCoordinator, dir: string): readonly string[] => [
  ...['--insecure-loopback', '--allow-unsigned', '--name', 'n1', '--coordinator', coordinator.address],
  ...['--state-dir', join(dir, 'state'), '--root', join(dir, 'srv'), '--conf-dir', join(dir, 'conf.d')],
  ...['--listen', '127.0.0.1:0', '--reserve-mb', '0'],
];

function addressOf(args: readonly string[], flag: string): string {
  return args[args.indexOf(flag) + 1] ?? '';
}
