import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { systemClock } from '../shared/io/clock.js';
import { makeOwnDir } from '../shared/io/make-dir.js';
import { packageRoot } from '../shared/io/package-root.js';
import { systemRandom } from '../shared/io/random.js';
import type { Logger } from '../shared/ports/logger.js';
import { addressText } from '../shared/settings/kinds.js';
import { type CoordinatorSettings, hostsOf, ownHost } from './config.js';
import { defaultLivenessLimits } from './core/liveness.js';
import { operatorState } from './core/operators/operator.js';
import type { AtEnd } from './daemon/parts.js';
import { serveCalls } from './daemon/serve-calls.js';
import { serveFiles } from './daemon/serve-files.js';
import { removeLeftCopies } from './io/backup/database-copies.js';
import { refuseHalfRestored } from './io/backup/half-restored.js';
import { openCertificates } from './io/ca/certificates.js';
import { lockDataDir } from './io/data-dir-lock.js';
import { openStateStore } from './io/db/open.js';
import { databaseUrl } from './io/db/url.js';
import { openDropFolder } from './io/drop/open.js';
import { PollHub } from './io/grpc/poll-hub.js';
import { createGuards } from './io/guards.js';
import { spaceOfProcess } from './io/limits/door.js';
import { PeerDirectory } from './orchestrator/peers/peer-directory.js';
import { Orchestrator } from './orchestrator.js';
import type { Operators } from './ports/operators.js';

const clock = systemClock;
const random = systemRandom;

export interface CoordinatorWorld {
  readonly settings: CoordinatorSettings;
  readonly logger: Logger;
  readonly env: NodeJS.ProcessEnv;
}

/** Builds the parts, wires them, and resolves to what takes them down in order. What it built is taken down where a later part fails. */
export async function startCoordinator(world: CoordinatorWorld): Promise<() => Promise<void>> {
  const closing: Parameters<AtEnd>[0][] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    await start(world, (close) => closing.push(close));
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start({ settings, logger, env }: CoordinatorWorld, atEnd: AtEnd): Promise<void> {
  const dataDir = takeDataDir(settings, atEnd);
  const store = await openStateStore(databaseUrl(settings));
  atEnd(() => store.close());
  const certificates = settings.insecureLoopback
    ? undefined
    : await openCertificates({
        ...{ dataDir, hosts: hostsOf(settings) },
        ...{ lifeMs: settings.certificateLife, clock },
      });
  atEnd(() => certificates?.server.close());
  const guards = createGuards({ settings, clock, logger, space: spaceOfProcess() });
  atEnd(() => {
    guards.close();
  });
  const ports = {
    agent: settings.agentListen.port,
    operator: settings.operatorListen.port,
    http: settings.httpListen.port,
  };
  let operatorWith: Operators['withHash'] = () => undefined;
  const files = await serveFiles(
    {
      ...{ settings, certificates, ports, guard: guards.http, clock, logger, env },
      isOperator(hash) {
        const operator = operatorWith(hash);
        return operator !== undefined && operatorState(operator, clock.now()) === 'valid';
      },
    },
    atEnd,
  );
  const { releases, assets, install } = files;
  const stores = (): readonly string[] => [releases.publicUrl];
  const orchestrator = await Orchestrator.open({
    ...{ store, clock, random, logger, configRevision, stores },
    limits: {
      ...defaultLivenessLimits,
      silentAfterMs: settings.silentAfter,
      lostAfterMs: settings.lostAfter,
      startGraceMs: settings.startGrace,
    },
    keepMs: settings.keepEvents,
    bandwidth: settings.stagingBytesPerSecond,
    poisonAfter: settings.poisonAfter,
    assetsUrl: assets?.publicUrl,
  });
  atEnd(() => orchestrator.close());
  operatorWith = (hash) => orchestrator.operators.withHash(hash);
  const hub = new PollHub({ fleet: orchestrator, clock, random, holdMs: settings.pollHold });
  orchestrator.start(hub);
  const peers = new PeerDirectory({
    ...{ clock, random, logger },
    node: (name) => orchestrator.peerNode(name),
    acrossZones: settings.peersAcrossZones,
  });
  await serveCalls(
    {
      ...{ settings, orchestrator, hub, peers, certificates, guards, releases, assets, install, ports },
      ...{ stores, copyDatabase: (file) => store.copyTo(file), dataDir, clock, random },
    },
    atEnd,
  );
  if (settings.dropDir !== undefined) {
    const drops = await openDropFolder({
      folder: resolve(settings.dropDir),
      publisher: {
        program: join(packageRoot(), 'dist', 'capstan.cjs'),
        coordinator: addressText({ host: ownHost(settings.operatorListen), port: ports.operator }),
        files: certificates?.files,
        env,
      },
      operations: orchestrator.operations,
      ...{ clock, logger },
    });
    atEnd(() => drops.close());
  }
  if (certificates !== undefined) {
    logger.info('certificates', { pin: certificates.authority.pin, adminToken: certificates.files.token });
  }
  logger.info('listening', {
    agent: addressText({ ...settings.agentListen, port: ports.agent }),
    operator: addressText({ ...settings.operatorListen, port: ports.operator }),
    http: addressText({ ...settings.httpListen, port: ports.http }),
    store: releases.publicUrl,
    pid: process.pid,
  });
}

/** This process's alone, until it ends. */
function takeDataDir(settings: CoordinatorSettings, atEnd: AtEnd): string {
  const dataDir = resolve(settings.dataDir);
  makeOwnDir(dataDir, { mode: 0o750, what: 'The data directory', setting: '--data-dir' });
  atEnd(lockDataDir(dataDir));
  refuseHalfRestored(dataDir);
  removeLeftCopies(dataDir);
  return dataDir;
}

/** The first 8 hexadecimal digits of the SHA-256 of the values, in the order of their names. */
function configRevision(config: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 8);
}
