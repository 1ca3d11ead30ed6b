import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { errorText } from '../shared/core/error-text.js';
import { isWildcard } from '../shared/core/loopback.js';
import { Claims } from '../shared/distribution/upkeep/claims.js';
import { systemClock } from '../shared/io/clock.js';
import { listenHint } from '../shared/io/listen-failure.js';
import { jsonLogger } from '../shared/io/logger.js';
import { makeOwnDir } from '../shared/io/make-dir.js';
import { runNotifier } from '../shared/io/notify/notifier.js';
import { packageRoot, packageVersion } from '../shared/io/package-root.js';
import { systemRandom } from '../shared/io/random.js';
import { CapstanError } from '../shared/model/errors.js';
import { messageLimits } from '../shared/model/messages.js';
import type { Logger } from '../shared/ports/logger.js';
import { type Address, addressText } from '../shared/settings/kinds.js';
import { loadSettings } from '../shared/settings/load.js';
import {
  assetsDirOf,
  type CoordinatorSettings,
  checkSettings,
  hostFor,
  hostsOf,
  packagesDirOf,
  program,
  settingsTable,
  storeDirOf,
} from './config.js';
import { defaultLivenessLimits } from './core/liveness.js';
import { operatorState } from './core/operators/operator.js';
import { createAssetStore } from './io/asset-store.js';
import { DatabaseCopies, removeLeftCopies } from './io/backup/database-copies.js';
import { refuseHalfRestored } from './io/backup/half-restored.js';
import { openCertificates } from './io/ca/certificates.js';
import { lockDataDir } from './io/data-dir-lock.js';
import { openStateStore } from './io/db/open.js';
import { databaseUrl } from './io/db/url.js';
import { openDropFolder } from './io/drop/open.js';
import { createAgentService } from './io/grpc/agent-service.js';
import { loopbackCredentials, tlsCredentials } from './io/grpc/credentials.js';
import { createEnrolmentService, createRenewal } from './io/grpc/enrolment-service.js';
import { identifyByCertificate, identifyByClaims, identifyByToken } from './io/grpc/identity.js';
import { createOperatorService } from './io/grpc/operator/service.js';
import { StoreJobs } from './io/grpc/operator/store-jobs.js';
import { PollHub } from './io/grpc/poll-hub.js';
import { type GrpcServerOptions, startGrpcServer } from './io/grpc/server.js';
import { nearEnough } from './io/grpc/skew.js';
import { createGuards } from './io/guards.js';
import { assetsPrefix } from './io/http/asset-routes.js';
import { AgentPackages } from './io/http/install/agent-packages.js';
import { installUrl } from './io/http/install/install-routes.js';
import { startHttpServer } from './io/http/server.js';
import { createUploadTickets } from './io/http/upload-tickets.js';
import { createReleaseStore } from './io/release-store.js';
import { PeerDirectory } from './orchestrator/peers/peer-directory.js';
import { Orchestrator } from './orchestrator.js';
import type { Operators } from './ports/operators.js';

const clock = systemClock;
const random = systemRandom;

/** The first 8 hexadecimal digits of the SHA-256 of the values, in the order of their names. */
const configRevision = (config: Readonly<Record<string, string>>): string => {
  const sorted = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 8);
};

/** How this host reaches what listens there. */
const ownHost = ({ host }: Address): string => (isWildcard(host) ? '127.0.0.1' : host);

/** Names the setting with which another address can be chosen. */
async function listening<Server>(flag: string, starting: Promise<Server>): Promise<Server> {
  try {
    return await starting;
  } catch (thrown) {
    const { code, message } = CapstanError.from(thrown);
    throw new CapstanError(code, message, { hint: listenHint(flag), cause: thrown });
  }
}

