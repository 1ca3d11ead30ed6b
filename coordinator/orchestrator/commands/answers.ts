import { CapstanError } from '../../../shared/model/errors.js';
import type { CallIdentity } from '../../ports/operations.js';
import type { StateStore } from '../../ports/state-store.js';
import type { Batch } from '../batch.js';
import type { Loop } from '../loop.js';

/**
 * Calls that change something, each done once: the same key gets the first answer, also while that is still being
 * made (a client that times out and sends again must not deploy twice: spinnaker#5085).
 */
export class Answers {
  readonly #store: Pick<StateStore, 'answerTo'>;
  readonly #loop: Loop<Batch>;
  readonly #making = new Map<string, { readonly call: CallIdentity; readonly answer: Promise<unknown> }>();

  constructor(store: Pick<StateStore, 'answerTo'>, loop: Loop<Batch>) {
    this.#store = store;
    this.#loop = loop;
  }

  /**
   * Resolves to what `run` returns, or returned when the call came first; that must survive JSON.
   * @throws CapstanError `conflict` if the key was used for another request
   */
  async once<T>(call: CallIdentity, run: (batch: Batch) => T): Promise<T> {
    const { key } = call;
    if (key === '') return this.#loop.do(run);
    const making = this.#making.get(key);
    if (making !== undefined) {
      checkSame(call, making.call);
      return (await making.answer) as T;
    }
    // From here to the end of the answer the key is taken: nothing may come between a look and the deed.
    const answer = this.#answer(call, run);
    this.#making.set(key, { call, answer });
    try {
      return await answer;
    } finally {
      this.#making.delete(key);
    }
  }

  async #answer<T>(call: CallIdentity, run: (batch: Batch) => T): Promise<T> {
    const { key, method, request } = call;
    const known = await this.#store.answerTo(key);
    if (known !== undefined) {
      checkSame(call, known);
      return JSON.parse(known.answer) as T;
    }
    return this.#loop.do((batch) => {
      const value = run(batch);
      batch.answer({ key, method, request, answer: JSON.stringify(value), time: batch.now });
      return value;
    });
  }
}

type Asked = Pick<CallIdentity, 'key' | 'method' | 'request'>;

function checkSame(call: Asked, first: Asked): void {
  if (first.request === call.request && first.method === call.method) return;
  throw new CapstanError('conflict', `The idempotency key "${call.key}" was used for another request.`, {
    hint: 'Use a new key for each thing that is to be done.',
  });
}
