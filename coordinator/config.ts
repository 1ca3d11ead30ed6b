import { isIP } from 'node:net';
import { join } from 'node:path';
import { isLoopback, isWildcard } from '../shared/core/loopback.js';
import { checkStoreUrl, directoryOfStore } from '../shared/distribution/store-url.js';
import { CapstanError } from '../shared/model/errors.js';
import {
  type Address,
  address,
  addressText,
  byteRate,
  duration,
  flag,
  integer,
  list,
  path,
  text,
} from '../shared/settings/kinds.js';
import type { Program, SettingsOf } from '../shared/settings/table.js';

export const program: Program = {
  name: 'capstan-coordinator',
  summary:
    'Turns desired versions into rollouts, tells agents what to run, and keeps the releases they fetch. `capstan-coordinator backup --help` and `restore --help` tell how what it knows is backed up.',
};

const dayMs = 86_400_000;

const hostFault = (entry: string): string | undefined =>
  isIP(entry) !== 0 || /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i.test(entry)
    ? undefined
    : 'must be a host name or an IP address, without a port';

/** All settings of `capstan-coordinator`. */
export const settingsTable = {
  dataDir: path({
    fallback: '/var/lib/capstan',
    help: 'Where the database and the built-in distribution store are kept.',
  }),
  agentListen: address({
    fallback: { host: '127.0.0.1', port: 7600 },
    help: 'Where agents connect to.',
  }),
  operatorListen: address({
    fallback: { host: '127.0.0.1', port: 7601 },
    help: 'Where operators (`capstan`) connect to.',
  }),
  httpListen: address({
    fallback: { host: '127.0.0.1', port: 7602 },
    help: 'The distribution store, uploads and /healthz.',
  }),
  database: text({
    fallback: undefined,
    help: 'sqlite:/path/to/file or postgres://…; use --database-url-file for a URL with a password.',
    placeholder: 'URL',
    defaultText: 'sqlite:<data-dir>/capstan.db',
  }),
  databaseUrlFile: path({ fallback: undefined, help: 'A file that holds the URL of the database.' }),
  store: text({
    fallback: undefined,
    help: 'Where releases are kept: file:/path, s3://bucket/prefix, or the URL of a web server that has them.',
    placeholder: 'URL',
    defaultText: 'file:<data-dir>/store',
  }),
  keepReleases: integer({
    fallback: 20,
    min: 0,
    max: 1_000_000,
    help: 'How many releases of each application `capstan store gc` keeps, beside those in use. 0: all.',
  }),
  keepEvents: duration({
    fallback: 90 * dayMs,
    maxMs: 3650 * dayMs,
    help: 'How long events are kept, and what is known of decommissioned nodes; at least 1h. 0s: for ever.',
  }),
  publicStoreUrl: text({
    fallback: undefined,
    help: 'Where agents fetch releases from.',
    placeholder: 'URL',
    defaultText: 'the address of --http-listen',
  }),
  assetsStore: text({
    fallback: undefined,
    help: 'The public store for assets, which browsers fetch: file:/path or s3://bucket/prefix.',
    placeholder: 'URL',
  }),
  assetsUrl: text({
    fallback: undefined,
    help: 'What the URL of every asset begins with: a CDN or web server in front of --assets-store.',
    placeholder: 'URL',
    defaultText: 'the address of --http-listen',
  }),
  packagesDir: path({
    fallback: undefined,
    help: "A folder of the agent's packages (capstan-agent_VERSION_ARCH.deb), which servers are installed with.",
    defaultText: '<data-dir>/packages',
  }),
  dropDir: path({
    fallback: undefined,
    help: 'A folder that CI writes finished builds to; they are published from there.',
  }),
  pollHold: duration({
    fallback: 50_000,
    minMs: 100,
    maxMs: 600_000,
    help: 'How long a poll is held when there is nothing new, at most; proxies often cut after 60 s.',
  }),
  silentAfter: duration({
    fallback: 10_000,
    minMs: 100,
    maxMs: 600_000,
    help: 'How long after its last poll a node still counts as connected.',
  }),
  lostAfter: duration({
    fallback: 90_000,
    minMs: 100,
    maxMs: 86_400_000,
    help: 'How long a node is silent before it is lost.',
  }),
  startGrace: duration({
    fallback: 300_000,
    minMs: 0,
    maxMs: 86_400_000,
    help: 'How long after a start no node is declared lost.',
  }),
  drainWindow: duration({
    fallback: 2000,
    minMs: 0,
    maxMs: 60_000,
    help: 'Over how long agents spread their return when the coordinator shuts down.',
  }),
  poisonAfter: integer({
    fallback: 3,
    min: 0,
    max: 1000,
    help: 'On how many nodes the content of a release has to fail to be refused everywhere until it is forgiven. 0: never.',
  }),
  stagingBytesPerSecond: byteRate({
    help: 'What all nodes together may fetch in a second, such as 50MB; the others wait for their turn. 0: no limit.',
  }),
  peersAcrossZones: flag({
    help: 'Let nodes fetch packs from nodes of other zones where there are too few in their own.',
  }),
  advertise: list({
    help: 'A host name or address under which agents and operators reach this coordinator; the first is in the URLs that it gives out.',
    placeholder: 'HOST',
    defaultText: 'the addresses that it listens on',
    check: hostFault,
  }),
  certificateLife: duration({
    fallback: 86_400_000,
    minMs: 2000,
    maxMs: 30 * 86_400_000,
    help: 'How long a certificate of a node is valid; it is renewed when two thirds of that are over.',
  }),
  maxConnections: integer({
    fallback: 20_000,
    min: 16,
    max: 1_000_000,
    help: 'How many connections each port takes at once.',
  }),
  maxUnknownConnections: integer({
    fallback: 5000,
    min: 4,
    max: 1_000_000,
    help: 'How many of them, on the ports of agents and operators, may not have said who they are.',
  }),
  handshakeTimeout: duration({
    fallback: 20_000,
    minMs: 100,
    maxMs: 600_000,
    help: 'How long a connection has until it has said who it is, and a call until its message is there.',
  }),
  slowReaderTimeout: duration({
    fallback: 60_000,
    minMs: 100,
    maxMs: 3_600_000,
    help: 'How long a message waits for the caller to take it.',
  }),
  nodeCallsPerSecond: integer({
    fallback: 20,
    min: 1,
    max: 100_000,
    help: 'How often one node may call; twenty times as often for a moment.',
  }),
  nodeCalls: integer({
    fallback: 16,
    min: 2,
    max: 10_000,
    help: 'How many calls of one node may be under way.',
  }),
  operatorCallsPerSecond: integer({
    fallback: 100,
    min: 1,
    max: 100_000,
    help: 'How often one operator may call; twenty times as often for a moment.',
  }),
  operatorCalls: integer({
    fallback: 256,
    min: 2,
    max: 100_000,
    help: 'How many calls of one operator may be under way, with those that watch.',
  }),
  strangerCallsPerSecond: integer({
    fallback: 100,
    min: 1,
    max: 100_000,
    help: 'How often one address may call without a token or certificate, as to enrol; twenty times as often for a moment.',
  }),
  insecureLoopback: flag({ help: 'No TLS and no tokens; listens on loopback addresses only.' }),
} as const;