/** Builds the parts, wires them, and resolves to what takes them down in order. */
async function startCoordinator(settings: CoordinatorSettings, logger: Logger): Promise<() => Promise<void>> {
  makeOwnDir(resolve(settings.dataDir), { mode: 0o750, what: 'The data directory', setting: '--data-dir' });
  const undo: (() => Promise<void>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const stop of undo.splice(0).reverse()) await stop();
  };
  const unlock = lockDataDir(resolve(settings.dataDir));
  undo.push(() => {
    unlock();
    return Promise.resolve();
  });
  try {
    refuseHalfRestored(resolve(settings.dataDir));
    removeLeftCopies(resolve(settings.dataDir));
    const store = await openStateStore(databaseUrl(settings));
    undo.push(() => store.close());
    const storeDir = storeDirOf(settings);
    const assetsPath = assetsDirOf(settings);
    const assetsDir = assetsPath === undefined ? undefined : resolve(assetsPath);
    let operatorWith: Operators['withHash'] = () => undefined;
    const tickets = createUploadTickets({
      ...{ secret: randomBytes(32), now: () => clock.now() },
      isGood(hash) {
        const operator = operatorWith(hash);
        return operator !== undefined && operatorState(operator, clock.now()) === 'valid';
      },
    });
    const certificates = settings.insecureLoopback
      ? undefined
      : await openCertificates({
          ...{ dataDir: resolve(settings.dataDir), hosts: hostsOf(settings) },
          ...{ lifeMs: settings.certificateLife, clock },
        });
    undo.push(() => {
      certificates?.server.close();
      return Promise.resolve();
    });
    const guards = createGuards({ settings, clock, logger });
    undo.push(() => {
      guards.close();
      return Promise.resolve();
    });
    const ports = { operator: settings.operatorListen.port, http: settings.httpListen.port };
    const reachedAt = (listen: Address, port: number): string =>
      addressText({ host: hostFor(settings, listen), port });
    const install =
      certificates === undefined
        ? undefined
        : {
            packages: new AgentPackages(resolve(packagesDirOf(settings))),
            scriptFile: join(packageRoot(), 'systemd', 'install.sh'),
            facts: () => ({
              coordinator: reachedAt(settings.operatorListen, ports.operator),
              pin: certificates.authority.pin,
              serverPin: certificates.serverPin,
              origin: `https://${reachedAt(settings.httpListen, ports.http)}`,
            }),
          };
    const http = await listening(
      '--http-listen',
      startHttpServer({
        ...settings.httpListen,
        storeDir: storeDir === undefined ? undefined : resolve(storeDir),
        assetsDir,
        install,
        tickets,
        logger,
        certificate: certificates?.server,
        guard: guards.http,
      }),
    );
    undo.push(() => http.close({ drainMs: 5000 }));
    ports.http = http.port;
    const scheme = certificates === undefined ? 'http' : 'https';
    const origin = `${scheme}://${reachedAt(settings.httpListen, http.port)}`;
    const builtIn = `${origin}/store/v1`;
    const releases = createReleaseStore({
      url: storeDir === undefined ? settings.store : undefined,
      directory: { path: resolve(storeDir ?? ''), url: builtIn, ticket: (holder) => tickets.issue(holder) },
      publicUrl: settings.publicStoreUrl,
      env: process.env,
    });
    const stores = (): readonly string[] => [releases.publicUrl];
    const { assetsStore, assetsUrl } = settings;
    const assets =
      assetsStore === undefined
        ? undefined
        : createAssetStore({
            url: assetsStore,
            publicUrl: assetsUrl,
            builtIn: { url: `${origin}${assetsPrefix}`, ticket: (holder) => tickets.issue(holder) },
            env: process.env,
          });
    const limits = {
      ...defaultLivenessLimits,
      silentAfterMs: settings.silentAfter,
      lostAfterMs: settings.lostAfter,
      startGraceMs: settings.startGrace,
    };
    const orchestrator = await Orchestrator.open({
      store,
      clock,
      random,
      logger,
      limits,
      keepMs: settings.keepEvents,
      bandwidth: settings.stagingBytesPerSecond,
      poisonAfter: settings.poisonAfter,
      stores,
      assetsUrl: assets?.publicUrl,
      configRevision,
    });
    undo.push(() => orchestrator.close());
    operatorWith = (hash) => orchestrator.operators.withHash(hash);
    const hub = new PollHub({ fleet: orchestrator, clock, random, holdMs: settings.pollHold });
    orchestrator.start(hub);
    const peers = new PeerDirectory({
      ...{ clock, random, logger },
      node: (name) => orchestrator.peerNode(name),
      acrossZones: settings.peersAcrossZones,
    });

    const draining = new AbortController();
    const listen = async (
      flag: string,
      clients: 'required' | 'none',
      port: Omit<GrpcServerOptions, 'credentials'>,
    ) => {
      const credentials =
        certificates === undefined
          ? loopbackCredentials(port.host)
          : tlsCredentials(certificates.server, { clients });
      return listening(flag, startGrpcServer({ ...port, credentials }));
    };
    const { enrolment } = orchestrator;
    let agentPort = settings.agentListen.port;
    const joining =
      certificates === undefined || install === undefined
        ? undefined
        : {
            ...{
              enrolment,
              operators: orchestrator.operators,
              authority: certificates.authority,
              lifeMs: settings.certificateLife,
              serverPin: certificates.serverPin,
              installUrl: () => installUrl(install),
            },
            ...{ agentPort: () => agentPort, clock, random },
          };
    const identifyNode = nearEnough(
      'agent',
      certificates === undefined ? identifyByClaims : identifyByCertificate({ enrolment, clock }),
    );
    const identifyOperator = nearEnough(
      'command line',
      certificates === undefined
        ? identifyByClaims
        : identifyByToken({ admin: certificates.adminToken, operators: orchestrator.operators, clock }),
    );
    const operatorServices = [
      createOperatorService({
        ...{
          operations: orchestrator.operations,
          inventory: orchestrator.inventory,
          outbox: orchestrator.outbox,
          polls: hub,
          peers,
          identify: identifyOperator,
          joining,
          clock,
          stores,
        },
        upload: (holder) => releases.upload(holder),
        copies: new DatabaseCopies((file) => store.copyTo(file), resolve(settings.dataDir)),
        assets,
        jobs: new StoreJobs({
          store: releases,
          assets,
          claims: new Claims(() => clock.monotonic()),
          operations: orchestrator.operations,
          inventory: orchestrator.inventory,
          clock,
          keepReleases: settings.keepReleases,
        }),
        signal: draining.signal,
      }),
      ...(joining === undefined ? [] : [createEnrolmentService(joining)]),
    ];
    const operators = await listen('--operator-listen', 'none', {
      ...settings.operatorListen,
      ...{ services: operatorServices, guard: guards.operators(identifyOperator) },
    });
    ports.operator = operators.port;
    undo.push(() => operators.stop(3000));
    const agentService = createAgentService({
      ...{ fleet: orchestrator, hub, peers, identify: identifyNode },
      renewal: joining === undefined ? undefined : createRenewal(joining, identifyNode),
    });
    const agents = await listen('--agent-listen', 'required', {
      ...settings.agentListen,
      ...{ services: [agentService], guard: guards.agents(identifyNode) },
      maxMessageBytes: messageLimits.messageBytes,
    });
    agentPort = agents.port;
    undo.push(async () => {
      draining.abort();
      hub.drain(settings.drainWindow);
      await agents.stop(3000);
      hub.close();
    });
    if (settings.dropDir !== undefined) {
      const drops = await openDropFolder({
        folder: resolve(settings.dropDir),
        publisher: {
          program: join(packageRoot(), 'dist', 'capstan.cjs'),
          coordinator: addressText({ host: ownHost(settings.operatorListen), port: operators.port }),
          files: certificates?.files,
          env: process.env,
        },
        operations: orchestrator.operations,
        ...{ clock, logger },
      });
      undo.push(() => drops.close());
    }
    if (certificates !== undefined) {
      logger.info('certificates', { pin: certificates.authority.pin, adminToken: certificates.files.token });
    }
    logger.info('listening', {
      agent: addressText({ ...settings.agentListen, port: agents.port }),
      operator: addressText({ ...settings.operatorListen, port: operators.port }),
      http: addressText({ host: http.host, port: http.port }),
      store: releases.publicUrl,
      pid: process.pid,
    });
    return stopAll;
  } catch (error) {
    await stopAll();
    throw error;
  }
}

