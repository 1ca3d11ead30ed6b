import { writeDurably } from '../../../shared/io/durable-file.js';
import { encodeRecord, type IndexHeader, type IndexRecord } from './tree-index.js';

/** Replaces an index as a whole, or makes it. */
export async function writeIndex(
  path: string,
  { readMs, drift }: Pick<IndexHeader, 'readMs' | 'drift'>,
  records: readonly IndexRecord[],
): Promise<void> {
  const first: IndexHeader = {
    format: 1,
    records: records.length,
    ...(readMs === undefined ? {} : { readMs }),
    drift,
  };
  await writeDurably(path, `${JSON.stringify(first)}\0${records.map(encodeRecord).join('')}`);
}
