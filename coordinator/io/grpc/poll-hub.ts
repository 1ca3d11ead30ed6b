import type { sendUnaryData } from '@grpc/grpc-js';
import { areOfTwoRestores, epochText } from '../../../shared/core/epoch.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { type Epoch, isAppName, type NodeName } from '../../../shared/model/ids.js';
import type { PollAnswer, PollRequest } from '../../../shared/model/messages.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Random } from '../../../shared/ports/random.js';
import { statusFromError } from '../../../shared/wire/status.js';
import { decommissioned } from '../../core/membership.js';
import type { Fleet, NodeCaller, Polls } from '../../ports/fleet.js';
import { LogRequests } from './log-requests.js';
import { type HeldPoll, nameTaken, type Session, Sessions } from './sessions.js';

export interface PollHubOptions {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly random: Random;
  /** The longest a poll is held; the shortest is four fifths of it, so that polls do not move in step. Milliseconds. */
  readonly holdMs?: number;
  /** How long a name stays with an agent that holds no poll. Milliseconds. */
  readonly nameKeptMs?: number;
  /** More polls than this are pushed back. */
  readonly maxHeld?: number;
  /** How long a node has for the answer to a log request. Milliseconds. */
  readonly logBoundMs?: number;
  /** Absent: those of the system. */
  readonly timers?: HubTimers;
}

/** How the hub comes back to what it has put off. */
export interface HubTimers {
  /** Once others have had their turn. */
  readonly soon: (run: () => void) => void;
  /** Again and again, without keeping the process alive; returns what ends it. */
  readonly every: (ms: number, run: () => void) => () => void;
}

const systemTimers: HubTimers = {
  soon: (run) => {
    setImmediate(run);
  },
  every: (ms, run) => {
    const timer = setInterval(run, ms).unref();
    return () => {
      clearInterval(timer);
    };
  },
};

/** Proxies cut a silent stream after 60 s. */
const defaultHoldMs = 50_000;
const defaultNameKeptMs = 10_000;
/** Answers in one turn of the event loop: reports and operators come in between when a whole fleet is woken. */
const answersPerTurn = 200;
const maxLogRequests = 16;
/** Before the next poll of an agent that did not take what it was told: else the two would go round and round. */
const repeatPauseMs = 1000;

const nothingNew: PollAnswer = { desired: undefined, retryAfterMs: 0, reportWanted: false, logs: [] };

/**
 * The held polls of the fleet. One timer ends them all, nothing on the way of a poll waits for a promise, and a poll that is
 * held costs one small object beside its call.
 */
export class PollHub implements Polls {
  readonly #fleet: Fleet;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #holdMs: number;
  readonly #maxHeld: number;
  readonly #logRequests: LogRequests;
  readonly #sessions: Sessions;
  readonly #expelled = new Set<NodeName>();
  readonly #woken = new Set<Session>();
  readonly #timers: HubTimers;
  readonly #endSweeps: () => void;
  #answering = false;
  #held = 0;
  #drainMs: number | undefined;

