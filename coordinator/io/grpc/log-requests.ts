import { CapstanError } from '../../../shared/model/errors.js';
import type { NodeName } from '../../../shared/model/ids.js';

interface Waiting {
  readonly node: NodeName;
  readonly resolve: (text: string) => void;
  readonly reject: (error: CapstanError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Requests for the end of an application's output that nodes have yet to answer. */
export class LogRequests {
  readonly #boundMs: number;
  readonly #waiting = new Map<string, Waiting>();

  /** @param boundMs a request that is older fails. Milliseconds */
  constructor(boundMs: number) {
    this.#boundMs = boundMs;
  }

  /** @throws CapstanError `failed` if the node does not answer in time, `unavailable` when the coordinator ends */
  expect(id: string, node: NodeName): Promise<string> {
    return new Promise((resolve, reject) => {
      const late = (): void => {
        const seconds = this.#boundMs / 1000;
        this.#end(id)?.reject(
          new CapstanError('failed', `The node ${node} did not answer within ${seconds} s.`),
        );
      };
      this.#waiting.set(id, { node, resolve, reject, timer: setTimeout(late, this.#boundMs) });
    });
  }

  /** An answer that nobody waits for any more, or that another node was asked for, is dropped. */
  answer(id: string, node: NodeName, text: string): void {
    if (this.#waiting.get(id)?.node === node) this.#end(id)?.resolve(text);
  }

  close(): void {
    for (const id of [...this.#waiting.keys()]) {
      this.#end(id)?.reject(new CapstanError('unavailable', 'The coordinator is shutting down.'));
    }
  }

  #end(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }
}
