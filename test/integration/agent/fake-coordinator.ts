import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import type { Assignment, DesiredState } from '../../../shared/model/desired-state.js';
import type {
  LogAnswer,
  LogRequest,
  PollAnswer,
  PollRequest,
  ReportRequest,
} from '../../../shared/model/messages.js';
import type { AppStatus, NodeStatus } from '../../../shared/model/node-status.js';
import { agentService, type Received } from '../../../shared/wire/agent-messages.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';

interface Held {
  readonly revisionSeen: number;
  readonly answer: (answer: PollAnswer) => void;
}

/** A coordinator as one agent sees it, over a real connection: holds its polls and keeps its reports. */
export class FakeCoordinator {
  readonly reports: NodeStatus[] = [];
  readonly logs: LogAnswer[] = [];
  polls = 0;
  /** While set, polls are refused so: another agent has the name. */
  conflict = false;
  address = '';
  #desired: DesiredState = { revision: 0, assignments: [], stores: [] };
  #held: Held | undefined;
  #logRequests: LogRequest[] = [];
  #server = new Server();
  #reportWanted = true;

  async start(port = 0, credentials = ServerCredentials.createInsecure()): Promise<void> {
    this.#server = new Server();
    this.#server.addService(agentService, {
      poll: (call: ServerUnaryCall<Received<PollRequest>, PollAnswer>, done: sendUnaryData<PollAnswer>) => {
        this.#poll(call, done);
      },
      report: (call: ServerUnaryCall<Received<ReportRequest>, number>, done: sendUnaryData<number>) => {
        const { request } = call;
        if (!request.ok) throw new Error('a report that cannot be read');
        this.reports.push(request.message.status);
        this.logs.push(...request.message.logs);
        done(null, request.message.sequence);
      },
    });
    const bound = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync(`127.0.0.1:${port}`, credentials, (error, found) => {
        if (error === null) resolve(found);
        else reject(error);
      });
    });
    this.address = `127.0.0.1:${bound}`;
    cleanUp(() => {
      this.stop();
    });
  }

  stop(): void {
    this.#held = undefined;
    this.#server.forceShutdown();
  }

  /** The node's desired state from now on. */
  want(assignments: readonly Assignment[], stores: readonly string[], epoch = 0, restoreId = ''): void {
    const revision = Math.max(0, ...assignments.map(({ generation }) => generation));
    this.#desired = { revision, assignments, stores, epoch, restoreId };
    this.#offer();
  }

  askLog(request: LogRequest): void {
    this.#logRequests.push(request);
    this.#held?.answer(this.#answer(undefined));
  }

  /** The newest status of an application. */
  latest(app: string): AppStatus | undefined {
    return this.reports.at(-1)?.apps.find((status) => status.app === app);
  }

  /** Waits for the end of a generation. */
  settled(app: string, generation: number, timeoutMs = 15_000): Promise<AppStatus> {
    const ends = new Set(['healthy', 'failed', 'turnedBack', 'inconsistent', 'removed', 'staged']);
    return eventually(
      () => {
        const found = this.latest(app);
        if (found?.generation === generation && ends.has(found.phase)) return found;
        throw new Error(JSON.stringify(found));
      },
      { timeoutMs, what: `generation ${generation} to end` },
    );
  }

  /** Every phase that was reported, repetitions left out. */
  phases(app: string, generation: number): readonly string[] {
    const all = this.reports
      .flatMap((report) => report.apps)
      .filter((found) => found.app === app && found.generation === generation)
      .map((found) => found.phase);
    return all.filter((phase, index) => phase !== all[index - 1]);
  }

  #poll(call: ServerUnaryCall<Received<PollRequest>, PollAnswer>, done: sendUnaryData<PollAnswer>): void {
    const { request } = call;
    if (!request.ok) throw new Error('a poll that cannot be read');
    this.polls += 1;
    if (this.conflict) {
      const metadata = new Metadata();
      const said = { code: 'conflict', message: 'the name is taken by another agent at 10.0.0.7' };
      metadata.set('capstan-error-bin', Buffer.from(JSON.stringify(said)));
      done({ code: status.ALREADY_EXISTS, details: said.message, metadata });
      return;
    }
    const held: Held = {
      revisionSeen: request.message.revisionSeen,
      answer: (answer) => {
        if (this.#held === held) this.#held = undefined;
        done(null, answer);
      },
    };
    this.#held = held;
    call.on('cancelled', () => {
      if (this.#held === held) this.#held = undefined;
    });
    this.#offer();
  }

  #offer(): void {
    const held = this.#held;
    if (held === undefined) return;
    if (held.revisionSeen !== this.#desired.revision) held.answer(this.#answer(this.#desired));
    else if (this.#reportWanted || this.#logRequests.length > 0) held.answer(this.#answer(undefined));
  }

  #answer(desired: DesiredState | undefined): PollAnswer {
    const logs = this.#logRequests.splice(0);
    const reportWanted = this.#reportWanted;
    this.#reportWanted = false;
    return { desired, retryAfterMs: 0, reportWanted, logs };
  }
}
