import { createHash } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { ChainCheck, EventRecord, NewEvent } from '../../ports/state-store.js';
import { parse } from './load.js';
import type { Database } from './schema.js';

/** An event and the hash of it and all before it. */
interface Link {
  readonly position: number;
  /** SHA-256 in hexadecimal; '' before the first that has one. */
  readonly hash: string;
}

export interface ChainedEvent extends EventRecord, Link {}

/** Gives events their positions and hashes. @param last the newest that is there */
export function chained(events: readonly NewEvent[], last: Link): readonly ChainedEvent[] {
  let { position, hash } = last;
  return events.map((event) => {
    position += 1;
    const placed = { ...event, position };
    hash = hashAfter(hash, placed);
    return { ...placed, hash };
  });
}

/** Of the event's fields in this order, as JSON, after the hash of the one before. */
function hashAfter(before: string, event: EventRecord): string {
  const { position, time, kind, actor, app, env, node, rollout, message, reason } = event;
  const fields = [position, time, kind, actor, app, env, node, rollout, message, reason];
  return createHash('sha256')
    .update(`${before}\n${JSON.stringify(fields)}`)
    .digest('hex');
}

/** What the first event that is there follows: the last that was forgotten, or that was there before events had hashes. */
async function anchorOf(db: Kysely<Database>): Promise<Link> {
  const row = await db.selectFrom('meta').select('value').where('name', '=', 'anchor').executeTakeFirst();
  return row === undefined ? { position: 0, hash: '' } : (parse(row.value) as Link);
}

export async function putAnchor(trx: Transaction<Database>, anchor: Link): Promise<void> {
  const value = JSON.stringify(anchor);
  await trx
    .insertInto('meta')
    .values({ name: 'anchor', value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

/** The newest event; before the first, what it will follow. */
export async function lastLink(db: Kysely<Database>): Promise<Link> {
  const row = await db
    .selectFrom('events')
    .select(['position', 'hash'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? anchorOf(db) : { position: Number(row.position), hash: row.hash };
}

const atOnce = 1000;

/**
 * Looks at some events more.
 * @param before what was looked at already; undefined: nothing
 * @param expect a hash to look for; '' for none
 */
export async function verifyEvents(
  db: Kysely<Database>,
  before: Link | undefined,
  expect: string,
): Promise<ChainCheck> {
  const anchor = await anchorOf(db);
  // What was forgotten meanwhile was looked at before, or is not to be looked at any more.
  let link = before === undefined || before.position < anchor.position ? anchor : before;
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('position', '>', link.position)
    .orderBy('position')
    .limit(atOnce)
    .execute();
  const since = anchor.position + 1;
  const isExpected = ({ hash }: Link): boolean => expect !== '' && hash === expect;
  let expectedAt = isExpected(link) ? link.position : undefined;
  for (const { hash, ...row } of rows) {
    const event = { ...row, position: Number(row.position), time: Number(row.time) };
    const sound = event.position === link.position + 1 && hash === hashAfter(link.hash, event);
    if (!sound) return { ...link, since, brokenAt: link.position + 1, expectedAt, isEnd: true };
    link = { position: event.position, hash };
    if (isExpected(link)) expectedAt = link.position;
  }
  const { position, hash } = link;
  return { position, hash, since, brokenAt: undefined, expectedAt, isEnd: rows.length < atOnce };
}
