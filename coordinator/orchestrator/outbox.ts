import { CapstanError } from '../../shared/model/errors.js';
import type { ConsumerName } from '../../shared/model/ids.js';
import type { Clock } from '../../shared/ports/clock.js';
import type { ConsumerSummary, Outbox } from '../ports/outbox.js';
import type { ConsumerRecord, StateStore } from '../ports/state-store.js';
import type { Batch } from './batch.js';
import type { Loop } from './loop.js';

/** A script that makes up a new name each time must not fill the database. */
const mostConsumers = 100;

interface OutboxSource {
  readonly store: StateStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly loop: Pick<Loop<Batch>, 'do'>;
}

/** Cursors are rows of their own: they move without the loop, and never back. */
export function createOutbox({ store, clock, loop }: OutboxSource): Outbox {
  const note = (kind: string, message: string, actor: string): Promise<void> =>
    loop.do((batch) => {
      batch.event(kind, message, { actor });
    });
  const find = async (name: ConsumerName): Promise<ConsumerRecord | undefined> =>
    (await store.consumers()).find((known) => known.name === name);

  const summary = async (record: ConsumerRecord): Promise<ConsumerSummary> => ({
    ...record,
    newest: await store.lastEventPosition(),
  });
  return {
    async consumers() {
      const newest = await store.lastEventPosition();
      return (await store.consumers()).map((record) => ({ ...record, newest }));
    },
    async open(name, by, since) {
      const known = await store.consumers();
      const found = known.find((consumer) => consumer.name === name);
      if (found !== undefined) return found;
      if (known.length >= mostConsumers) {
        throw new CapstanError('refused', `There are ${mostConsumers} consumers of events already.`, {
          hint: 'Forget one that is no longer used: `capstan events consumers`, `capstan events forget NAME`.',
        });
      }
      const now = clock.now();
      const position = await beginning(store, since);
      await store.addConsumer({ name, position, createdAt: now, movedAt: now });
      await note('consumer.added', `${name} is a consumer of events, from position ${position + 1} on`, by);
      return (await find(name)) ?? { name, position, createdAt: now, movedAt: now };
    },
    async acknowledge(name, position) {
      const newest = await store.lastEventPosition();
      if (!Number.isSafeInteger(position) || position < 0 || position > newest) {
        throw new CapstanError('invalid', `There is no event ${position} yet: the newest is ${newest}.`);
      }
      await store.moveConsumer(name, position, clock.now());
      const moved = await find(name);
      if (moved === undefined) throw unknownConsumer(name);
      return summary(moved);
    },
    async forget(name, by) {
      if (!(await store.removeConsumer(name))) throw unknownConsumer(name);
      await note('consumer.forgotten', `${name} is no consumer of events any more`, by);
    },
  };
}

/** The position before the first event it is to have. */
async function beginning(store: StateStore, since: number | undefined): Promise<number> {
  const [first] = since === undefined ? [] : await store.events({ after: 0, since, limit: 1 });
  return first === undefined ? store.lastEventPosition() : first.position - 1;
}

const unknownConsumer = (name: ConsumerName): CapstanError =>
  new CapstanError('notFound', `There is no consumer of events named "${name}".`, {
    hint: 'See `capstan events consumers` for those there are.',
  });
