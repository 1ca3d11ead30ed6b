import { once } from 'node:events';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { CapstanError } from '../../../../shared/model/errors.js';
import { terminalRolloutStatuses } from '../../../../shared/model/rollout.js';
import type { Clock } from '../../../../shared/ports/clock.js';
import { parseSelector } from '../../../../shared/spec/selector.js';
import type { CopyDatabaseRequest__Output } from '../../../../shared/wire/gen/capstan/v1/CopyDatabaseRequest.js';
import type { DatabasePiece } from '../../../../shared/wire/gen/capstan/v1/DatabasePiece.js';
import type { Event } from '../../../../shared/wire/gen/capstan/v1/Event.js';
import type { GetRolloutRequest__Output } from '../../../../shared/wire/gen/capstan/v1/GetRolloutRequest.js';
import type { ListEventsRequest__Output } from '../../../../shared/wire/gen/capstan/v1/ListEventsRequest.js';
import type { ListNodesRequest__Output } from '../../../../shared/wire/gen/capstan/v1/ListNodesRequest.js';
import type { ListNodesResponse } from '../../../../shared/wire/gen/capstan/v1/ListNodesResponse.js';
import type { RolloutView } from '../../../../shared/wire/gen/capstan/v1/RolloutView.js';
import type { VerifyEventsProgress } from '../../../../shared/wire/gen/capstan/v1/VerifyEventsProgress.js';
import type { VerifyEventsRequest__Output } from '../../../../shared/wire/gen/capstan/v1/VerifyEventsRequest.js';
import type { Changed, Inventory } from '../../../ports/inventory.js';
import type { Outbox } from '../../../ports/outbox.js';
import type { ChainCheck, EventQuery } from '../../../ports/state-store.js';
import type { DatabaseCopies } from '../../backup/database-copies.js';
import { consumerName, limitOf, optionalApp, rolloutId } from './requests.js';
import { rolloutView } from './rollout-view.js';
import { eventView, nodeView } from './views.js';

/** Between two states that a watcher sees: the newest, not each. Milliseconds. */
const paceMs = 100;
/** … and this many times as long as it took to send one, so that watchers of a large fleet take no more than a tenth of the time. */
const paceFactor = 9;
const longestPaceMs = 2000;
/** Events of one look into the log. */
const eventsPerPage = 500;

/**
 * Waits for commits on behalf of one watcher. A change that comes while the watcher is busy is not lost, and several
 * count as one: nothing queues up behind a slow reader.
 */
class Changes {
  readonly #signal: AbortSignal;
  readonly #stop: () => void;
  #pending = false;
  #wake: () => void = () => undefined;

  constructor({ inventory, signal }: Look, concerns: (changed: Changed) => boolean) {
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort);
    this.#stop = inventory.onChange((changed) => {
      if (!concerns(changed)) return;
      this.#pending = true;
      this.#wake();
    });
  }

  /** @throws the signal's reason when it is aborted: no stream ends as if all had been said */
  async next(): Promise<void> {
    this.#signal.throwIfAborted();
    if (!this.#pending) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#signal.throwIfAborted();
    this.#pending = false;
  }

  readonly #onAbort = (): void => {
    this.#wake();
  };

  end(): void {
    this.#stop();
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}

interface Look {
  readonly inventory: Inventory;
  readonly signal: AbortSignal;
}

interface Watch<Request, Message> extends Look {
  readonly call: ServerWritableStream<Request, Message>;
  readonly clock: Clock;
}

/** Sends the rollout as it is, then each change of it, and ends when it has ended. */
export async function watchRollout(watch: Watch<GetRolloutRequest__Output, RolloutView>): Promise<void> {
  const { call, inventory, clock, signal } = watch;
  const id = rolloutId(call.request.id);
  const changes = new Changes(watch, ({ rollouts }) => rollouts.has(id));
  try {
    for (;;) {
      const began = clock.monotonic();
      const summary = await inventory.rollout(id);
      await sendWhole(call, rolloutView(summary), signal);
      if (terminalRolloutStatuses.has(summary.record.header.status)) return;
      await rest(watch, began);
      await changes.next();
    }
  } finally {
    changes.end();
  }
}

/** Sends all nodes that match, then again after each change of one. */
export async function watchNodes(watch: Watch<ListNodesRequest__Output, ListNodesResponse>): Promise<void> {
  const { call, inventory, clock, signal } = watch;
  const selector = call.request.selector === '' ? undefined : parseSelector(call.request.selector);
  const changes = new Changes(watch, ({ nodes, rollouts }) => nodes.size > 0 || rollouts.size > 0);
  try {
    for (;;) {
      const began = clock.monotonic();
      await sendWhole(call, { nodes: inventory.nodes(selector).map((node) => nodeView(node)) }, signal);
      await rest(watch, began);
      await changes.next();
    }
  } finally {
    changes.end();
  }
}

