import { resolve } from 'node:path';
import { isLoopback } from '../../../shared/core/loopback.js';
import { CapstanError } from '../../../shared/model/errors.js';
import {
  type AppName,
  dnsLabelRule,
  isAppName,
  isNodeName,
  type NodeName,
} from '../../../shared/model/ids.js';
import { isLabelKey, isLabelValue, type Labels } from '../../../shared/model/labels.js';
import { isPeerUrl, peerLimits } from '../../../shared/model/peers.js';
import {
  type Address,
  address,
  addressText,
  byteRate,
  duration,
  flag,
  integer,
  list,
  megabytes,
  pairs,
  path,
  text,
} from '../../../shared/settings/kinds.js';
import type { Program, SettingsOf } from '../../../shared/settings/table.js';
import { valueNameFault } from '../../../shared/spec/value-names.js';
import { readIdentity, type StoredIdentity } from '../identity/identity-file.js';
import type { OwnValues } from './own-values.js';

export const program: Program = {
  name: 'capstan-agent',
  summary:
    'Runs on every node: polls the coordinator, stages and activates releases, and reports their health. capstan-agent enrol makes this server a node; capstan-agent doctor [SETTING]... says what the node can do, and what it lacks.',
};

const coordinatorFault = (entry: string): string | undefined =>
  entry.split(',').every((each) => /^(?:\[[0-9a-fA-F:.]+\]|[^:[\]\s/]+):\d{1,5}$/.test(each))
    ? undefined
    : 'must be HOST:PORT, or several with commas between';

const envFault = (entry: string): string | undefined => {
  const { app, name, found } = splitEnv(entry);
  if (!found) return 'must be KEY=VALUE or APPLICATION:KEY=VALUE';
  if (app !== undefined && !isAppName(app)) return `must name an application before ":": ${dnsLabelRule}`;
  return valueNameFault(name);
};

/** All settings of `capstan-agent`. */
export const settingsTable = {
  coordinator: list({
    help: 'Address of a coordinator; give several to go on with the next when one is away.',
    placeholder: 'HOST:PORT',
    defaultText: 'the one that this node has enrolled with',
    check: coordinatorFault,
  }),
  stateDir: path({
    fallback: '/var/lib/capstan-agent',
    help: 'Identity, journal, last desired state, logs of services and hooks.',
  }),
  root: path({
    fallback: '/srv',
    help: 'Where applications live: ROOT/APP/{releases,current,previous,shared}.',
  }),
  listen: address({
    fallback: { host: '127.0.0.1', port: 7650 },
    help: 'Readiness, health and metrics for load balancers and monitoring.',
  }),
  agentCheck: address<Address | undefined>({
    fallback: undefined,
    help: "Answer HAProxy's agent-check here; off unless given.",
  }),
  confDir: path({
    fallback: '/etc/capstan-agent/conf.d',
    help: "This node's own settings, watched for changes.",
  }),
  env: list({
    help: "A value of this node's own for services, hooks and probes of one or all applications.",
    placeholder: '[APP:]KEY=VALUE',
    check: envFault,
  }),
  name: text({
    fallback: undefined,
    help: 'The name of the node; only with --insecure-loopback.',
    placeholder: 'NAME',
  }),
  label: pairs({ help: 'A label of the node; only with --insecure-loopback.' }),
  keepReleases: integer({
    fallback: 5,
    min: 1,
    max: 1000,
    help: 'Releases of an application to keep on disk. What is live, the last good and the last failed one always stay.',
  }),
  reserveMb: megabytes({
    fallback: 256,
    min: 0,
    max: 10_000_000,
    help: 'What staging must leave free on the disk.',
  }),
  quotaMb: megabytes({
    fallback: 0,
    min: 0,
    max: 100_000_000,
    help: 'What all releases of an application together may take; old ones are removed before one is fetched. 0: no limit.',
  }),
  fetchBytesPerSecond: byteRate({
    help: 'At most so much is fetched in a second, for each application that is staged; 0: no limit.',
  }),
  peerListen: address<Address | undefined>({
    fallback: undefined,
    help: 'Serve packs of releases to other nodes here, and fetch them from others; off unless given.',
  }),
  peerAdvertise: address<Address | undefined>({
    fallback: undefined,
    help: 'Where other nodes reach --peer-listen, if that is elsewhere.',
    defaultText: 'the address of --peer-listen; of all addresses, the one that the coordinator sees',
  }),
  peerSlots: integer({
    fallback: 16,
    min: 1,
    max: peerLimits.slots,
    help: 'Transfers to other nodes at once.',
  }),
  peerBytesPerSecond: byteRate({
    help: 'At most so much is sent in a second over one connection; 0: no limit.',
  }),
  peerFromMb: megabytes({
    fallback: 2,
    min: 0,
    max: 1_000_000,
    help: 'Fetch from stores alone what is smaller.',
  }),
  peerSpoolMb: megabytes({
    fallback: 1024,
    min: 1,
    max: 10_000_000,
    help: 'How much of packs to keep for other nodes, below --state-dir.',
  }),
  peerSpoolKeep: duration({
    fallback: 3_600_000,
    minMs: 1000,
    help: 'How long to keep packs that nobody asks for.',
  }),
  factsEvery: duration({
    fallback: 600_000,
    minMs: 10_000,
    help: "How often to look at the host's memory, disk and load.",
  }),
  allowUnsigned: flag({ help: 'Run releases that nobody signed, where conf.d says nothing of signatures.' }),
  insecureLoopback: flag({ help: 'No TLS; coordinators must be on loopback.' }),
} as const;

