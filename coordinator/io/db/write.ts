import { CompiledQuery, type Transaction } from 'kysely';
import type { Database } from './schema.js';

export type Dialect = 'sqlite' | 'postgres';
export type Value = string | number;

/** Rows to be inserted, or put in the place of those with the same key. */
export type Upsert = { readonly [Table in keyof Database]: UpsertInto<Table> }[keyof Database];

export interface UpsertInto<Table extends keyof Database> {
  readonly table: Table;
  readonly key: readonly (keyof Database[Table])[];
  readonly columns: readonly (keyof Database[Table])[];
  /** `replace`, or keep what is there. */
  readonly present: 'replace' | 'keep';
  /** How many rows there are. */
  readonly count: number;
  /** Those from one row up to another: values in the order of `columns`, row after row. */
  readonly values: (from: number, to: number) => Value[];
}

/** Below the 65,535 parameters of a PostgreSQL statement and SQLite's 32,766. */
const rowsAStatement = 500;

/**
 * Hundreds of rows a statement, as plain text: Kysely's builder makes an object a value, which at thousands of nodes
 * costs more than the writing. No key may come twice.
 */
export async function upsert(
  trx: Transaction<Database>,
  dialect: Dialect,
  { table, present, count, values, ...names }: Upsert,
): Promise<void> {
  const columns: readonly string[] = names.columns;
  const key: readonly string[] = names.key;
  const width = columns.length;
  const rest = columns.filter((column) => !key.includes(column));
  const update = rest.map((column) => `${column} = excluded.${column}`).join(', ');
  const action = present === 'keep' ? 'do nothing' : `do update set ${update}`;
  const tail = ` on conflict (${key.join(', ')}) ${action}`;
  const head = `insert into ${table} (${columns.join(', ')}) values `;
  for (let from = 0; from < count; from += rowsAStatement) {
    const to = Math.min(count, from + rowsAStatement);
    const text = `${head}${placeholders(dialect, to - from, width)}${tail}`;
    await trx.executeQuery(CompiledQuery.raw(text, values(from, to)));
  }
}

function placeholders(dialect: Dialect, rows: number, width: number): string {
  if (dialect === 'sqlite') {
    const row = `(${Array.from({ length: width }, () => '?').join(', ')})`;
    return Array.from({ length: rows }, () => row).join(', ');
  }
  return Array.from({ length: rows }, (_, row) => {
    const marks = Array.from({ length: width }, (_none, column) => `$${row * width + column + 1}`);
    return `(${marks.join(', ')})`;
  }).join(', ');
}
