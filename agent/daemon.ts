import { mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { systemClock } from '../shared/io/clock.js';
import { writeDurably } from '../shared/io/durable-file.js';
import { runNotifier } from '../shared/io/notify/notifier.js';
import { packageVersion } from '../shared/io/package-root.js';
import { systemRandom } from '../shared/io/random.js';
import { type AppName, agentApp, isAppName } from '../shared/model/ids.js';
import type { Pressure } from '../shared/model/node-status.js';
import type { Logger } from '../shared/ports/logger.js';
import { connectAgent } from '../shared/wire/agent-client.js';
import { AppLoop } from './app-loop.js';
import { type Acting, actingFor, type Host } from './daemon/acting.js';
import { baseEnvironment } from './io/base-environment.js';
import { watchConfDir } from './io/conf/conf-dir.js';
import { nodeRules } from './io/conf/node-rules.js';
import { nodeSignatures } from './io/conf/node-signatures.js';
import { nodeValues } from './io/conf/node-values.js';
import { openAgentCheck } from './io/endpoint/agent-check.js';
import { openHttpEndpoint } from './io/endpoint/http.js';
import type { Endpoint, OpinionSource } from './io/endpoint/listen.js';
import { sampleFacts } from './io/facts.js';
import { type OwnIdentity, ownIdentity } from './io/identity/own-identity.js';
import { RenewedCoordinator } from './io/identity/renewed-coordinator.js';
import { openPackTrading, type PackTrading, type PackTradingOptions } from './io/peers/pack-trading.js';
import { openOwnService } from './io/self/open-own-service.js';
import { Systemd } from './io/services/systemd/systemd.js';
import type { Stager } from './io/stager-client.js';
import { fileDesiredStore } from './io/state/desired-store.js';
import { readInstance } from './io/state/instance.js';
import { checkStateFormat } from './io/state/state-format.js';
import { hostUsers } from './io/users.js';
import { Link } from './link.js';
import { metricsText } from './metrics.js';
import { NodeAgent } from './node.js';
import { watchPressure } from './pressure-watch.js';
import { keepRenewed } from './renewal.js';
import { hostPressure } from './stager/pressure.js';
import { keptConfFileIn, releaseDirName } from './stager/protocol.js';
import type { OwnConf } from './stager/settings/own-values.js';
import type { AgentConfig } from './stager/settings/settings.js';
import { statusLine } from './status-line.js';
import { createSignal } from './wake.js';

function knownApps(stateDir: string): readonly AppName[] {
  const folder = join(stateDir, 'journal');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
    .filter(isAppName);
}

const enrolledHint =
  'Check that it runs and that the address is right: `capstan-agent enrol` has kept it; the setting coordinator (--coordinator) names another.';

/** Undefined unless this node is to trade packs with others. */
async function openTrading(
  { peerListen, peerAdvertise, ...settings }: AgentConfig['settings'],
  {
    stateDir,
    ...world
  }: { readonly stateDir: string } & Pick<
    PackTradingOptions,
    'identity' | 'stager' | 'clock' | 'log' | 'signal' | 'find' | 'onChange'
  >,
): Promise<PackTrading | undefined> {
  if (peerListen === undefined) return undefined;
  return await openPackTrading({
    ...world,
    listen: peerListen,
    advertise: peerAdvertise,
    slots: settings.peerSlots,
    bytesPerSecond: settings.peerBytesPerSecond,
    keepMs: settings.peerSpoolKeep,
    sharing: {
      spoolDir: join(stateDir, 'spool'),
      spoolBytes: settings.peerSpoolMb * 1_000_000,
      fromBytes: settings.peerFromMb * 1_000_000,
      stateDir: world.identity === undefined ? undefined : stateDir,
    },
  });
}

export interface AgentWorld {
  readonly config: AgentConfig;
  /** What `conf.d` said at the start, or was valid there last. */
  readonly conf: OwnConf;
  readonly stager: Stager;
  readonly log: Logger;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Has the signal come. */
  readonly end: (why: string) => void;
  /** What an application's loop acts through, for whoever wants something between the two. */
  readonly through?: (acting: Acting) => Acting;
}

const unreadJournals = (apps: readonly AppName[]): string =>
  apps.length === 0 ? '' : `it cannot read the journal of ${apps.join(', ')}`;

/** Works until aborted. It holds the lock of the state directory meanwhile. */
export async function runAgent({ config, stager, log, env, signal, ...world }: AgentWorld): Promise<void> {
  const { settings } = config;
  const stateDir = resolve(settings.stateDir);
  const root = resolve(settings.root);
  const confDir = resolve(settings.confDir);
  let { conf } = world;
  const base = baseEnvironment(env);
  const values = nodeValues(() => [conf, config.own], base);
  const rules = nodeRules(() => conf, confDir);
  const signatures = nodeSignatures(() => conf, { confDir, allowUnsigned: settings.allowUnsigned });
  const users = hostUsers(rules);
  const systemd = new Systemd({ path: base['PATH'] ?? '' });
  const clock = systemClock;
  const random = systemRandom;
  const started = createSignal();
  const notices = {
    ...{ env, pid: process.pid, clock, log, up: started.next() },
    alive: () => link.onTime,
    status: () => statusLine(node.status(), link),
  };
  const notifying = runNotifier(notices, signal);
  await checkStateFormat(stateDir, (error) => {
    log.warn('state.unmarked', { stateDir, error });
  });
  const instance = await readInstance(stateDir, random);
  let identity = settings.insecureLoopback ? undefined : ownIdentity(stateDir);
  const desiredStore = fileDesiredStore(join(stateDir, 'desired.json'));

  let tell: () => void = () => undefined;
  const trading = await openTrading(settings, {
    ...{ stateDir, identity, stager, clock, log, signal },
    find: (question) => link.findPeers(question, signal),
    onChange: () => {
      tell();
    },
  });
  let unconnected: () => string = () => 'it has not asked a coordinator yet';
  const own = openOwnService(env, {
    ...{ systemd, clock, signal, end: world.end },
    unready: () => unconnected() || unreadJournals(node.unread()),
    changing: () => node.changing().filter((app) => app !== agentApp),
  });
  const settled = createSignal();
  const host: Host = {
    ...{ settings, stateDir, root, base, rules, systemd, stager, trading, values, users, signatures },
    ...{ clock, random, log },
    stores: () => node.stores,
    ca: () => identity?.ca,
  };
  const makeLoop = (app: AppName): AppLoop => {
    const acting = actingFor(app, app === agentApp ? own : undefined, host, () => loop);
    const { parts, journal } = world.through?.(acting) ?? acting;
    const loop: AppLoop = new AppLoop({
      ...{ app, parts, journal, clock: parts.clock, random, log },
      keep: settings.keepReleases,
      onChange: () => {
        tell();
      },
      onSettled: () => {
        settled.notify();
      },
    });
    return loop;
  };
  const node = new NodeAgent({
    makeLoop,
    dirOf: ({ release, configRevision }) => releaseDirName(release, configRevision),
    keepDesired: (desired) => desiredStore.write(desired),
    log,
    agentVersion: packageVersion(),
    signing: () => signatures.summary(),
    held: (app) => (app === agentApp ? undefined : own?.trial),
    complaint: () =>
      [
        conf.refused === undefined ? '' : `conf.d counts as it was before: ${conf.refused}`,
        own?.trial === undefined ? '' : 'this agent is new, and begins nothing before it has proved itself',
      ]
        .filter((text) => text !== '')
        .join('; '),
  });
  await node.open(knownApps(stateDir), await desiredStore.read());
  const coordinators = config.coordinators.map(
    (address) =>
      new RenewedCoordinator(address, () =>
        connectAgent({
          address,
          ...(settings.coordinator.length === 0 ? { nobodyHint: enrolledHint } : {}),
          ...(identity?.channelTo(address) ?? {
            credentials: credentials.createInsecure(),
            claims: { name: config.name, labels: config.labels },
          }),
        }),
      ),
  );
  const link: Link = new Link({
    coordinators,
    ...{ instance, session: random.hex(16), clock, random, log },
    revisionSeen: () => node.revision,
    epochSeen: () => node.epoch,
    restoreSeen: () => node.restoreId,
    status: () => node.status(),
    serving: () => trading?.serving(),
    apply: (desired) => node.apply(desired),
    readLog: (request) => node.readLog(request),
  });
  tell = () => {
    link.changed();
  };
  unconnected = () =>
    link.connected ? '' : `no coordinator has answered it${link.trouble === '' ? '' : `: ${link.trouble}`}`;
  void own?.trial?.then(tell);
  const opinions: OpinionSource = {
    opinion: (app) => node.opinion(app),
    stagingOpinion: (app) => node.stagingOpinion(app),
    answered: (app, answer) => {
      node.answered(app, answer);
    },
  };
  const endpoint = await openHttpEndpoint(settings.listen, {
    ...opinions,
    metrics: () => metricsText(node.status(), link.connected, trading?.sentBytes()),
  });
  const agentCheck =
    settings.agentCheck === undefined ? undefined : await openAgentCheck(settings.agentCheck, opinions);
  const keepConf = (): Promise<void> =>
    writeDurably(keptConfFileIn(stateDir), JSON.stringify(conf.files)).catch((error: unknown) => {
      log.warn('conf.notKept', { error });
    });
  if (conf.refused === undefined) await keepConf();
  else log.error('conf.refused', { message: conf.refused });
  const confWatch = watchConfDir(
    {
      folder: confDir,
      read: async () => (await stager.conf({ confDir }, { signal })).conf,
      apply: async (changed) => {
        conf = changed;
        link.changed();
        await keepConf();
      },
      refuse: (refused) => {
        conf = { ...conf, refused };
        link.changed();
      },
      ...{ clock, log },
    },
    signal,
  );
  const where = ({ address: { host, port } }: Endpoint): string => `${host}:${port}`;
  log.info('listening', {
    address: where(endpoint),
    ...(agentCheck === undefined ? {} : { agentCheck: where(agentCheck) }),
    pid: process.pid,
  });
  const facts = sampleFacts(
    {
      stager,
      paths: [stateDir, root],
      everyMs: settings.factsEvery,
      clock,
      log,
      onFacts: (seen) => {
        node.setFacts(seen);
        link.changed();
      },
    },
    signal,
  );
  const onPressure = (pressure: Pressure): void => {
    node.setPressure(pressure);
    link.changed();
  };
  const pressure = watchPressure({ settled, read: hostPressure, onPressure, clock }, signal);
  const renewal = async (first: OwnIdentity): Promise<void> => {
    const renew = async (): Promise<OwnIdentity> => {
      await stager.renew({ stateDir, coordinators: config.coordinators }, { signal });
      const renewed = ownIdentity(stateDir) ?? first;
      identity = renewed;
      for (const coordinator of coordinators) coordinator.renew();
      trading?.renew(renewed);
      return renewed;
    };
    await keepRenewed({ first, renew, clock, random, log }, signal);
  };
  const working = [node.run(signal), link.run(signal), facts, pressure, confWatch];
  if (identity !== undefined) working.push(renewal(identity));
  started.notify();
  await own?.up().catch((error: unknown) => {
    log.warn('updates.startsNotForgotten', { error });
  });
  await Promise.all([...working, notifying]);
  await endpoint.close();
  await agentCheck?.close();
  await trading?.close();
}