export type AgentSettings = SettingsOf<typeof settingsTable>;

export interface AgentConfig {
  readonly settings: AgentSettings;
  readonly name: NodeName;
  readonly labels: Labels;
  /** host:port each. */
  readonly coordinators: readonly string[];
  readonly own: OwnValues;
}

/** Undefined where none is needed. */
export const identityFor = ({ insecureLoopback, stateDir }: AgentSettings): StoredIdentity | undefined =>
  insecureLoopback ? undefined : readIdentity(resolve(stateDir));

/**
 * @param identity undefined: this node has not enrolled, or needs not to
 * @throws CapstanError `invalid`: these settings cannot be run with
 */
export function checkSettings(
  settings: AgentSettings,
  identity: Pick<StoredIdentity, 'name' | 'coordinators'> | undefined,
): AgentConfig {
  const given = givenCoordinators(settings);
  const { name, coordinators } = settings.insecureLoopback
    ? claimed(settings, given)
    : enrolled(settings, given, identity);
  checkPeers(settings);
  checkPorts(settings);
  return { settings, name, labels: settings.label, coordinators, own: ownValues(settings.env) };
}

/** Those that were named, in the order in which they are asked. */
export const givenCoordinators = ({ coordinator }: AgentSettings): readonly string[] =>
  coordinator.flatMap((entry) => entry.split(','));

type WhoAndWhere = Pick<AgentConfig, 'name' | 'coordinators'>;

/** What the agent says of itself is believed. */
function claimed({ name, label }: AgentSettings, coordinators: readonly string[]): WhoAndWhere {
  if (coordinators.length === 0)
    throw new CapstanError('invalid', 'No coordinator is given.', { hint: 'Use --coordinator HOST:PORT.' });
  for (const each of coordinators) {
    if (!isLoopback(each.slice(0, each.lastIndexOf(':')))) {
      throw new CapstanError(
        'invalid',
        `--insecure-loopback allows loopback addresses only, and ${each} is none.`,
      );
    }
  }
  if (name === undefined)
    throw new CapstanError('invalid', 'The node has no name.', { hint: 'Use --name NAME.' });
  if (!isNodeName(name))
    throw new CapstanError('invalid', `"${name}" cannot be the name of a node: ${dnsLabelRule}.`);
  for (const [key, value] of Object.entries(label)) {
    if (!isLabelKey(key) || !isLabelValue(value)) {
      throw new CapstanError('invalid', `"${key}=${value}" cannot be a label.`);
    }
  }
  return { name, coordinators };
}

