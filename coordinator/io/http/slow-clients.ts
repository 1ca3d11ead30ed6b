import type { Socket } from 'node:net';

interface SlowClientsOptions {
  /** Over which a client is judged. Milliseconds. */
  readonly windowMs: number;
  /** What has to move in such a window, in either direction. Bytes. */
  readonly leastBytes: number;
  /** One was cut off. */
  readonly onCut: (socket: Socket) => void;
}

interface Transfer {
  /** Under way: clients may send the next before they were answered. */
  requests: number;
  since: number;
  /** Of the connection, since it began. */
  bytes: number;
}

/**
 * Ends connections on which a request is under way and next to nothing moves. Who sends or takes a byte every now and then is never
 * silent for long, and would else hold a connection, a file and some memory for as long as a whole request may take.
 */
export class SlowClients {
  readonly #options: SlowClientsOptions;
  readonly #transfers = new Map<Socket, Transfer>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: SlowClientsOptions) {
    this.#options = options;
    this.#timer = setInterval(
      () => {
        this.#sweep();
      },
      Math.max(10, options.windowMs / 10),
    ).unref();
  }

  /** A request begins. */
  watch(socket: Socket): void {
    const known = this.#transfers.get(socket);
    if (known !== undefined) known.requests += 1;
    else this.#transfers.set(socket, { requests: 1, since: performance.now(), bytes: movedOn(socket) });
  }

  /** It is over: answered, and read to its end. */
  forget(socket: Socket): void {
    const known = this.#transfers.get(socket);
    if (known === undefined) return;
    known.requests -= 1;
    if (known.requests === 0) this.#transfers.delete(socket);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #sweep(): void {
    const { windowMs, leastBytes, onCut } = this.#options;
    const now = performance.now();
    for (const [socket, transfer] of this.#transfers) {
      if (socket.destroyed) this.#transfers.delete(socket);
      if (now - transfer.since < windowMs) continue;
      const bytes = movedOn(socket);
      if (bytes - transfer.bytes < leastBytes) {
        this.#transfers.delete(socket);
        onCut(socket);
        socket.destroy();
      } else {
        transfer.since = now;
        transfer.bytes = bytes;
      }
    }
  }
}

const movedOn = ({ bytesRead, bytesWritten }: Socket): number => bytesRead + bytesWritten;