  constructor({ fleet, clock, random, ...options }: PollHubOptions) {
    this.#fleet = fleet;
    this.#clock = clock;
    this.#random = random;
    this.#holdMs = options.holdMs ?? defaultHoldMs;
    this.#sessions = new Sessions(options.nameKeptMs ?? defaultNameKeptMs);
    this.#maxHeld = options.maxHeld ?? 50_000;
    this.#logRequests = new LogRequests(options.logBoundMs ?? 10_000);
    // A look at 5,000 polls takes microseconds; 5,000 timers, each with its closure, would take memory.
    this.#timers = options.timers ?? systemTimers;
    this.#endSweeps = this.#timers.every(Math.min(Math.max(this.#holdMs / 100, 10), 500), () => {
      this.#sweep();
    });
  }

  /** How many polls are held. */
  get held(): number {
    return this.#held;
  }

  /**
   * Takes a poll; `reply` is called once, now or later.
   * @throws CapstanError `conflict` if another agent uses the name, `unavailable` if there are too many
   */
  take(caller: NodeCaller, request: PollRequest, reply: sendUnaryData<PollAnswer>): HeldPoll {
    if (this.#held >= this.#maxHeld) {
      throw new CapstanError('unavailable', `The coordinator holds ${this.#held} polls, as many as it may.`, {
        retryAfterMs: Math.round(5000 + 10_000 * this.#random.next()),
      });
    }
    const { session, former } = this.#sessions.claim(caller, request, this.#clock.monotonic());
    if (former?.held !== undefined) this.#fail(former.held, nameTaken(caller.name, caller.address));
    if (session.held !== undefined) this.#fail(session.held, superseded());
    const { revisionSeen, epochSeen, restoreSeen } = request;
    const poll: HeldPoll = { session, revisionSeen, epochSeen, restoreSeen, reply, expiresAt: undefined };
    session.held = poll;
    this.#held += 1;
    if (session.arrived) this.#settle(poll);
    else if (session.arrival === undefined) {
      session.arrival = this.#arrive(caller, session);
      session.arrival.catch(() => undefined); // its polls are told; who reports waits for it
    }
    return poll;
  }

  /** The caller is gone. Does nothing if the poll was answered. */
  cancelled(poll: HeldPoll): void {
    if (poll.reply !== undefined) this.#end(poll);
  }

  /**
   * A report came in: resolves when it may be taken, which is at once unless its node is just arriving.
   * @throws CapstanError `conflict` if another run of the agent has taken over, `unavailable` before its first poll
   */
  reporting(node: NodeName, sessionId: string): Promise<void> | undefined {
    const session = this.#sessions.get(node);
    if (session === undefined) throw this.#unknown(node);
    if (session.id !== sessionId) throw nameTaken(node, session.address);
    session.seenAt = this.#clock.monotonic();
    return session.arrived ? undefined : session.arrival;
  }

  answerLogs(node: NodeName, id: string, text: string): void {
    this.#logRequests.answer(id, node, text);
  }

  wake(nodes: Iterable<NodeName>): void {
    for (const node of nodes) {
      const session = this.#sessions.get(node);
      if (session?.held?.expiresAt !== undefined) this.#woken.add(session);
    }
    this.#answerSoon();
  }

  async requestLogs(node: NodeName, app: string, maxBytes: number): Promise<string> {
    if (!isAppName(app))
      throw new CapstanError('invalid', `${JSON.stringify(app)} is not an application's name.`);
    const session = this.#sessions.get(node);
    if (session === undefined || !this.#sessions.present(session, this.#clock.monotonic())) {
      throw new CapstanError('unavailable', `The node ${node} is not connected.`, {
        hint: `\`capstan why ${node}\` says since when.`,
      });
    }
    if (session.logs.length >= maxLogRequests) {
      throw new CapstanError(
        'unavailable',
        `The node ${node} has ${maxLogRequests} log requests to answer.`,
        {
          retryAfterMs: 1000,
        },
      );
    }
    const id = this.#random.hex(8);
    session.logs.push({ id, app, maxBytes });
    const text = this.#logRequests.expect(id, node);
    if (session.held?.expiresAt !== undefined) this.#answer(session.held);
    return await text;
  }

  expel(node: NodeName): void {
    const session = this.#sessions.get(node);
    if (session !== undefined) this.#sessions.remove(session);
    this.#expelled.add(node);
    if (session?.held !== undefined) this.#fail(session.held, decommissioned(node));
  }

  /** Answers all polls, those to come as well, with "come back", spread over `windowMs`. */
  drain(windowMs: number): void {
    this.#drainMs = windowMs;
    this.#logRequests.close();
    for (const { held } of this.#sessions.values()) {
      if (held?.expiresAt !== undefined) this.#answer(held);
    }
  }

  /** Ends the timer. Polls that are held are not answered: drain first. */
  close(): void {
    this.#endSweeps();
    this.#logRequests.close();
  }

  async #arrive(caller: NodeCaller, session: Session): Promise<void> {
    try {
      await this.#fleet.nodeArrived(caller, session.instance);
      if (!this.#sessions.isCurrent(session)) throw this.#unknown(session.name);
    } catch (error) {
      this.#sessions.remove(session);
      if (session.held !== undefined) this.#fail(session.held, error);
      throw error;
    }
    this.#expelled.delete(session.name);
    session.arrived = true;
    if (session.held !== undefined) this.#settle(session.held);
  }

  /** Holds the poll, unless there is something to say. */
  #settle(poll: HeldPoll): void {
    const { session } = poll;
    const { epochSeen = 0 } = poll;
    if (epochSeen > this.#fleet.epoch || this.#isOfAnotherRestore(poll)) {
      this.#fleet.outranked(session.name, epochSeen);
      this.#fail(poll, this.#outranked(epochSeen));
      return;
    }
    this.#fleet.pollHeld(session.name);
    poll.expiresAt = this.#clock.monotonic() + this.#holdMs * (1 - 0.2 * this.#random.next());
    const say =
      this.#drainMs !== undefined ||
      this.#hasNews(poll) ||
      session.logs.length > 0 ||
      (!session.asked && this.#fleet.reportWanted(session.name, session.id));
    if (say) this.#answer(poll);
  }

  #answerSoon(): void {
    if (this.#answering || this.#woken.size === 0) return;
    this.#answering = true;
    this.#timers.soon(this.#answerWoken);
  }

  readonly #answerWoken = (): void => {
    this.#answering = false;
    let left = answersPerTurn;
    for (const session of this.#woken) {
      if (left === 0) break;
      left -= 1;
      this.#woken.delete(session);
      const { held } = session;
      if (held?.expiresAt === undefined) continue;
      if (this.#hasNews(held)) this.#answer(held);
    }
    this.#answerSoon();
  };

  #sweep(): void {
    const now = this.#clock.monotonic();
    for (const { held } of this.#sessions.values()) {
      if (held?.expiresAt !== undefined && held.expiresAt <= now) this.#answer(held);
    }
    this.#sessions.forget(now);
  }

  #answer(poll: HeldPoll): void {
    let answer: PollAnswer;
    try {
      answer = this.#answerTo(poll);
    } catch (error) {
      this.#fail(poll, error);
      return;
    }
    this.#end(poll)?.(null, answer);
  }

  /** Whether there is a desired state that the node does not have. One that knows of epochs is told of ours at once. */
  #hasNews({ session, revisionSeen, epochSeen, restoreSeen }: HeldPoll): boolean {
    const isNewEpoch = epochSeen !== undefined && epochSeen !== this.#fleet.epoch;
    const isNewRestore = restoreSeen === '' && this.#fleet.restoreId !== '';
    return isNewEpoch || isNewRestore || this.#fleet.revisionOf(session.name) !== revisionSeen;
  }

  /** Two restores began the epoch, and it has heard of the other one. */
  #isOfAnotherRestore({ epochSeen, restoreSeen }: HeldPoll): boolean {
    const { epoch, restoreId } = this.#fleet;
    return epochSeen === epoch && areOfTwoRestores(restoreSeen, restoreId);
  }

  /** It is to turn to the coordinator that it has this from. */
  #outranked(seen: Epoch): CapstanError {
    const { epoch } = this.#fleet;
    const other = seen === epoch ? 'another one of that epoch' : epochText(seen);
    const message = `This coordinator is of ${epochText(epoch)}, and the node has heard of ${other}.`;
    return new CapstanError('unavailable', message, {
      hint:
        seen === epoch
          ? `Two restores began it: stop one, and restore the other from its own backup with --after ${seen}.`
          : 'Another coordinator was restored since: this one is to be stopped.',
      retryAfterMs: Math.round(2000 + 3000 * this.#random.next()),
    });
  }

  #answerTo(poll: HeldPoll): PollAnswer {
    if (this.#drainMs !== undefined) {
      return { ...nothingNew, retryAfterMs: Math.round(this.#drainMs * this.#random.next()) };
    }
    const { session } = poll;
    const { name, logs } = session;
    const reportWanted = this.#fleet.reportWanted(name, session.id);
    const hasNews = this.#hasNews(poll);
    session.asked = reportWanted;
    if (!hasNews && !reportWanted && logs.length === 0) return nothingNew;
    session.logs = [];
    if (!hasNews) return { ...nothingNew, reportWanted, logs };
    const revision = this.#fleet.revisionOf(name);
    const retryAfterMs = session.told === revision ? repeatPauseMs : 0;
    session.told = revision;
    return { desired: this.#fleet.desiredStateOf(name), retryAfterMs, reportWanted, logs };
  }

  #fail(poll: HeldPoll, error: unknown): void {
    this.#end(poll)?.(statusFromError(error));
  }

  /** @returns what answers the poll */
  #end(poll: HeldPoll): sendUnaryData<PollAnswer> | undefined {
    const { session, reply } = poll;
    if (reply === undefined) return undefined;
    poll.reply = undefined;
    this.#held -= 1;
    if (session.held === poll) session.held = undefined;
    session.seenAt = this.#clock.monotonic();
    if (poll.expiresAt !== undefined) this.#fleet.pollOver(session.name);
    return reply;
  }

  #unknown(node: NodeName): CapstanError {
    if (this.#expelled.has(node)) return decommissioned(node);
    return new CapstanError('unavailable', `The node ${node} has to poll before it reports.`, {
      retryAfterMs: 500,
    });
  }
}

/** The agent gave its former poll up, though nobody has told us yet. */
const superseded = (): CapstanError =>
  new CapstanError('cancelled', 'A newer poll took the place of this one.');
