import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { credentials } from '@grpc/grpc-js';
import type { Assignment, DesiredState } from '../../../shared/model/desired-state.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, NodeName } from '../../../shared/model/ids.js';
import type { Labels } from '../../../shared/model/labels.js';
import type { LogAnswer } from '../../../shared/model/messages.js';
import type { AppStatus, Drift, HostFacts } from '../../../shared/model/node-status.js';
import { connectAgent } from '../../../shared/wire/agent-client.js';
import { cleanUp } from '../../support/cleanup.js';

/** What becomes of an assignment: undefined, and nothing is reported yet. */
export type Outcome = 'healthy' | 'turnedBack' | 'databaseFailed' | undefined;

export interface FakeAgentOptions {
  /** It says that nothing unsigned may run on it. */
  readonly signedOnly?: boolean;
  readonly address: string;
  readonly name: string;
  readonly labels: Labels;
  readonly outcome?: (assignment: Assignment) => Outcome;
  /** What is to be staged stays on its way until `finishStaging`. */
  readonly slowStaging?: boolean;
  /** How many releases stay on its disk; all by default. */
  readonly keeps?: number;
  /** What it says of its host; nothing by default. */
  readonly facts?: HostFacts;
}

type Change = Omit<Partial<AppStatus>, 'drift'> & { readonly drift?: Drift | undefined };

/** An agent that talks like a real one and does nothing: its statuses follow from its assignments at once. */
export class FakeAgent {
  /** Every desired state it was given. */
  readonly told: DesiredState[] = [];
  /** Answers that said "come back in …". Milliseconds. */
  readonly pauses: number[] = [];
  readonly errors: CapstanError[] = [];
  readonly #options: FakeAgentOptions;
  readonly #stop = new AbortController();
  readonly #statuses = new Map<AppName, AppStatus>();
  readonly #running: Promise<void>;
  #desired: DesiredState | undefined;
  #wanted: (assignment: Assignment) => Outcome;
  #report: () => Promise<void> = () => Promise.resolve();
  #slow: boolean;
  readonly #keeps: number;
  #facts: HostFacts | undefined;
  #pollingSince: number | undefined;
  #sequence = 0;
  #acknowledged = 0;

  constructor(options: FakeAgentOptions) {
    this.#options = options;
    this.#wanted = options.outcome ?? (() => 'healthy');
    this.#slow = options.slowStaging ?? false;
    this.#facts = options.facts;
    this.#keeps = options.keeps ?? Number.POSITIVE_INFINITY;
    this.#running = this.#run();
    cleanUp(() => this.stop());
  }

  get name(): NodeName {
    return this.#options.name as NodeName;
  }

  status(app: string): AppStatus | undefined {
    return this.#statuses.get(app as AppName);
  }

  /** From its next poll on. */
  behave(outcome: (assignment: Assignment) => Outcome): void {
    this.#wanted = outcome;
  }

  /** The assignment it was given last. */
  get assignment(): Assignment | undefined {
    return this.#desired?.assignments.at(-1);
  }

  /** Reports something of an application that follows from no assignment: files that were changed, a reboot that ended ill. */
  async say(app: string, change: Change): Promise<void> {
    const status = this.status(app);
    if (status === undefined) throw new Error(`${this.name} knows nothing of ${app}`);
    const { drift, ...rest } = { ...status, ...change };
    this.#statuses.set(status.app, drift === undefined ? rest : { ...rest, drift });
    await this.#report();
  }

  /** Reports something else of its host; undefined: nothing yet, as an agent does that was just started. */
  async tellFacts(facts: HostFacts | undefined): Promise<void> {
    this.#facts = facts;
    await this.#report();
  }

  /** Says that what it stages is on its disk. */
  async finishStaging(): Promise<void> {
    this.#slow = false;
    this.#follow();
    await this.#report();
  }

