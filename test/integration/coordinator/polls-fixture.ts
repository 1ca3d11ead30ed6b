import { credentials } from '@grpc/grpc-js';
import { createAgentService } from '../../../coordinator/io/grpc/agent-service.js';
import { loopbackCredentials } from '../../../coordinator/io/grpc/credentials.js';
import { identifyByClaims } from '../../../coordinator/io/grpc/identity.js';
import { PollHub, type PollHubOptions } from '../../../coordinator/io/grpc/poll-hub.js';
import { type GrpcServer, startGrpcServer } from '../../../coordinator/io/grpc/server.js';
import type { Fleet, NodeCaller } from '../../../coordinator/ports/fleet.js';
import { systemClock } from '../../../shared/io/clock.js';
import { systemRandom } from '../../../shared/io/random.js';
import type { DesiredState } from '../../../shared/model/desired-state.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { NodeName } from '../../../shared/model/ids.js';
import type { Labels } from '../../../shared/model/labels.js';
import type { PollAnswer, PollRequest } from '../../../shared/model/messages.js';
import type { NodeStatus } from '../../../shared/model/node-status.js';
import { type AgentClient, connectAgent } from '../../../shared/wire/agent-client.js';
import { cleanUp } from '../../support/cleanup.js';
import { noPeers } from '../../support/no-peers.js';

export const quietStatus: NodeStatus = {
  apps: [],
  facts: undefined,
  agentVersion: '0.1.0',
  allowUnsigned: false,
};

/** A coordinator's fleet in memory: what the tests set is what nodes are told, what nodes say is written down. */
export class FakeFleet implements Fleet {
  readonly revisions = new Map<string, number>();
  readonly arrivals: { readonly caller: NodeCaller; readonly instance: string }[] = [];
  readonly reports: { readonly node: string; readonly sequence: number; readonly status: NodeStatus }[] = [];
  /** Sessions whose status is not wanted; all are once they reported. */
  readonly reported = new Set<string>();
  readonly held = new Map<string, number>();
  readonly refused = new Set<string>();
  readonly outrankedBy: { readonly node: string; readonly seen: number }[] = [];
  epoch = 0;
  restoreId = '';
  /** Waited for before a node is in. */
  committed: Promise<void> = Promise.resolve();

  async nodeArrived(caller: NodeCaller, instance: string): Promise<void> {
    await this.committed;
    if (this.refused.has(caller.name)) throw new CapstanError('refused', `${caller.name} is not welcome`);
    this.arrivals.push({ caller, instance });
  }
  revisionOf(node: NodeName): number {
    return this.revisions.get(node) ?? 0;
  }
  desiredStateOf(node: NodeName): DesiredState {
    return { revision: this.revisionOf(node), assignments: [], stores: ['http://127.0.0.1:1/store/v1'] };
  }
  reportWanted(_node: NodeName, session: string): boolean {
    return !this.reported.has(session);
  }
  report(node: NodeName, session: string, sequence: number, status: NodeStatus): Promise<void> {
    this.reports.push({ node, sequence, status });
    this.reported.add(session);
    return Promise.resolve();
  }
  outranked(node: NodeName, seen: number): void {
    this.outrankedBy.push({ node, seen });
  }
  pollHeld(node: NodeName): void {
    this.held.set(node, (this.held.get(node) ?? 0) + 1);
  }
  pollOver(node: NodeName): void {
    this.held.set(node, (this.held.get(node) ?? 0) - 1);
  }
}

export interface Setup {
  readonly fleet: FakeFleet;
  readonly hub: PollHub;
  readonly server: GrpcServer;
  readonly address: string;
}

/** A server of the agents' service on a free port of this machine. */
export async function startPolls(options: Partial<PollHubOptions> = {}): Promise<Setup> {
  const fleet = new FakeFleet();
  const hub = new PollHub({ fleet, clock: systemClock, random: systemRandom, ...options });
  const server = await startGrpcServer({
    host: '127.0.0.1',
    port: 0,
    credentials: loopbackCredentials('127.0.0.1'),
    services: [createAgentService({ fleet, hub, peers: noPeers, identify: identifyByClaims })],
  });
  cleanUp(async () => {
    hub.close();
    await server.stop(0);
  });
  return { fleet, hub, server, address: `127.0.0.1:${server.port}` };
}

/** An agent that does what it is told by the test. */
export class TestAgent {
  readonly client: AgentClient;
  readonly instance: string;
  readonly session: string;

  constructor(
    address: string,
    {
      name = 'node-a',
      instance = `${name}-1`,
      session = 's1',
      labels = {},
    }: {
      readonly name?: string;
      readonly instance?: string;
      readonly session?: string;
      readonly labels?: Labels;
    } = {},
  ) {
    this.instance = instance;
    this.session = session;
    const claims = { name: name as NodeName, labels };
    this.client = connectAgent({ address, credentials: credentials.createInsecure(), claims });
    cleanUp(() => {
      this.client.close();
    });
  }

  poll(
    request: Partial<PollRequest> = {},
    signal: AbortSignal = new AbortController().signal,
  ): Promise<PollAnswer> {
    const { instance, session } = this;
    const whole = { revisionSeen: 0, instance, session, reportSequence: 0, ...request };
    return this.client.poll(whole, { deadlineMs: 10_000, signal });
  }

  report(
    sequence: number,
    status: NodeStatus,
    logs: readonly { id: string; text: string }[] = [],
  ): Promise<number> {
    const signal = new AbortController().signal;
    return this.client.report(
      { session: this.session, sequence, status, logs, serving: undefined },
      { deadlineMs: 10_000, signal },
    );
  }
}

/** What a call fails with. */
export async function failureOf(call: Promise<unknown>): Promise<CapstanError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof CapstanError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
