import { expect } from 'chai';
import type { PoisonRecord } from '../../../coordinator/core/poison.js';
import type { BuildRecord } from '../../../coordinator/core/promotion/types.js';
import type { RolloutNode } from '../../../coordinator/core/rollout/types/node.js';
import type { RolloutHeader } from '../../../coordinator/core/rollout/types/rollout.js';
import { beginEpoch } from '../../../coordinator/io/backup/begin-epoch.js';
import { openStateStore } from '../../../coordinator/io/db/open.js';
import type {
  AssignmentRecord,
  EventQuery,
  NewEvent,
  NodeRecord,
  RolloutRecord,
} from '../../../coordinator/ports/state-store.js';
import { firstGeneration } from '../../../shared/core/epoch.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type {
  AppName,
  ConsumerName,
  Digest,
  EnvName,
  NodeName,
  ReleaseVersion,
  RolloutId,
} from '../../../shared/model/ids.js';
import type { Lock } from '../../../shared/model/lock.js';
import type { Release } from '../../../shared/model/release.js';
import { databases, openForTest, postgresOfRun } from './databases.js';

const app = 'web' as AppName;
const env = 'production' as EnvName;
const digest = `sha256:${'a'.repeat(64)}` as Digest;

const node = (name: string): NodeRecord => ({
  name: name as NodeName,
  labels: { zone: 'a' },
  operatorLabels: {},
  instance: 'i1',
  address: '127.0.0.1:1',
  status: undefined,
  decommissioned: false,
  firstSeenAt: 1_700_000_000_000,
  lastSeenAt: 1_700_000_000_001,
});

const assignment = (name: string, generation: number): AssignmentRecord => ({
  node: name as NodeName,
  app,
  env,
  generation,
  intent: 'activate',
  version: '1.0.0' as ReleaseVersion,
  digest,
  configRevision: 'c0ffee00',
  liveConfigRevision: '',
  drain: true,
  restart: false,
  minHealthyTimeMs: 1000,
  healthDeadlineMs: 2000,
  fetchBytesPerSecond: 0,
  rollout: 'r-1' as RolloutId,
  state: 'open',
});

const release = (version: string, publishedAt: number): Release => ({
  app,
  version: version as ReleaseVersion,
  digest,
  manifestSize: 1,
  layout: { digest, size: 2 },
  contentSize: 2 ** 40,
  fileCount: 4,
  packSize: 5,
  deltas: [],
  publishedAt,
  publishedBy: 'it "is" me; drop table',
});

const build: BuildRecord = {
  ...{ app, digest },
  checks: [{ name: 'smoke', passed: true, by: 'ci', at: 1_700_000_000_000, reason: 'it\'s "ok"' }],
  approvals: [{ env, by: 'ann', at: 1_700_000_000_001, reason: '' }],
  promotions: [],
};

const rollout = (id: string, createdAt: number, endedAt?: number): RolloutRecord => ({
  header: { id: id as RolloutId, app, env, status: 'running', reason: "it's ok" } as RolloutHeader,
  createdAt,
  endedAt,
  supersededBy: undefined,
});

const rolloutNode = (name: string, phase: RolloutNode['phase']): RolloutNode =>
  ({ name: name as NodeName, phase }) as RolloutNode;

const event = (message: string, fields: Partial<NewEvent> = {}): NewEvent => ({
  time: 1_700_000_000_000,
  kind: 'test.event',
  actor: 'me',
  app: '',
  env: '',
  node: '',
  rollout: '',
  message,
  reason: '',
  ...fields,
});