export type CoordinatorSettings = SettingsOf<typeof settingsTable>;

/** Who looks at what happened does so later than that. */
const leastKeptMs = 3_600_000;

/** Less is a unit that was forgotten. Bytes a second. */
const minStagingRate = 10_000;

/**
 * What no single setting shows: that they fit together.
 * @throws CapstanError `invalid`
 */
export function checkSettings(settings: CoordinatorSettings): void {
  const addresses = Object.entries({
    '--agent-listen': settings.agentListen,
    '--operator-listen': settings.operatorListen,
    '--http-listen': settings.httpListen,
  });
  for (const [name, listen] of addresses) {
    if (settings.insecureLoopback) requireLoopback(name, listen);
    else if (settings.advertise.length === 0 && isWildcard(listen.host)) {
      throw new CapstanError(
        'invalid',
        `${name} ${addressText(listen)} says nothing of how others reach it.`,
        {
          hint: "Give --advertise with this host's name or address, as agents and operators write it.",
        },
      );
    }
  }
  if (settings.database !== undefined && settings.databaseUrlFile !== undefined) {
    throw new CapstanError('invalid', '--database and --database-url-file exclude each other.');
  }
  const { stagingBytesPerSecond: rate } = settings;
  if (rate > 0 && rate < minStagingRate) {
    throw new CapstanError(
      'invalid',
      `--staging-bytes-per-second: ${rate} bytes a second is no rate for a fleet.`,
      {
        hint: `Give a unit: ${rate}MB, or 0 for no limit.`,
      },
    );
  }
  if (settings.keepEvents > 0 && settings.keepEvents < leastKeptMs) {
    throw new CapstanError('invalid', '--keep-events must be at least an hour, or 0s to keep them for ever.');
  }
  checkAssets(settings);
  if (settings.store !== undefined) checkStoreUrl('--store', settings.store);
  if (settings.publicStoreUrl !== undefined) checkStoreUrl('--public-store-url', settings.publicStoreUrl);
}

