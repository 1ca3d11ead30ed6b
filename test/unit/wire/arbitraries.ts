import fc from 'fast-check';
import type { ActivationPolicy, Assignment, DesiredState } from '../../../shared/model/desired-state.js';
import type {
  AppName,
  Digest,
  EnvName,
  NodeName,
  ReleaseVersion,
  RolloutId,
} from '../../../shared/model/ids.js';
import {
  type AppStatus,
  type Drift,
  type HostFacts,
  type NodeStatus,
  nodePhases,
  type ReleaseId,
  type StepFailure,
} from '../../../shared/model/node-status.js';
import type { PackPeers, Peer, PeersAnswer, PeersQuestion, Serving } from '../../../shared/model/peers.js';
import type { ReleaseRef } from '../../../shared/model/release.js';

/** What one record and the other have, in one. */
const both = <One, Other>(one: fc.Arbitrary<One>, other: fc.Arbitrary<Other>): fc.Arbitrary<One & Other> =>
  fc.tuple(one, other).map(([some, more]) => ({ ...some, ...more }));
const absentAtTimes = { requiredKeys: [] };

const hex = (length: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const digest = hex(64).map((text) => `sha256:${text}` as Digest);
const version = fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z.+_-]{0,30}$/).map((text) => text as ReleaseVersion);
const count = fc.oneof(fc.maxSafeNat(), fc.nat(), fc.constant(Number.MAX_SAFE_INTEGER));
/** Text as people and programs write it: UTF-16 that is well-formed. */
const text = fc.string({ unit: 'grapheme', maxLength: 40 });

const releaseRef: fc.Arbitrary<ReleaseRef> = both(
  fc.record({ envelope: text.filter((found) => found !== '') }, absentAtTimes),
  fc.record({
    version,
    digest,
    manifestSize: count,
    layout: fc.record({ digest, size: count }),
    contentSize: count,
    fileCount: count,
    packSize: count,
    deltas: fc.array(
      fc.record({
        from: digest,
        digest,
        size: count,
        rawSize: count,
        patch: fc.option(fc.record({ digest, size: count }), { nil: undefined }),
      }),
      { maxLength: 3 },
    ),
  }),
);

const activation: fc.Arbitrary<ActivationPolicy> = fc.record({
  drain: fc.boolean(),
  restart: fc.boolean(),
  minHealthyTimeMs: count,
  healthDeadlineMs: count,
});

const assignment: fc.Arbitrary<Assignment> = both(
  fc.record({ database: fc.constant(true), standby: fc.constant(true) }, absentAtTimes),
  fc.record({
    app: name.map((word) => word as AppName),
    env: name.map((word) => word as EnvName),
    generation: count,
    intent: fc.constantFrom('stage', 'activate', 'remove'),
    release: releaseRef,
    config: fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,10}$/), text, { noNullPrototype: true }),
    configRevision: hex(8),
    activation,
    rollout: fc.option(
      name.map((word) => word as RolloutId),
      { nil: undefined },
    ),
    stores: fc.array(fc.webUrl(), { maxLength: 3 }),
    fetchBytesPerSecond: count,
  }),
);

export const desiredState: fc.Arbitrary<DesiredState> = both(
  fc.record({ epoch: count.filter((epoch) => epoch > 0), restoreId: hex(32) }, absentAtTimes),
  fc.record({
    revision: count,
    assignments: fc.array(assignment, { maxLength: 5 }),
    stores: fc.array(fc.webUrl(), { maxLength: 3 }),
  }),
);

const releaseId: fc.Arbitrary<ReleaseId> = fc.record({ version, digest });

const failure: fc.Arbitrary<StepFailure> = fc.record({
  step: fc.constantFrom(
    'fetch',
    'verify',
    'unpack',
    'preflight',
    'render',
    'database',
    'drain',
    'stop',
    'swap',
    'start',
    'check',
    'remove',
  ),
  reason: text,
  logTail: text,
});

