import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import type { Clock } from '../../../shared/ports/clock.js';
import { statusFromError } from '../../../shared/wire/status.js';
import type { Door } from '../limits/door.js';
import type { Gate } from './gate.js';

interface PatienceOptions {
  readonly gate: Pick<Gate, 'begin'>;
  readonly door: Pick<Door, 'cut'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** From the headers of a call to the end of its message. Milliseconds. */
  readonly requestMs: number;
  /** For the other side to take a message of ours. Milliseconds. */
  readonly readerMs: number;
}

/** What a call waits for the other side to do. */
interface Wait {
  readonly peer: string;
  readonly for: 'request' | 'reader';
  readonly until: number;
}

type PartialStatus = Parameters<ServerInterceptingCallInterface['sendStatus']>[0];

const lookEveryMs = 500;

/**
 * Stands before all calls of a server: lets the gate decide while only their headers were read, and bounds how long the other
 * side may take to send what it asks and to read what it is answered. Who takes longer loses the connection: what a peer
 * does not read cannot be told to it, and would stay in memory for as long as it likes.
 */
export class Patience {
  readonly #options: PatienceOptions;
  /** Only of calls that wait for the other side just now; a poll that is held is none of them. */
  readonly #waits = new Map<ServerInterceptingCallInterface, Wait>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: PatienceOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#sweep();
    }, lookEveryMs).unref();
  }

  readonly interceptor: ServerInterceptor = ({ path }, call) => {
    const { gate, requestMs, readerMs } = this.#options;
    let end: () => void = () => undefined;
    return new WatchedCall(
      call,
      {
        reading: () => {
          this.#wait(call, 'reader', readerMs);
        },
        taken: () => {
          this.#waits.delete(call);
        },
      },
      {
        start: (next) => {
          next({
            onReceiveMetadata: (metadata, pass) => {
              try {
                end = gate.begin(path, {
                  metadata,
                  getPeer: () => call.getPeer(),
                  getAuthContext: () => call.getAuthContext(),
                });
              } catch (error) {
                call.sendStatus(statusFromError(error));
                return;
              }
              this.#wait(call, 'request', requestMs);
              pass(metadata);
            },
            onReceiveHalfClose: (pass) => {
              this.#waits.delete(call);
              pass();
            },
            onCancel: () => {
              this.#waits.delete(call);
              end();
            },
          });
        },
      },
    );
  };

  close(): void {
    clearInterval(this.#timer);
  }

  #wait(call: ServerInterceptingCallInterface, what: Wait['for'], ms: number): void {
    const until = this.#options.clock.monotonic() + ms;
    this.#waits.set(call, { peer: call.getPeer(), for: what, until });
  }

  #sweep(): void {
    const now = this.#options.clock.monotonic();
    for (const [call, wait] of this.#waits) {
      if (wait.until > now) continue;
      this.#waits.delete(call);
      this.#options.door.cut(wait.peer, wait.for);
    }
  }
}

interface Watcher {
  readonly reading: () => void;
  readonly taken: () => void;
}

/** Says when a message is on its way to the other side, and when it has been taken. */
class WatchedCall extends ServerInterceptingCall {
  readonly #watcher: Watcher;

  constructor(
    call: ServerInterceptingCallInterface,
    watcher: Watcher,
    responder: ConstructorParameters<typeof ServerInterceptingCall>[1],
  ) {
    super(call, responder);
    this.#watcher = watcher;
  }

  override sendMessage(message: unknown, callback: () => void): void {
    this.#watcher.reading();
    super.sendMessage(message, () => {
      this.#watcher.taken();
      callback();
    });
  }

  override sendStatus(status: PartialStatus): void {
    this.#watcher.reading();
    super.sendStatus(status);
  }
}