  /** True while it has reported and its poll is held. */
  get idle(): boolean {
    const since = this.#pollingSince;
    return this.#acknowledged > 0 && since !== undefined && performance.now() - since > 200;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { address, name, labels } = this.#options;
    const claims = { name: name as NodeName, labels };
    const client = connectAgent({ address, credentials: credentials.createInsecure(), claims });
    const identity = { instance: randomBytes(8).toString('hex'), session: randomBytes(8).toString('hex') };
    const { signal } = this.#stop;
    const report = async (logs: readonly LogAnswer[]): Promise<void> => {
      this.#sequence += 1;
      const status = {
        apps: [...this.#statuses.values()],
        facts: this.#facts,
        agentVersion: 'fake',
        allowUnsigned: this.#options.signedOnly !== true,
      };
      const request = {
        ...{ session: identity.session, sequence: this.#sequence },
        ...{ status, logs, serving: undefined },
      };
      this.#acknowledged = await client.report(request, { deadlineMs: 5000, signal });
    };
    this.#report = () => report([]);
    while (!signal.aborted) {
      try {
        const revisionSeen = this.#desired?.revision ?? 0;
        this.#pollingSince = performance.now();
        const answer = await client.poll(
          {
            ...identity,
            revisionSeen,
            reportSequence: this.#acknowledged,
            epochSeen: this.#desired?.epoch ?? 0,
            restoreSeen: this.#desired?.restoreId ?? '',
          },
          { deadlineMs: 60_000, signal },
        );
        this.#pollingSince = undefined;
        if (answer.desired !== undefined) {
          this.told.push(answer.desired);
          this.#desired = answer.desired;
        }
        const changed = this.#follow();
        const logs = answer.logs.map(({ id, app }) => ({ id, text: `output of ${app} on ${name}` }));
        if (changed || answer.reportWanted || logs.length > 0) await report(logs);
        if (answer.retryAfterMs > 0) {
          this.pauses.push(answer.retryAfterMs);
          await delay(answer.retryAfterMs, undefined, { signal });
        }
      } catch (error) {
        this.#pollingSince = undefined;
        this.errors.push(CapstanError.from(error));
        await delay(50, undefined, { signal }).catch(() => undefined);
      }
    }
    client.close();
  }

  #follow(): boolean {
    let changed = false;
    for (const assignment of this.#desired?.assignments ?? []) {
      const before = this.#statuses.get(assignment.app);
      const isOpen = before?.phase === 'checking' || before?.phase === 'staging';
      if (before?.generation === assignment.generation && !isOpen) continue;
      // As a real one: what is older than what it has is refused.
      if (before !== undefined && before.generation > assignment.generation) continue;
      const isStaged = before?.staged.includes(assignment.release.digest) === true;
      const stages = assignment.intent === 'stage' && this.#slow && !isStaged;
      const outcome = stages
        ? undefined
        : assignment.intent === 'stage'
          ? 'healthy'
          : this.#wanted(assignment);
      const status = inOrOut(assignment, statusAfter(assignment, before, outcome));
      this.#statuses.set(assignment.app, { ...status, staged: status.staged.slice(-this.#keeps) });
      changed = true;
    }
    return changed;
  }
}

/** As its group takes requests, or none. */
const inOrOut = ({ standby }: Assignment, status: AppStatus): AppStatus =>
  standby === true ? { ...status, ready: false, standby } : status;

function statusAfter(assignment: Assignment, before: AppStatus | undefined, outcome: Outcome): AppStatus {
  const { version, digest } = assignment.release;
  const staged = [...new Set([...(before?.staged ?? []), digest])];
  const base = {
    app: assignment.app,
    generation: assignment.generation,
    staged,
    note: '',
    fetched: undefined,
    fetchedFrom: [],
    failure: undefined,
  };
  const old = {
    ready: before?.ready ?? false,
    health: before?.health ?? 'unknown',
    current: before?.current,
    previous: before?.previous,
  } as const;
  if (assignment.intent === 'stage' && outcome === undefined)
    return { ...base, ...old, staged: before?.staged ?? [], phase: 'staging' };
  if (assignment.intent === 'stage') return { ...base, ...old, phase: 'staged' };
  if (outcome === undefined) return { ...base, ...old, ready: false, phase: 'checking' };
  if (outcome === 'databaseFailed') {
    const failure = { step: 'database', reason: 'bin/migrate exited 1', logTail: 'no such column' } as const;
    return { ...base, ...old, phase: 'failed', failure };
  }
  if (outcome === 'turnedBack') {
    const failure = {
      step: 'check',
      reason: 'GET /healthz answered 503',
      logTail: 'cannot find module',
    } as const;
    return { ...base, ...old, phase: 'turnedBack', failure };
  }
  if (assignment.intent === 'remove') {
    const none = { current: undefined, previous: undefined, staged: [] };
    return { ...base, ...none, phase: 'removed', health: 'unknown', ready: false };
  }
  const current = { version, digest };
  return { ...base, phase: 'healthy', health: 'healthy', ready: true, current, previous: before?.current };
}
