import { CapstanError } from '../../../shared/model/errors.js';
import { openIndex } from './index-file.js';
import { decodeRecord, type IndexHeader, type IndexRecord } from './tree-index.js';

/** All of an index. */
export interface TreeIndex {
  readonly header: IndexHeader;
  /** By path. */
  readonly records: ReadonlyMap<string, IndexRecord>;
}

/** Undefined, if there is no sound one. */
export function readIndex(path: string): TreeIndex | undefined {
  try {
    const index = openIndex(path);
    try {
      const records = new Map<string, IndexRecord>();
      for (let page = index.next(); page !== undefined; page = index.next()) {
        for (const text of page) {
          const record = decodeRecord(text);
          if (record === undefined) throw new CapstanError('corrupt', `${path} is not an index`);
          records.set(record.path, record);
        }
      }
      return { header: index.header, records };
    } finally {
      index.close();
    }
  } catch {
    return undefined;
  }
}
