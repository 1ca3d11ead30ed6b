import { constants, setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { writeDurably } from '../../../shared/io/durable-file.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { messageLimits } from '../../../shared/model/messages.js';
import type { Drift, DriftedPath } from '../../../shared/model/node-status.js';
import { readEntries } from '../../../shared/release/manifest.js';
import { comparePaths } from '../../../shared/release/path-rules.js';
import { expectedPaths } from '../expected.js';
import { type DriftJob, type DriftResult, indexFileOf } from '../protocol.js';
import { readRendered } from '../rendered.js';
import { readOwnManifest } from '../verify.js';
import { openIndex } from './index-file.js';
import { driftOf, judgeTree, settledAfterMs } from './judge-tree.js';
import { decodeRecord, encodeRecord, type IndexHeader, type IndexRecord, restless } from './tree-index.js';

/**
 * Names what differs between a release's tree and its manifest, and keeps how the tree looked, so that the agent
 * finds out by itself when something changes. Mends nothing.
 */
export async function findDrift(job: DriftJob): Promise<DriftResult> {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL); // not the lowest: on a busy host it would come too late
  const entries = readEntries(await readOwnManifest(job));
  const indexFile = indexFileOf(job.recordFile);
  const rendered = new Map((await readRendered(job.recordFile)).map((file) => [file.path, file]));
  const expected = expectedPaths(job.expected);
  const options = { root: job.releaseDir, entries, rendered, expected, now: Date.now };
  let records = judgeTree({ ...options, before: knownBefore(indexFile) });
  if (records.some(({ mark }) => mark === restless)) {
    // What has been changed a moment ago could change again unseen; a little later it cannot.
    await delay(settledAfterMs);
    records = judgeTree({ ...options, before: byPath(records) });
  }
  const drift = summary(records);
  await writeIndex(indexFile, records, drift);
  return { kind: 'result', job: 'drift', drift };
}

const byPath = (records: Iterable<IndexRecord>): ReadonlyMap<string, IndexRecord> =>
  new Map([...records].map((record) => [record.path, record]));

/** Nothing, if there is no sound index. */
function knownBefore(indexFile: string): ReadonlyMap<string, IndexRecord> {
  try {
    return byPath(readIndex(indexFile));
  } catch {
    return new Map();
  }
}

function* readIndex(path: string): Generator<IndexRecord> {
  const index = openIndex(path);
  try {
    for (let page = index.next(); page !== undefined; page = index.next()) {
      for (const text of page) {
        const record = decodeRecord(text);
        if (record === undefined) throw new CapstanError('corrupt', `${path} is not an index`);
        yield record;
      }
    }
  } finally {
    index.close();
  }
}

function summary(records: readonly IndexRecord[]): Drift | undefined {
  const paths = records.flatMap((record): readonly DriftedPath[] => {
    const kind = driftOf(record);
    return kind === undefined ? [] : [{ path: record.path, kind }];
  });
  if (paths.length === 0) return undefined;
  paths.sort((a, b) => comparePaths(a.path, b.path));
  return { total: paths.length, paths: paths.slice(0, messageLimits.driftedPaths) };
}

async function writeIndex(
  path: string,
  records: readonly IndexRecord[],
  drift: Drift | undefined,
): Promise<void> {
  const header: IndexHeader = { format: 1, records: records.length, drift: drift ?? null };
  const text = `${JSON.stringify(header)}\0${records.map(encodeRecord).join('')}`;
  await writeDurably(path, text);
}
