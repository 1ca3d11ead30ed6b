import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import type { Clock } from '../../../shared/ports/clock.js';
import { statusFromError } from '../../../shared/wire/status.js';
import type { Door } from '../limits/door.js';
import type { Gate } from './gate.js';

interface PatienceOptions {
  readonly gate: Pick<Gate, 'begin' | 'end'>;
  readonly door: Pick<Door, 'cut'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** From the headers of a call to the end of its message. Milliseconds. */
  readonly requestMs: number;
  /** For the other side to take a message of ours. Milliseconds. */
  readonly readerMs: number;
}

/** What a call waits for the other side to do. */
interface Wait {
  readonly for: 'request' | 'reader';
  readonly until: number;
}

const lookEveryMs = 500;

/**
 * Stands before all calls of a server: lets the gate decide while only their headers were read, and bounds how long the other
 * side may take to send what it asks and to read what it is answered. Who takes longer loses the connection: what a peer
 * does not read cannot be told to it, and would stay in memory for as long as it likes.
 */
export class Patience {
  readonly #options: PatienceOptions;
  /** Only of calls that wait for the other side just now; a poll that is held is none of them. */
  readonly #waits = new Map<WatchedCall, Wait>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: PatienceOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#sweep();
    }, lookEveryMs).unref();
  }

  readonly interceptor: ServerInterceptor = ({ path }, call) => new WatchedCall(call, path, this);

  /** @returns, throws as the gate does */
  begin(path: string, call: WatchedCall, metadata: Metadata): string | undefined {
    const { gate, requestMs } = this.#options;
    const caller = gate.begin(path, {
      metadata,
      getPeer: () => call.getPeer(),
      getAuthContext: () => call.getAuthContext(),
    });
    this.#wait(call, 'request', requestMs);
    return caller;
  }

  /** A message is on its way to the other side. */
  sending(call: WatchedCall): void {
    this.#wait(call, 'reader', this.#options.readerMs);
  }

  /** The other side has done what it was waited for. */
  done(call: WatchedCall): void {
    this.#waits.delete(call);
  }

  end(call: WatchedCall, caller: string | undefined): void {
    this.#waits.delete(call);
    if (caller !== undefined) this.#options.gate.end(caller);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #wait(call: WatchedCall, what: Wait['for'], ms: number): void {
    this.#waits.set(call, { for: what, until: this.#options.clock.monotonic() + ms });
  }

  #sweep(): void {
    const now = this.#options.clock.monotonic();
    for (const [call, wait] of this.#waits) {
      if (wait.until > now) continue;
      this.#waits.delete(call);
      this.#options.door.cut(call.getPeer(), wait.for);
    }
  }
}

type Listener = Parameters<ServerInterceptingCallInterface['start']>[0];
type PartialStatus = Parameters<ServerInterceptingCallInterface['sendStatus']>[0];

/**
 * A call and its listener in one object, for there are as many as there are polls: what grpc-js makes of an interceptor's functions
 * would be a dozen.
 */
class WatchedCall extends ServerInterceptingCall implements Listener {
  readonly #call: ServerInterceptingCallInterface;
  readonly #path: string;
  readonly #patience: Patience;
  #listener: Listener | undefined;
  #caller: string | undefined;

  constructor(call: ServerInterceptingCallInterface, path: string, patience: Patience) {
    super(call);
    this.#call = call;
    this.#path = path;
    this.#patience = patience;
  }

  override start(listener: Listener): void {
    this.#listener = listener;
    this.#call.start(this);
  }

  override sendMessage(message: unknown, callback: () => void): void {
    this.#patience.sending(this);
    this.#call.sendMessage(message, () => {
      this.#patience.done(this);
      callback();
    });
  }

  override sendStatus(status: PartialStatus): void {
    this.#patience.sending(this);
    this.#call.sendStatus(status);
  }

  onReceiveMetadata(metadata: Metadata): void {
    try {
      this.#caller = this.#patience.begin(this.#path, this, metadata);
    } catch (error) {
      this.#call.sendStatus(statusFromError(error));
      return;
    }
    this.#listener?.onReceiveMetadata(metadata);
  }

  onReceiveMessage(message: unknown): void {
    this.#listener?.onReceiveMessage(message);
  }

  onReceiveHalfClose(): void {
    this.#patience.done(this);
    this.#listener?.onReceiveHalfClose();
  }

  onCancel(): void {
    this.#patience.end(this, this.#caller);
    this.#caller = undefined;
    this.#listener?.onCancel();
  }
}