/** Name and labels are those that the node was given when it enrolled. */
function enrolled(
  { name, label }: AgentSettings,
  given: readonly string[],
  identity: Pick<StoredIdentity, 'name' | 'coordinators'> | undefined,
): WhoAndWhere {
  if (identity === undefined) {
    throw new CapstanError('invalid', 'This server is no node yet: it has not enrolled.', {
      hint: 'Run `capstan-agent enrol --coordinator HOST:7601 --pin PIN --token-file FILE` first; `capstan token create` makes a token and tells the pin.',
    });
  }
  if (name !== undefined || Object.keys(label).length > 0) {
    throw new CapstanError('invalid', '--name and --label have no effect on a node that has enrolled.', {
      hint: 'Its labels are those of its token; `capstan node label` changes them.',
    });
  }
  const coordinators = given.length > 0 ? given : identity.coordinators;
  if (coordinators.length === 0)
    throw new CapstanError('invalid', 'No coordinator is given.', { hint: 'Use --coordinator HOST:PORT.' });
  return { name: identity.name, coordinators };
}

/** Without TLS whoever can reach the address may fetch packs there: that is to be this machine only. */
function checkPeers({ peerListen, peerAdvertise, insecureLoopback }: AgentSettings): void {
  if (peerListen === undefined) {
    if (peerAdvertise === undefined) return;
    throw new CapstanError('invalid', '--peer-advertise has no effect without --peer-listen.');
  }
  const { host } = peerListen;
  if (insecureLoopback && !isLoopback(host)) {
    throw new CapstanError(
      'invalid',
      `--insecure-loopback allows loopback addresses only, and --peer-listen ${addressText(peerListen)} is none.`,
    );
  }
  if (peerAdvertise !== undefined && !isPeerUrl(`https://${addressText(peerAdvertise)}`)) {
    throw new CapstanError(
      'invalid',
      `--peer-advertise ${addressText(peerAdvertise)} cannot be reached by anybody.`,
    );
  }
}

/** Said before the agent starts: it would else take itself for another program that listens there. */
function checkPorts({ listen, agentCheck, peerListen }: AgentSettings): void {
  const wanted = [
    { flag: '--listen', at: listen, free: 7650 },
    { flag: '--agent-check', at: agentCheck, free: 7651 },
    { flag: '--peer-listen', at: peerListen, free: 7660 },
  ];
  for (const [index, { flag, at, free }] of wanted.entries()) {
    const other = wanted
      .slice(0, index)
      .find((each) => at !== undefined && each.at !== undefined && clash(each.at, at));
    if (at === undefined || other?.at === undefined) continue;
    throw new CapstanError(
      'invalid',
      `${other.flag} ${addressText(other.at)} and ${flag} ${addressText(at)} cannot have the same port.`,
      { hint: `Give ${flag} a port of its own, such as ${free}.` },
    );
  }
}

/** Whether who listens on one takes the other. */
function clash(a: Address, b: Address): boolean {
  if (a.port !== b.port || a.port === 0) return false;
  const [one, other] = [a, b].map(({ host }) => (host === 'localhost' ? '127.0.0.1' : host));
  return one === other || [one, other].some((host) => host === '0.0.0.0' || host === '::');
}

function ownValues(entries: readonly string[]): OwnValues {
  const forAll: Record<string, string> = {};
  const forApp = new Map<AppName, Record<string, string>>();
  for (const entry of entries) {
    const { app, name, value } = splitEnv(entry);
    if (app === undefined) forAll[name] = value;
    else if (isAppName(app)) forApp.set(app, { ...forApp.get(app), [name]: value });
  }
  return { forAll, forApp: [...forApp] };
}

function splitEnv(entry: string) {
  const [, app, name = '', value = ''] = /^(?:([^:=]+):)?([^=:]+)=(.*)$/s.exec(entry) ?? [];
  return { app, name, value, found: name !== '' };
}
