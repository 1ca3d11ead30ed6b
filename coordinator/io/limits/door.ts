import { readFileSync } from 'node:fs';
import { addressGroup } from '../../core/limits/address-group.js';
import { Crowd } from '../../core/limits/crowd.js';
import type { Refusals } from './refusals.js';

export interface DoorLimits {
  /** Connections at once. */
  readonly max: number;
  /** … of which so many may not have said who they are. */
  readonly maxUnknown: number;
  /** Until the first call or request is there, from the moment of the connection. Milliseconds. */
  readonly introductionMs: number;
  /**
   * When there are too many of the unknown, one that is older gives way also to somebody of its own address. Milliseconds;
   * Infinity: never, for they are at work.
   */
  readonly patienceMs: number;
  /** Connections of one caller. */
  readonly maxPerCaller: number;
}

/** A socket, as far as a door needs it. */
interface Connection {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  once(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
}

interface Guest {
  readonly socket: Connection;
  readonly peer: string;
  readonly group: string;
  /** When it came, in the time that we have waited for others. */
  readonly since: number;
  /** Undefined: it has not said. */
  caller: string | undefined;
  isGone: boolean;
}

interface DoorOptions {
  readonly limits: DoorLimits;
  readonly refusals: Pick<Refusals, 'note'>;
  /** Of all doors of the process. */
  readonly space: Space;
}

/** How many connections this process may have over all its ports. */
export interface Space {
  readonly max: number;
  taken: number;
}

/** For everything else: the database, files that are sent and taken in, a publisher's process. */
const descriptorsKept = 512;

/** As many connections as leave some file descriptors for the rest of the process. */
export function spaceOfProcess(): Space {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const [, soft] = /^Max open files\s+(\d+)/m.exec(limits) ?? [];
  const max = soft === undefined ? Number.POSITIVE_INFINITY : Math.max(64, Number(soft) - descriptorsKept);
  return { max, taken: 0 };
}

const lookEveryMs = 250;

/**
 * The door of a port: knows each connection from before its first byte on, how many there are of whom, and who has yet to say who
 * they are. What an unknown peer can do is to be one of `maxUnknown`, for `introductionMs`.
 */
export class Door {
  readonly #options: DoorOptions;
  /** By peer. One may be gone before we are told, and its port be another's. */
  readonly #guests = new Map<string, Guest>();
  #size = 0;
  /** Oldest first. */
  readonly #silent = new Set<Guest>();
  readonly #unknown: Crowd<Guest>;
  /** Oldest first. */
  readonly #ofCaller = new Map<string, Set<Guest>>();
  readonly #timer: NodeJS.Timeout;
  /**
   * How long we have waited for others, in milliseconds: while this process is too busy to look, it is they who wait, and
   * a fleet that comes back all at once would be cut off for that, again and again.
   */
  #waitedMs = 0;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#unknown = new Crowd({ patienceMs: options.limits.patienceMs });
    this.#timer = setInterval(() => {
      this.#waitedMs += lookEveryMs;
      this.#sweep();
    }, lookEveryMs).unref();
  }

  /**
   * A connection came.
   * @returns false if it cannot be taken: the caller destroys it
   */
  enter(socket: Connection): boolean {
    const { limits, refusals, space } = this.#options;
    const { remoteAddress, remotePort } = socket;
    if (remoteAddress === undefined) return false; // it is gone already
    const group = addressGroup(remoteAddress);
    const known = this.#size - this.#unknown.size;
    const room = Math.min(
      limits.maxUnknown,
      limits.max - known,
      this.#unknown.size + space.max - space.taken,
    );
    const since = this.#waitedMs;
    const peer = `${remoteAddress}:${remotePort}`;
    const guest: Guest = { socket, peer, group, since, caller: undefined, isGone: false };
    const entry = this.#unknown.enter(guest, group, since, room);
    if (entry.kind === 'instead') this.#cut(entry.of, 'connections');
    if (entry.kind === 'full') {
      refusals.note('connections', group);
      return false;
    }
    this.#guests.set(peer, guest);
    this.#silent.add(guest);
    this.#size += 1;
    space.taken += 1;
    socket.once('close', () => {
      this.#leave(guest);
    });
    return true;
  }

  /** A whole request came over the connection of this peer (`address:port`). It stays one of the unknown. */
  spoke(peer: string): void {
    const guest = this.#guests.get(peer);
    if (guest !== undefined) this.#silent.delete(guest);
  }

  /** Who is at the other end, if it has said so. */
  callerAt(peer: string): string | undefined {
    return this.#guests.get(peer)?.caller;
  }

  /** It is known who is at the other end. Of more connections of one caller than there may be, the oldest goes. */
  introduced(peer: string, caller: string): void {
    const guest = this.#guests.get(peer);
    if (guest === undefined || guest.caller !== undefined) return;
    this.#silent.delete(guest);
    this.#unknown.leave(guest);
    guest.caller = caller;
    const own = this.#ofCaller.get(caller) ?? new Set<Guest>();
    this.#ofCaller.set(caller, own.add(guest));
    if (own.size <= this.#options.limits.maxPerCaller) return;
    const [oldest] = own;
    if (oldest !== undefined) this.#cut(oldest, 'connections');
  }

  /** Ends the connection of a peer that cannot be told anything any more. */
  cut(peer: string, why: 'request' | 'reader'): void {
    const guest = this.#guests.get(peer);
    if (guest !== undefined) this.#cut(guest, why);
  }

  /** Connections that are left stay. */
  close(): void {
    clearInterval(this.#timer);
  }

  #sweep(): void {
    const before = this.#waitedMs - this.#options.limits.introductionMs;
    for (const guest of this.#silent) {
      if (guest.since > before) return;
      this.#cut(guest, 'introduction');
    }
  }

  #cut(guest: Guest, why: Parameters<Refusals['note']>[0]): void {
    this.#options.refusals.note(why, guest.caller ?? guest.group);
    this.#leave(guest);
    guest.socket.destroy();
  }

  #leave(guest: Guest): void {
    if (guest.isGone) return;
    guest.isGone = true;
    if (this.#guests.get(guest.peer) === guest) this.#guests.delete(guest.peer);
    this.#size -= 1;
    this.#silent.delete(guest);
    this.#unknown.leave(guest);
    this.#options.space.taken -= 1;
    const own = guest.caller === undefined ? undefined : this.#ofCaller.get(guest.caller);
    own?.delete(guest);
    if (own?.size === 0 && guest.caller !== undefined) this.#ofCaller.delete(guest.caller);
  }
}