function checkAssets({ assetsStore, assetsUrl }: CoordinatorSettings): void {
  if (assetsUrl !== undefined) {
    if (!/^https?:/i.test(assetsUrl)) {
      throw new CapstanError('invalid', '--assets-url must be a URL that starts with http:// or https://.');
    }
    checkStoreUrl('--assets-url', assetsUrl);
  }
  if (assetsStore === undefined) {
    if (assetsUrl === undefined) return;
    throw new CapstanError('invalid', '--assets-url is of no use without --assets-store.');
  }
  checkStoreUrl('--assets-store', assetsStore);
  if (!/^(?:file|s3):/i.test(assetsStore)) {
    throw new CapstanError('invalid', '--assets-store must be file:/path or s3://bucket/prefix.');
  }
  if (assetsUrl !== undefined || directoryOfStore(assetsStore) !== undefined) return;
  throw new CapstanError(
    'invalid',
    '--assets-store in S3 needs --assets-url, under which browsers reach it.',
  );
}

function requireLoopback(name: string, listen: Address): void {
  if (isLoopback(listen.host)) return;
  throw new CapstanError('invalid', `${name} ${addressText(listen)} is not a loopback address.`, {
    hint: '--insecure-loopback listens on 127.0.0.1, ::1 or localhost only.',
  });
}

/** The names and addresses that this coordinator's certificate is for. */
export function hostsOf(settings: CoordinatorSettings): readonly string[] {
  const { agentListen, operatorListen, httpListen, advertise } = settings;
  const listening = [agentListen, operatorListen, httpListen].map(({ host }) => host);
  const named = [...advertise, ...listening].filter((host) => !isWildcard(host));
  return [...new Set([...named, 'localhost', '127.0.0.1', '::1'])];
}

/** Under which host others reach a port: as it is told, or where it listens. */
export const hostFor = ({ advertise }: CoordinatorSettings, { host }: Pick<Address, 'host'>): string =>
  advertise[0] ?? host;

/** How this host reaches what listens there. */
export const ownHost = ({ host }: Pick<Address, 'host'>): string => (isWildcard(host) ? '127.0.0.1' : host);

/** The directory of the built-in store; undefined if releases are kept elsewhere. */
export const storeDirOf = ({ store, dataDir }: CoordinatorSettings): string | undefined =>
  store === undefined ? join(dataDir, 'store') : directoryOfStore(store);

/** The folder of the agent's packages. It need not be there. */
export const packagesDirOf = ({ packagesDir, dataDir }: CoordinatorSettings): string =>
  packagesDir ?? join(dataDir, 'packages');

/** The directory of the public store, where the coordinator serves it; undefined if it is elsewhere, or there is none. */
export const assetsDirOf = ({ assetsStore }: CoordinatorSettings): string | undefined =>
  assetsStore === undefined ? undefined : directoryOfStore(assetsStore);
