import { constants, setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { messageLimits } from '../../../shared/model/messages.js';
import type { Drift, DriftedPath } from '../../../shared/model/node-status.js';
import { readEntries } from '../../../shared/release/manifest.js';
import { comparePaths } from '../../../shared/release/path-rules.js';
import { expectedPaths } from '../expected.js';
import { type DriftJob, type DriftResult, indexFileOf } from '../protocol.js';
import { readRendered } from '../rendered.js';
import { readOwnManifest } from '../verify.js';
import { driftOf, judgeTree, settledAfterMs } from './judge-tree.js';
import { readIndex } from './read-index.js';
import { type IndexRecord, isRecent, restless } from './tree-index.js';
import { writeIndex } from './write-index.js';

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
  const found = readIndex(indexFile);
  const nowMs = Date.now();
  const known = found !== undefined && isRecent(found.header, nowMs) ? found : undefined;
  const readMs = known?.header.readMs ?? nowMs;
  let records = judgeTree({ ...options, before: known?.records ?? new Map() });
  if (records.some(({ mark }) => mark === restless)) {
    // What has been changed a moment ago could change again unseen; a little later it cannot.
    await delay(settledAfterMs);
    records = judgeTree({ ...options, before: byPath(records) });
  }
  const drift = summary(records);
  await writeIndex(indexFile, { readMs, drift: drift ?? null }, records);
  return { kind: 'result', job: 'drift', drift };
}

const byPath = (records: Iterable<IndexRecord>): ReadonlyMap<string, IndexRecord> =>
  new Map([...records].map((record) => [record.path, record]));

function summary(records: readonly IndexRecord[]): Drift | undefined {
  const paths = records.flatMap((record): readonly DriftedPath[] => {
    const kind = driftOf(record);
    return kind === undefined ? [] : [{ path: record.path, kind }];
  });
  if (paths.length === 0) return undefined;
  paths.sort((a, b) => comparePaths(a.path, b.path));
  return { total: paths.length, paths: paths.slice(0, messageLimits.driftedPaths) };
}