/**
 * Sends events in order of position: with `follow` or from a position on all and, following, those to come; otherwise
 * the newest. A consumer has those that it has not acknowledged.
 */
export async function listEvents(watch: EventWatch): Promise<void> {
  const { call, inventory, signal } = watch;
  const { follow, since, limit, consumer } = call.request;
  const app = optionalApp(call.request.app);
  const query: Omit<EventQuery, 'after' | 'limit'> = {
    ...(since === '' || consumer !== '' ? {} : { since: timeOf(since) }),
    ...(app === undefined ? {} : { app }),
  };
  let left = follow ? Number.POSITIVE_INFINITY : limitOf(limit, 1000);
  const cursor = consumer === '' ? 0 : await cursorOf(watch);
  let after = Math.max(cursor, Number(call.request.afterPosition));
  if (!follow && consumer === '' && after === 0) {
    for (const event of await inventory.events({ ...query, after, limit: left, newest: true }))
      await send(call, eventView(event), signal);
    return;
  }
  const changes = new Changes(watch, ({ position }) => position > after);
  try {
    while (left > 0) {
      const page = await inventory.events({ ...query, after, limit: Math.min(left, eventsPerPage) });
      for (const event of page) await send(call, eventView(event), signal);
      left -= page.length;
      after = page.at(-1)?.position ?? after;
      if (page.length > 0) continue;
      if (!follow) return;
      await changes.next();
    }
  } finally {
    changes.end();
  }
}

/** Follows the chain of hashes from the oldest event to the newest, or to the first that is not as it was written. */
export async function verifyEvents(
  watch: Watch<VerifyEventsRequest__Output, VerifyEventsProgress>,
): Promise<void> {
  const { call, inventory, signal } = watch;
  const expect = hashOf(call.request.expect);
  let check: ChainCheck | undefined;
  let expectedAt = 0;
  while (check?.isEnd !== true) {
    check = await inventory.verifyEvents(check, expect);
    expectedAt = check.expectedAt ?? expectedAt;
    await send(call, { ...check, brokenAt: check.brokenAt ?? 0, expectedAt }, signal);
  }
}

/** @throws CapstanError `refused` where no copies are made */
export async function copyDatabase({
  call,
  signal,
  copies,
}: Watch<CopyDatabaseRequest__Output, DatabasePiece> & {
  readonly copies?: Pick<DatabaseCopies, 'read'> | undefined;
}): Promise<void> {
  if (copies === undefined)
    throw new CapstanError('refused', 'This coordinator gives no copies of its database.');
  for await (const bytes of copies.read()) await send(call, { bytes: Buffer.from(bytes) }, signal);
}

function hashOf(text: string): string {
  if (text === '' || /^[0-9a-f]{64}$/.test(text)) return text;
  throw new CapstanError('invalid', 'What is expected is not a hash.', {
    hint: 'It is the last thing that `capstan events verify` prints: 64 hexadecimal digits.',
  });
}

type EventWatch = Watch<ListEventsRequest__Output, Event> & { readonly by: string; readonly outbox: Outbox };

async function cursorOf({ call, outbox, by }: EventWatch): Promise<number> {
  const { consumer, since } = call.request;
  const begin = since === '' ? undefined : timeOf(since);
  return (await outbox.open(consumerName(consumer), by, begin)).position;
}

async function rest(
  { clock, signal }: Pick<Watch<never, never>, 'clock' | 'signal'>,
  began: number,
): Promise<void> {
  const stretched = Math.min(paceFactor * (clock.monotonic() - began), longestPaceMs);
  await clock.sleep(Math.max(paceMs, stretched), signal);
}

function timeOf(text: string): number {
  const ms = Date.parse(text);
  if (Number.isFinite(ms)) return ms;
  throw new CapstanError('invalid', `"${text}" is not a time.`, {
    hint: 'Times are RFC 3339: 2026-01-31T12:00:00Z.',
  });
}

/** Waits until the reader has taken the message: of one that may be megabytes no second one is made before. */
function sendWhole<Message>(
  call: ServerWritableStream<unknown, Message>,
  message: Message,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(CapstanError.from(signal.reason, 'cancelled'));
    };
    signal.addEventListener('abort', stop, { once: true });
    call.write(message, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
}

/** Waits for the reader when it is slower than we are. */
export async function send<Message>(
  call: ServerWritableStream<unknown, Message>,
  message: Message,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  if (!call.write(message)) await once(call, 'drain', { signal });
}