function fail(error: unknown): never {
  const failure = CapstanError.from(error);
  const { code } = failure;
  process.stderr.write(`capstan-coordinator: ${errorText(failure)}\n`);
  if (code === 'internal' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  process.exit(code === 'invalid' ? 2 : 1);
}

/** `backup` and `restore`: what they take is loaded when it is asked for. */
async function runCommand(word: 'backup' | 'restore', argv: readonly string[]): Promise<number> {
  const { backupCommand, restoreCommand } = await import('./io/backup/command.js');
  return (word === 'backup' ? backupCommand : restoreCommand)({
    argv,
    load: (rest) => loadSettings(program, settingsTable, rest, process.env),
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    ownAddress: ({ operatorListen }) =>
      addressText({ host: ownHost(operatorListen), port: operatorListen.port }),
    clock,
  });
}

async function main(): Promise<void> {
  const [word, ...rest] = process.argv.slice(2);
  if (word === 'backup' || word === 'restore') {
    process.exitCode = await runCommand(word, rest);
    return;
  }
  const loaded = loadSettings(program, settingsTable, process.argv.slice(2), process.env);
  if (loaded.kind === 'help') {
    process.stdout.write(loaded.text);
    return;
  }
  if (loaded.kind === 'version') {
    process.stdout.write(`${program.name} ${packageVersion()}\n`);
    return;
  }
  const { settings } = loaded;
  checkSettings(settings);
  setLogVerbosity(logVerbosity.NONE); // what fails is told by us, in one sentence
  const logger = jsonLogger(
    (line) => process.stdout.write(line),
    () => clock.now(),
  );
  const stopping = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (stopping.signal.aborted) process.exit(1);
      logger.info('stopping', { signal: name });
      stopping.abort();
    });
  }
  const starting = startCoordinator(settings, logger);
  const notices = {
    ...{ env: process.env, pid: process.pid, clock, log: logger },
    up: starting.then(() => undefined),
    // That this is reached at all says that the process answers.
    alive: () => true,
    status: () => 'serving',
  };
  runNotifier(notices, stopping.signal).catch(() => undefined); // only where the start fails, which is told below
  const stop = await starting;
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
  await stop();
  logger.info('stopped');
  process.exit(0);
}

main().catch(fail);
