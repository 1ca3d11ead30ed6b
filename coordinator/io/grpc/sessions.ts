import type { sendUnaryData } from '@grpc/grpc-js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Epoch, NodeName, RestoreId } from '../../../shared/model/ids.js';
import type { LogRequest, PollAnswer, PollRequest } from '../../../shared/model/messages.js';
import type { NodeCaller } from '../../ports/fleet.js';

/** A run of an agent, from its first poll on. */
export interface Session {
  readonly name: NodeName;
  readonly instance: string;
  readonly id: string;
  /** Of the run that this one took the place of; '' if there was none. */
  readonly retired: string;
  address: string;
  /** The fleet takes the node in; from its first poll on. */
  arrival: Promise<void> | undefined;
  /** True once the fleet has. */
  arrived: boolean;
  held: HeldPoll | undefined;
  /** Monotonic milliseconds of the last sign of it. */
  seenAt: number;
  /** True once a missing status was asked for, so that asking does not become a loop. */
  asked: boolean;
  /** The revision last answered with. */
  told: number;
  logs: LogRequest[];
}

/** One of thousands: nothing but what answering it takes. */
export interface HeldPoll {
  readonly session: Session;
  readonly revisionSeen: number;
  /** Undefined: of an agent that knows of none. */
  readonly epochSeen: Epoch | undefined;
  readonly restoreSeen: RestoreId | undefined;
  /** Undefined once it is answered. */
  reply: sendUnaryData<PollAnswer> | undefined;
  /** Monotonic milliseconds; undefined until the fleet has been told of the poll. */
  expiresAt: number | undefined;
}

const forgottenAfterMs = 600_000;

/** Which run of which agent has each node's name. */
export class Sessions {
  readonly #nameKeptMs: number;
  readonly #byName = new Map<NodeName, Session>();

  /** @param nameKeptMs how long a name stays with an agent that holds no poll */
  constructor(nameKeptMs: number) {
    this.#nameKeptMs = nameKeptMs;
  }

  get(name: NodeName): Session | undefined {
    return this.#byName.get(name);
  }

  values(): Iterable<Session> {
    return this.#byName.values();
  }

  /**
   * The session that a poll belongs to, and the one whose place it takes, if it is the first poll of a run.
   * @throws CapstanError `conflict` if another agent has the name
   */
  claim(
    { name, address }: NodeCaller,
    { instance, session: id }: PollRequest,
    now: number,
  ): { readonly session: Session; readonly former?: Session } {
    const known = this.#byName.get(name);
    if (known?.id === id && known.instance === instance) {
      known.address = address;
      return { session: known };
    }
    // One instance in two places is a copied state directory: the run that was replaced comes back.
    const other = known !== undefined && (known.instance !== instance || known.retired === id);
    if (other && this.present(known, now)) throw nameTaken(name, known.address);
    const session: Session = {
      name,
      instance,
      id,
      retired: known?.id ?? '',
      address,
      arrival: undefined,
      arrived: false,
      held: undefined,
      seenAt: now,
      asked: false,
      told: -1,
      logs: known?.logs ?? [],
    };
    this.#byName.set(name, session);
    return known === undefined ? { session } : { session, former: known };
  }

  /** True if a poll is held, or was not long ago: between an answer and its next poll an agent is there as well. */
  present(session: Session, now: number): boolean {
    return session.held !== undefined || now - session.seenAt < this.#nameKeptMs;
  }

  /** True while no other run has taken its place. */
  isCurrent(session: Session): boolean {
    return this.#byName.get(session.name) === session;
  }

  remove(session: Session): void {
    if (this.isCurrent(session)) this.#byName.delete(session.name);
  }

  /** Drops what was not heard of for so long that nothing depends on it. */
  forget(now: number): void {
    for (const [name, { held, seenAt }] of this.#byName) {
      if (held === undefined && now - seenAt > forgottenAfterMs) this.#byName.delete(name);
    }
  }
}

export const nameTaken = (name: NodeName, address: string): CapstanError =>
  new CapstanError('conflict', `The agent at ${address} uses the name ${name} already.`, {
    hint: 'Give each node a name of its own (--name), and never copy the state directory of an agent.',
  });