const drift: fc.Arbitrary<Drift> = fc.record({
  total: fc.nat(),
  paths: fc.array(fc.record({ path: text, kind: fc.constantFrom('changed', 'mode', 'added', 'removed') }), {
    maxLength: 3,
  }),
});

const appStatus: fc.Arbitrary<AppStatus> = both(
  fc.record(
    {
      drift,
      pastReturn: fc.constant(true),
      restarts: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      standby: fc.constant(true),
    },
    absentAtTimes,
  ),
  fc.record({
    app: name.map((word) => word as AppName),
    generation: count,
    phase: fc.constantFrom(...nodePhases),
    health: fc.constantFrom('healthy', 'unhealthy', 'unknown'),
    ready: fc.boolean(),
    current: fc.option(releaseId, { nil: undefined }),
    previous: fc.option(releaseId, { nil: undefined }),
    staged: fc.array(digest, { maxLength: 3 }),
    failure: fc.option(failure, { nil: undefined }),
    note: text,
    fetched: fc.option(fc.record({ bytesDone: count, bytesTotal: count.filter((bytes) => bytes > 0) }), {
      nil: undefined,
    }),
    fetchedFrom: fc.array(fc.record({ source: text, bytes: count }), { maxLength: 3 }),
  }),
);

const finite = fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value + 0);
const pressure = fc.record({ cpu: finite, memory: finite, io: finite });

const facts: fc.Arbitrary<HostFacts> = both(
  fc.record({ pressure }, absentAtTimes),
  fc.record({
    os: text,
    kernel: text,
    arch: text,
    hostname: text,
    cpus: fc.nat({ max: 4096 }),
    memoryTotal: count,
    memoryAvailable: count,
    diskTotal: count,
    diskFree: count,
    load1: finite,
    uptimeSeconds: count,
    nodeVersion: text,
  }),
);

export const nodeStatus: fc.Arbitrary<NodeStatus> = both(
  fc.record({ trustedKeys: fc.array(hex(64), { minLength: 1, maxLength: 3 }) }, absentAtTimes),
  fc.record({
    apps: fc.array(appStatus, { maxLength: 4 }),
    facts: fc.option(facts, { nil: undefined }),
    agentVersion: text,
    allowUnsigned: fc.boolean(),
  }),
);

const nodeName = name.map((word) => word as NodeName);
const peerUrl = fc
  .tuple(
    fc.oneof(
      name,
      fc.ipV4(),
      fc.ipV6().map((six) => `[${six}]`),
    ),
    fc.integer({ min: 1, max: 65_535 }),
  )
  .map(([host, port]) => `http://${host}:${port}`);

export const serving: fc.Arbitrary<Serving | undefined> = fc.option(
  fc.record({ url: peerUrl, slots: fc.nat({ max: 1000 }), packs: fc.array(digest, { maxLength: 3 }) }),
  { nil: undefined },
);

export const peersQuestion: fc.Arbitrary<PeersQuestion> = fc.record({
  packs: fc.array(digest, { maxLength: 3 }),
  corrupt: fc.array(nodeName, { maxLength: 3 }),
});

const peer: fc.Arbitrary<Peer> = fc.record({ node: nodeName, url: peerUrl });

const packPeers: fc.Arbitrary<PackPeers> = fc.record({
  pack: digest,
  peers: fc.array(peer, { maxLength: 4 }),
  seed: fc.option(
    fc
      .integer({ min: 1, max: 16 })
      .chain((of) => fc.record({ rank: fc.nat({ max: of - 1 }), of: fc.constant(of) })),
    { nil: undefined },
  ),
});

export const peersAnswer: fc.Arbitrary<PeersAnswer> = fc.record({
  packs: fc.array(packPeers, { maxLength: 3 }),
  askAgainMs: fc.nat({ max: 60_000 }),
});
