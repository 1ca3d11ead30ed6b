import { CapstanError } from '../../../shared/model/errors.js';
import type { Clock } from '../../../shared/ports/clock.js';
import { addressGroup } from '../../core/limits/address-group.js';
import { type Rate, TokenBuckets } from '../../core/limits/token-buckets.js';
import type { Door } from '../limits/door.js';
import type { Refusals } from '../limits/refusals.js';
import { type Caller, type IdentifiedCall, type Identify } from './identity.js';

export interface CallLimits {
  /** Of one caller. */
  readonly rate: Rate;
  /** Of one caller, at once. */
  readonly maxCalls: number;
  /** Of one address, for calls that need nobody to say who they are: to enrol, health, reflection. */
  readonly strangers: Rate;
}

interface GateOptions {
  readonly door: Pick<Door, 'callerAt' | 'introduced' | 'spoke'>;
  readonly refusals: Pick<Refusals, 'note'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly identify: Identify;
  /** Who a connection belongs to is the same for all calls on it, so it is asked once. */
  readonly callerOfConnection: boolean;
  /** The service whose callers have to be known, `capstan.v1.AgentService`. */
  readonly service: string;
  /** Undefined: nobody proves who they are, so nobody is counted. */
  readonly limits: CallLimits | undefined;
}

/** More callers than this are not told apart by what they did before. */
const maxCallers = 50_000;

/** Decides, before a call's message is read, whether it is taken: who calls, how often, and how much at once. */
export class Gate {
  readonly #options: GateOptions;
  readonly #calls = new Map<string, number>();
  readonly #callers: TokenBuckets | undefined;
  readonly #strangers: TokenBuckets | undefined;

  constructor(options: GateOptions) {
    this.#options = options;
    const { limits } = options;
    this.#callers = limits === undefined ? undefined : new TokenBuckets(limits.rate, maxCallers);
    this.#strangers = limits === undefined ? undefined : new TokenBuckets(limits.strangers, maxCallers);
  }

  /**
   * A call begins.
   * @param path `/capstan.v1.AgentService/Poll`
   * @returns who is to be told of by `end` when it is over; undefined: nobody
   * @throws CapstanError `unavailable` with a time to wait; what `identify` throws
   */
  begin(path: string, call: IdentifiedCall): string | undefined {
    const { door, limits } = this.#options;
    const peer = call.getPeer();
    if (limits === undefined) {
      door.spoke(peer);
      return undefined;
    }
    const caller = this.#callerOf(path, call, peer);
    if (caller === undefined) this.#takeStranger(peer);
    else this.#takeCaller(caller, limits);
    return caller;
  }

  /** A call of this caller is over, its answer taken. */
  end(caller: string): void {
    const left = (this.#calls.get(caller) ?? 0) - 1;
    if (left > 0) this.#calls.set(caller, left);
    else this.#calls.delete(caller);
  }

  #callerOf(path: string, call: IdentifiedCall, peer: string): string | undefined {
    const { door, service, callerOfConnection, identify } = this.#options;
    if (callerOfConnection) {
      const known = door.callerAt(peer);
      if (known !== undefined) return known;
    }
    if (!path.startsWith(`/${service}/`)) return undefined;
    let found: Caller;
    try {
      found = identify(call);
    } catch (error) {
      this.#takeStranger(peer);
      throw error;
    }
    const caller = `${found.kind} ${found.name}`;
    door.introduced(peer, caller);
    return caller;
  }

  #takeStranger(peer: string): void {
    const address = addressGroup(peer.slice(0, peer.lastIndexOf(':')));
    const waitMs = this.#strangers?.take(address, this.#options.clock.monotonic()) ?? 0;
    if (waitMs === 0) return;
    this.#options.refusals.note('strangers', address);
    throw new CapstanError('unavailable', `There are too many calls from ${address} that need no token.`, {
      retryAfterMs: waitMs,
    });
  }

  #takeCaller(caller: string, { rate, maxCalls }: CallLimits): void {
    const waitMs = this.#callers?.take(caller, this.#options.clock.monotonic()) ?? 0;
    if (waitMs > 0)
      throw this.#refused(caller, `calls more often than ${rate.perSecond} times a second`, waitMs);
    const calls = this.#calls.get(caller) ?? 0;
    if (calls >= maxCalls)
      throw this.#refused(caller, `has ${calls} calls under way, as many as it may`, 1000);
    this.#calls.set(caller, calls + 1);
  }

  #refused(caller: string, what: string, retryAfterMs: number): CapstanError {
    this.#options.refusals.note('calls', caller);
    return new CapstanError('unavailable', `The ${caller} ${what}.`, { retryAfterMs });
  }
}
