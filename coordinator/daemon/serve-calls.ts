import { Claims } from '../../shared/distribution/upkeep/claims.js';
import { messageLimits } from '../../shared/model/messages.js';
import type { Clock } from '../../shared/ports/clock.js';
import type { Random } from '../../shared/ports/random.js';
import type { CoordinatorSettings } from '../config.js';
import type { AssetStore } from '../io/asset-store.js';
import { DatabaseCopies } from '../io/backup/database-copies.js';
import type { Certificates } from '../io/ca/certificates.js';
import { createAgentService } from '../io/grpc/agent-service.js';
import { loopbackCredentials, tlsCredentials } from '../io/grpc/credentials.js';
import { createEnrolmentService, createRenewal } from '../io/grpc/enrolment-service.js';
import {
  type Identify,
  identifyByCertificate,
  identifyByClaims,
  identifyByToken,
} from '../io/grpc/identity.js';
import { createOperatorService } from '../io/grpc/operator/service.js';
import { StoreJobs } from '../io/grpc/operator/store-jobs.js';
import type { PollHub } from '../io/grpc/poll-hub.js';
import { type GrpcServer, type GrpcServerOptions, type Service, startGrpcServer } from '../io/grpc/server.js';
import { nearEnough } from '../io/grpc/skew.js';
import type { Guards } from '../io/guards.js';
import { type InstallOptions, installUrl } from '../io/http/install/install-routes.js';
import type { ReleaseStore } from '../io/release-store.js';
import type { PeerDirectory } from '../orchestrator/peers/peer-directory.js';
import type { Orchestrator } from '../orchestrator.js';
import { type AtEnd, listening, type Ports, reachedAt } from './parts.js';

interface CallParts {
  readonly settings: CoordinatorSettings;
  readonly dataDir: string;
  readonly orchestrator: Orchestrator;
  readonly hub: PollHub;
  readonly peers: PeerDirectory;
  /** Undefined: without TLS. */
  readonly certificates: Certificates | undefined;
  readonly guards: Guards;
  readonly releases: ReleaseStore;
  readonly assets: AssetStore | undefined;
  readonly install: InstallOptions | undefined;
  readonly ports: Ports;
  readonly stores: () => readonly string[];
  readonly copyDatabase: (file: string) => Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
}

/** Opens the ports of operators and of agents. */
export async function serveCalls(parts: CallParts, atEnd: AtEnd): Promise<void> {
  const { settings, orchestrator, hub, guards, ports } = parts;
  const joining = joiningOf(parts);
  const draining = new AbortController();
  const identifyOperator = operatorIdentity(parts);
  const operators = await listenWithTls(parts, '--operator-listen', 'none', {
    ...settings.operatorListen,
    services: [
      operatorService(parts, identifyOperator, draining.signal),
      ...(joining === undefined ? [] : [createEnrolmentService(joining)]),
    ],
    guard: guards.operators(identifyOperator),
  });
  ports.operator = operators.port;
  atEnd(() => operators.stop(3000));
  const identifyNode = nodeIdentity(parts);
  const agentService = createAgentService({
    ...{ fleet: orchestrator, hub, peers: parts.peers, identify: identifyNode },
    renewal: joining === undefined ? undefined : createRenewal(joining, identifyNode),
  });
  const agents = await listenWithTls(parts, '--agent-listen', 'required', {
    ...settings.agentListen,
    ...{ services: [agentService], guard: guards.agents(identifyNode) },
    maxMessageBytes: messageLimits.messageBytes,
  });
  ports.agent = agents.port;
  atEnd(async () => {
    draining.abort();
    hub.drain(settings.drainWindow);
    await agents.stop(3000);
    hub.close();
  });
}

const listenWithTls = (
  { certificates }: CallParts,
  flag: string,
  clients: 'required' | 'none',
  port: Omit<GrpcServerOptions, 'credentials'>,
): Promise<GrpcServer> => {
  const credentials =
    certificates === undefined
      ? loopbackCredentials(port.host)
      : tlsCredentials(certificates.server, { clients });
  return listening(flag, startGrpcServer({ ...port, credentials }));
};

const nodeIdentity = ({ certificates, orchestrator: { enrolment }, clock }: CallParts) =>
  nearEnough(
    'agent',
    certificates === undefined ? identifyByClaims : identifyByCertificate({ enrolment, clock }),
  );

const operatorIdentity = ({ certificates, orchestrator: { operators }, clock }: CallParts) =>
  nearEnough(
    'command line',
    certificates === undefined
      ? identifyByClaims
      : identifyByToken({ admin: certificates.adminToken, operators, clock }),
  );

/** What lets servers and people in; undefined without TLS. */
function joiningOf({ settings, orchestrator, certificates, install, ports, clock, random }: CallParts) {
  if (certificates === undefined || install === undefined) return undefined;
  return {
    ...{ enrolment: orchestrator.enrolment, operators: orchestrator.operators },
    ...{ authority: certificates.authority, serverPin: certificates.serverPin },
    lifeMs: settings.certificateLife,
    installUrl: () => installUrl(install),
    operatorAddress: () => reachedAt(settings, settings.operatorListen, ports.operator),
    agentPort: () => ports.agent,
    ...{ clock, random },
  };
}

function operatorService(parts: CallParts, identify: Identify, signal: AbortSignal): Service {
  const { settings, orchestrator, releases, assets, clock } = parts;
  const { operations, inventory, outbox } = orchestrator;
  return createOperatorService({
    ...{ operations, inventory, outbox, identify, assets, clock, signal },
    ...{ polls: parts.hub, peers: parts.peers, stores: parts.stores, joining: joiningOf(parts) },
    upload: (holder) => releases.upload(holder),
    copies: new DatabaseCopies(parts.copyDatabase, parts.dataDir),
    jobs: new StoreJobs({
      ...{ store: releases, assets, operations, inventory, clock },
      claims: new Claims(() => clock.monotonic()),
      keepReleases: settings.keepReleases,
    }),
  });
}