for (const database of databases) {
  describe(`the state store on ${database.name}`, () => {
    before(async function () {
      this.timeout(120_000);
      if (database.name === 'PostgreSQL') await postgresOfRun();
    });

    it('is empty at first', async () => {
      const store = await openForTest(await database.create());
      const snapshot = await store.load();
      expect(snapshot.meta).to.deep.equal({ nextGeneration: 1, upTimeMs: 0 });
      expect(snapshot.nodes).to.deep.equal([]);
      expect(await store.lastEventPosition()).to.equal(0);
      expect(await store.answerTo('none')).to.equal(undefined);
      expect(await store.rollout('r-none' as RolloutId)).to.equal(undefined);
    });

    it('gives back what was committed, after it was closed and opened again', async () => {
      const url = await database.create();
      const first = await openStateStore(url);
      await first.commit({
        applications: [{ name: app, text: 'kind: Application\n' }],
        releases: [release('1.10.0', 2), release('1.9.0', 1)],
        builds: [build],
        nodes: [node('n1'), node('n2')],
        assignments: [assignment('n1', 7)],
        configs: [{ revision: 'c0ffee00', config: { LOG_LEVEL: 'warn' } }],
        rollouts: [rollout('r-1', 5)],
        rolloutNodes: [{ rollout: 'r-1' as RolloutId, node: rolloutNode('n1', 'pending') }],
        answers: [{ key: 'k', method: 'Deploy', request: 'f', answer: '{}', time: 9 }],
        meta: { nextGeneration: 8, upTimeMs: 1234.5 },
      });
      await first.close();
      const store = await openForTest(url);
      const snapshot = await store.load();
      expect(snapshot.applications).to.deep.equal([{ name: app, text: 'kind: Application\n' }]);
      expect(snapshot.releases.map(({ version }) => version)).to.deep.equal(['1.9.0', '1.10.0']);
      expect(snapshot.releases[1]).to.deep.equal(release('1.10.0', 2));
      expect(snapshot.builds).to.deep.equal([build]);
      expect(snapshot.nodes).to.have.length(2);
      expect(snapshot.assignments).to.deep.equal([assignment('n1', 7)]);
      expect(snapshot.configs).to.deep.equal([{ revision: 'c0ffee00', config: { LOG_LEVEL: 'warn' } }]);
      expect(snapshot.activeRollouts[0]?.nodes).to.deep.equal([{ name: 'n1', phase: 'pending' }]);
      expect(snapshot.meta).to.deep.equal({ nextGeneration: 8, upTimeMs: 1234.5 });
      expect((await store.answerTo('k'))?.time).to.equal(9);
    });

    it('begins an epoch above all that was given, with what it has, and none where there is nothing', async () => {
      const url = await database.create();
      const restored = { takenAt: 1_795_000_000_000, restoredAt: 1_795_316_400_000 };
      const own = { restored, restoreId: 'a0a', mayBeEmpty: false };
      const empty = await beginEpoch(url, { ...own, after: 0 }).catch((error: unknown) =>
        CapstanError.from(error),
      );
      expect(empty).to.include({ code: 'refused', message: 'There is nothing in the database.' });
      const first = await openStateStore(url);
      await first.commit({ nodes: [node('n1')], meta: { nextGeneration: 77, upTimeMs: 5 } });
      await first.close();
      const begun = await beginEpoch(url, { ...own, after: 0 });
      expect(begun).to.deep.equal({ epoch: 1_795_316_400, applications: 0, nodes: 1 });
      const again = await beginEpoch(url, { ...own, restoreId: 'b0b', after: 2_000_000_000 });
      expect(again.epoch).to.equal(2_000_000_001);
      const { meta } = await (await openForTest(url)).load();
      expect(meta).to.deep.equal({
        ...{ upTimeMs: 5, epoch: 2_000_000_001, restoreId: 'b0b', restored },
        nextGeneration: firstGeneration(2_000_000_001),
      });
    });

    it('keeps locks and poison until they are taken away', async () => {
      const store = await openForTest(await database.create());
      const common = { app, owner: 'ann', reason: "it's so", since: 5 };
      const own: Lock = { ...common, kind: 'lock', env, until: 1_700_000_000_000 };
      const wide: Lock = { ...common, kind: 'lock', env: undefined, until: undefined };
      const freeze: Lock = { ...own, kind: 'freeze' };
      const poison: PoisonRecord = { digest, app, evidence: [], since: 7 };
      await store.commit({ locks: [own, wide, freeze], poison: [{ ...poison, since: undefined }] });
      await store.commit({ locks: [{ ...own, reason: 'else' }], poison: [poison] });
      const kept = await store.load();
      const { env: _none, until: _never, ...plain } = wide;
      expect(kept.locks).to.have.deep.members([{ ...own, reason: 'else' }, plain, freeze]);
      expect(kept.poison).to.deep.equal([poison]);
      await store.commit({ removedLocks: [wide, freeze], removedPoison: [digest] });
      const left = await store.load();
      expect(left.locks.map(({ kind, reason }) => [kind, reason])).to.deep.equal([['lock', 'else']]);
      expect(left.poison).to.deep.equal([]);
    });

    it('keeps join tokens and identities until they are taken away', async () => {
      const store = await openForTest(await database.create());
      const token = {
        ...{ hash: 'a'.repeat(64), labels: { zone: "it's" }, env, createdBy: 'ann', createdAt: 1 },
        ...{ expiresAt: 1_700_000_000_000, revokedAt: 5, uses: 2, used: 0 },
      };
      const identity = {
        ...{ node: 'n1' as NodeName, id: 'b'.repeat(32), labels: {}, token: token.hash },
        ...{ keyDigest: 'c', enrolledAt: 2 },
      };
      await store.commit({ tokens: [token, { ...token, hash: 'd' }], identities: [identity] });
      await store.commit({ tokens: [{ ...token, used: 1 }], identities: [{ ...identity, id: 'e' }] });
      const kept = await store.load();
      expect(kept.tokens).to.have.deep.members([
        { ...token, used: 1 },
        { ...token, hash: 'd' },
      ]);
      expect(kept.identities).to.deep.equal([{ ...identity, id: 'e' }]);
      await store.commit({ removedTokens: [token.hash], removedIdentities: [identity.node] });
      const left = await store.load();
      expect(left.tokens.map(({ hash }) => hash)).to.deep.equal(['d']);
      expect(left.identities).to.deep.equal([]);
    });

    it('replaces rows, removes rows, and keeps the first answer to a key', async () => {
      const store = await openForTest(await database.create());
      const id = 'r-1' as RolloutId;
      await store.commit({
        nodes: [node('n1')],
        assignments: [assignment('n1', 1), assignment('n2', 2)],
        rollouts: [rollout('r-1', 1)],
        rolloutNodes: ['n1', 'n2'].map((name) => ({ rollout: id, node: rolloutNode(name, 'pending') })),
        answers: [{ key: 'k', method: 'Deploy', request: 'f', answer: 'first', time: 1 }],
      });
      await store.commit({
        nodes: [{ ...node('n1'), address: 'elsewhere' }],
        assignments: [assignment('n1', 3)],
        removedAssignments: [{ node: 'n2' as NodeName, app }],
        rolloutNodes: [{ rollout: id, node: rolloutNode('n1', 'healthy') }],
        removedRolloutNodes: [{ rollout: id, node: 'n2' as NodeName }],
        answers: [{ key: 'k', method: 'Deploy', request: 'f', answer: 'second', time: 2 }],
      });
      const snapshot = await store.load();
      expect(snapshot.nodes[0]?.address).to.equal('elsewhere');
      expect(snapshot.assignments.map(({ generation }) => generation)).to.deep.equal([3]);
      expect((await store.rollout(id))?.nodes).to.deep.equal([{ name: 'n1', phase: 'healthy' }]);
      expect((await store.answerTo('k'))?.answer).to.equal('first');
      await store.commit({ removedNodes: ['n1' as NodeName] });
      expect((await store.load()).nodes).to.deep.equal([]);
      expect((await store.load()).assignments).to.deep.equal([]);
    });

    it('writes thousands of rows at once', async () => {
      const store = await openForTest(await database.create());
      const names = Array.from({ length: 2345 }, (_, at) => `n${at}`);
      await store.commit({
        nodes: names.map(node),
        assignments: names.map((name, at) => assignment(name, at + 1)),
      });
      const snapshot = await store.load();
      expect(snapshot.nodes).to.have.length(names.length);
      expect(Math.max(...snapshot.assignments.map(({ generation }) => generation))).to.equal(names.length);
    });

    it('gives events their positions in the order of commits, without gaps', async () => {
      const store = await openForTest(await database.create());
      const commits = Array.from({ length: 20 }, (_, at) =>
        store.commit({ events: [event(`a${at}`), event(`b${at}`)] }),
      );
      const placed = (await Promise.all(commits)).flat();
      expect(placed.map(({ position }) => position).sort((a, b) => a - b)).to.deep.equal(
        Array.from({ length: 40 }, (_, at) => at + 1),
      );
      const read = await store.events({ after: 0, limit: 100 });
      expect(read.map(({ position }) => position)).to.deep.equal(
        Array.from({ length: 40 }, (_, at) => at + 1),
      );
      expect(await store.lastEventPosition()).to.equal(40);
    });

    it('finds events by position, time and application', async () => {
      const store = await openForTest(await database.create());
      await store.commit({
        events: [event('old', { time: 10, app: 'web' }), event('other', { time: 20, app: 'api' })],
      });
      await store.commit({ events: [event('new', { time: 30, app: 'web' })] });
      const messages = async (query: EventQuery) => (await store.events(query)).map(({ message }) => message);
      expect(await messages({ after: 0, app, limit: 10 })).to.deep.equal(['old', 'new']);
      expect(await messages({ after: 1, limit: 10 })).to.deep.equal(['other', 'new']);
      expect(await messages({ after: 0, since: 20, limit: 1 })).to.deep.equal(['other']);
      expect(await messages({ after: 0, limit: 2, newest: true })).to.deep.equal(['other', 'new']);
    });

    it('keeps how far consumers of events are: over a restart, never back, and each once', async () => {
      const url = await database.create();
      const first = await openStateStore(url);
      const name = 'chat' as ConsumerName;
      const consumer = { name, position: 5, createdAt: 1_700_000_000_000, movedAt: 1_700_000_000_000 };
      await first.addConsumer(consumer);
      await first.addConsumer({ ...consumer, position: 1 });
      await first.addConsumer({ ...consumer, name: 'audit' as ConsumerName });
      await first.moveConsumer(name, 9, 1_700_000_000_001);
      await first.moveConsumer(name, 7, 1_700_000_000_002);
      await first.moveConsumer('nobody' as ConsumerName, 7, 1_700_000_000_002);
      await first.close();
      const store = await openForTest(url);
      expect(await store.consumers()).to.deep.equal([
        { ...consumer, name: 'audit' },
        { ...consumer, position: 9, movedAt: 1_700_000_000_001 },
      ]);
      expect(await store.removeConsumer(name)).to.equal(true);
      expect(await store.removeConsumer(name)).to.equal(false);
      expect((await store.consumers()).map((one) => one.name)).to.deep.equal(['audit']);
    });

    it('lists rollouts newest first and forgets those beyond the newest few that have ended (hawkbit#661, PR 2262, PR 2728, PR 1846)', async () => {
      const store = await openForTest(await database.create());
      await store.commit({
        rollouts: [rollout('r-1', 1, 2), rollout('r-2', 2, 3), rollout('r-3', 3, 4), rollout('r-4', 4)],
        rolloutNodes: [{ rollout: 'r-1' as RolloutId, node: rolloutNode('n1', 'healthy') }],
        answers: [
          { key: 'old', method: 'Deploy', request: 'f', answer: '1', time: 1 },
          { key: 'new', method: 'Deploy', request: 'f', answer: '2', time: 100 },
        ],
      });
      const ids = async (activeOnly: boolean): Promise<readonly string[]> =>
        (await store.rollouts({ app, env, activeOnly, limit: 10 })).map(({ header }) => header.id);
      expect(await ids(false)).to.deep.equal(['r-4', 'r-3', 'r-2', 'r-1']);
      expect(await ids(true)).to.deep.equal(['r-4']);
      expect(
        await store.prune({ rollouts: 1, answersBefore: 50, eventsBefore: undefined, now: 1000 }),
      ).to.equal(false);
      expect(await ids(false)).to.deep.equal(['r-4', 'r-3']);
      expect(await store.rollout('r-1' as RolloutId)).to.equal(undefined);
      expect(await store.answerTo('old')).to.equal(undefined);
      expect((await store.answerTo('new'))?.answer).to.equal('2');
    });

    it('forgets events from the oldest on, but none that a consumer has yet to take, and never the newest', async () => {
      const store = await openForTest(await database.create());
      const at = (time: number) => event('it happened', { time });
      // The clock was set back once: what is old is told by the events before it.
      await store.commit({ events: [at(10), at(20), at(50), at(30), at(60)] });
      const prune = async (eventsBefore: number): Promise<readonly number[]> => {
        expect(await store.prune({ rollouts: 1, answersBefore: 0, eventsBefore, now: 1000 })).to.equal(false);
        return (await store.events({ after: 0, limit: 10 })).map(({ position }) => position);
      };
      const consumer = { name: 'chat' as ConsumerName, position: 1, createdAt: 0, movedAt: 40 };
      await store.addConsumer(consumer);
      expect(await prune(0)).to.deep.equal([1, 2, 3, 4, 5]);
      expect(await prune(40), 'what chat has yet to take stays').to.deep.equal([2, 3, 4, 5]);
      await store.moveConsumer(consumer.name, 4, 45);
      expect(await prune(40), 'and nothing between two that stay goes').to.deep.equal([3, 4, 5]);
      await store.moveConsumer(consumer.name, 5, 46);
      expect(await prune(100), 'not heard of since: it holds nothing').to.deep.equal([5]);
      await store.commit({ events: [at(70)] });
      expect(await store.lastEventPosition()).to.equal(6);
    });

    it('forgets an event that a clock ahead has dated with those after it, and not when its date comes', async () => {
      const store = await openForTest(await database.create());
      const at = (time: number) => event('it happened', { time });
      await store.commit({ events: [at(10), at(90_000), at(20), at(30), at(80_000)] });
      const whole = await store.verifyEvents(undefined, '');
      await store.prune({ rollouts: 1, answersBefore: 0, eventsBefore: 25, now: 1000 });
      const left = async () => (await store.events({ after: 0, limit: 10 })).map(({ position }) => position);
      expect(await left()).to.deep.equal([4, 5]);
      await store.prune({ rollouts: 1, answersBefore: 0, eventsBefore: 900, now: 1000 });
      expect(await left(), 'until another comes after it').to.deep.equal([4, 5]);
      expect(await store.verifyEvents(undefined, '')).to.deep.equal({ ...whole, since: 4 });
    });

    it('chains events by their hashes, over what is forgotten at the oldest end too', async () => {
      const store = await openForTest(await database.create());
      expect(await store.verifyEvents(undefined, '')).to.include({
        position: 0,
        isEnd: true,
        brokenAt: undefined,
      });
      const at = (time: number) => event(`at ${time}`, { time });
      await store.commit({ events: [at(1), at(2)] });
      await store.commit({ events: [at(3), at(4), at(5)] });
      const whole = await store.verifyEvents(undefined, '');
      expect(whole).to.include({ since: 1, position: 5, brokenAt: undefined, isEnd: true });
      await store.prune({ rollouts: 1, answersBefore: 0, eventsBefore: 3, now: 1000 });
      expect(await store.verifyEvents(undefined, '')).to.deep.equal({ ...whole, since: 3 });
      await store.commit({ events: [at(6)] });
      const more = await store.verifyEvents(whole, '');
      expect(more).to.include({ since: 3, position: 6, brokenAt: undefined });
      expect(more.hash).not.to.equal(whole.hash);
      const expecting = async (hash: string) => (await store.verifyEvents(undefined, hash)).expectedAt;
      expect(await expecting(more.hash)).to.equal(6);
      expect(await expecting(whole.hash)).to.equal(5);
      expect(await expecting('0'.repeat(64))).to.equal(undefined);
      await store.prune({ rollouts: 1, answersBefore: 0, eventsBefore: 6, now: 1000 });
      expect(await expecting(whole.hash), 'that of the last one that is forgotten is kept').to.equal(5);
    });

    it('tells a chain that was written anew from the one whose newest hash was noted', async () => {
      const written = async (actor: string) => {
        const store = await openForTest(await database.create());
        await store.commit({ events: [1, 2, 3].map((time) => event(`at ${time}`, { time, actor })) });
        return store;
      };
      const { hash } = await (await written('ann')).verifyEvents(undefined, '');
      const check = await (await written('bob')).verifyEvents(undefined, hash);
      expect(check).to.include({ position: 3, brokenAt: undefined, expectedAt: undefined });
    });

    it('finds the first event that was changed, removed or put in between behind its back', async () => {
      const harms: readonly (readonly [statement: string, brokenAt: number | undefined])[] = [
        ['select 1', undefined],
        ["update events set actor = 'bob' where position = 3", 3],
        ['update events set time = time + 1 where position = 1', 1],
        ["update events set hash = '' where position = 5", 5],
        ['delete from events where position = 2', 2],
        ['update events set position = 9 where position = 4', 4],
        ['delete from events where position <= 2', 1],
      ];
      for (const [statement, brokenAt] of harms) {
        const url = await database.create();
        const store = await openStateStore(url);
        await store.commit({ events: [1, 2, 3, 4, 5].map((time) => event(`at ${time}`, { time })) });
        await store.close();
        await execute(url, statement);
        const check = await (await openForTest(url)).verifyEvents(undefined, '');
        expect(check, statement).to.include({ brokenAt, position: (brokenAt ?? 6) - 1, isEnd: true });
      }
    });

    it('begins with what comes where the events are of a version that kept no hashes', async () => {
      const url = await database.create();
      const old = await openStateStore(url);
      await old.commit({ events: [event('before', { time: 1 }), event('before', { time: 2 })] });
      await old.close();
      await execute(url, 'alter table events drop column hash');
      await execute(url, "delete from meta where name = 'anchor'");
      await execute(
        url,
        "update meta set value = cast(cast(value as integer) - 1 as text) where name = 'schema'",
      );
      const store = await openForTest(url);
      expect(await store.verifyEvents(undefined, '')).to.include({
        since: 3,
        position: 2,
        brokenAt: undefined,
      });
      await store.commit({ events: [event('after', { time: 3 })] });
      await store.prune({ rollouts: 1, answersBefore: 0, eventsBefore: 2, now: 1000 });
      expect(await store.verifyEvents(undefined, '')).to.include({
        since: 3,
        position: 3,
        brokenAt: undefined,
      });
    });

    it('forgets a thousand events at a time, and says that there are more', async () => {
      const store = await openForTest(await database.create());
      const events = Array.from({ length: 2100 }, () => event('it happened', { time: 1 }));
      await store.commit({ events });
      const limits = { rollouts: 1, answersBefore: 0, eventsBefore: 2, now: 1000 };
      const first = async () => (await store.events({ after: 0, limit: 1 }))[0]?.position;
      expect(await store.prune(limits)).to.equal(true);
      expect(await first()).to.equal(1001);
      expect(await store.prune(limits)).to.equal(true);
      expect(await store.prune(limits)).to.equal(false);
      expect(await first()).to.equal(2100);
    });

    it('forgets builds and values that are removed', async () => {
      const store = await openForTest(await database.create());
      const digest = (of: string): Digest => `sha256:${of.repeat(64)}` as Digest;
      const build = (of: string) => ({ app, digest: digest(of), checks: [], approvals: [], promotions: [] });
      await store.commit({
        builds: [build('1'), build('2')],
        configs: [
          { revision: 'r1', config: { A: '1' } },
          { revision: 'r2', config: {} },
        ],
      });
      await store.commit({ removedBuilds: [{ app, digest: digest('1') }], removedConfigs: ['r1'] });
      const { builds, configs } = await store.load();
      expect(builds).to.deep.equal([build('2')]);
      expect(configs).to.deep.equal([{ revision: 'r2', config: {} }]);
    });

    it('commits all or nothing', async () => {
      const store = await openForTest(await database.create());
      const broken = rollout('r-1', Number.NaN); // no database takes it for a time
      const failure = await store
        .commit({ applications: [{ name: app, text: 'x' }], rollouts: [broken] })
        .then(
          () => undefined,
          (error: unknown) => error,
        );
      expect(failure).to.be.instanceOf(CapstanError);
      expect((await store.load()).applications).to.deep.equal([]);
    });

    it('is refused to a second coordinator', async () => {
      const url = await database.create();
      await openForTest(url);
      const failure = await refusal(url);
      expect(failure.code).to.equal('refused');
      expect(failure.message).to.match(/another/i);
    });

    it('is refused to a version that does not know its schema', async () => {
      const url = await database.create();
      const store = await openStateStore(url);
      await store.close();
      await raiseSchema(url);
      const failure = await refusal(url);
      expect(failure.code).to.equal('refused');
      expect(failure.message).to.contain('newer version of Capstan');
      expect(failure.message).not.to.contain('capstan-test:'); // no password in sentences
    });
  });
}

async function refusal(url: string): Promise<CapstanError> {
  const outcome = await openStateStore(url).then(
    async (store) => {
      await store.close();
      return undefined;
    },
    (error: unknown) => CapstanError.from(error),
  );
  if (outcome === undefined) throw new Error('it was opened');
  return outcome;
}

const raiseSchema = (url: string): Promise<void> =>
  execute(url, "update meta set value = '999' where name = 'schema'");

/** Behind the back of the coordinator. */
async function execute(url: string, statement: string): Promise<void> {
  if (url.startsWith('sqlite:')) {
    const { default: Database } = await import('better-sqlite3');
    const file = new Database(url.slice('sqlite:'.length));
    file.exec(statement);
    file.close();
    return;
  }
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
