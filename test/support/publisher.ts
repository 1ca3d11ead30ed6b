import { readFileSync } from 'node:fs';
import { openStore } from '../../shared/distribution/open-store.js';
import { type PublishProgress, publishRelease } from '../../shared/distribution/publish.js';
import type { AppName, ReleaseVersion } from '../../shared/model/ids.js';
import type { ReleaseRef } from '../../shared/model/release.js';

/** What a publisher that is a process of its own is told, as JSON in the file that is its only argument. */
export interface PublisherJob {
  readonly source: string;
  readonly store: string;
  /** For a built-in store. */
  readonly ticket?: string;
  readonly version: string;
  readonly bases: readonly ReleaseRef[];
  readonly workDir: string;
}

/** What it prints, a line each. */
export type PublisherLine =
  | { readonly at: PublishProgress['phase'] }
  | { readonly ref: ReleaseRef; readonly uploadedBytes: number; readonly maxRssBytes: number };

const print = (line: PublisherLine): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const job = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as PublisherJob;
let last = '';
const { ref, uploadedBytes } = await publishRelease({
  source: job.source,
  store: openStore(job.store, job.ticket === undefined ? {} : { ticket: job.ticket }),
  app: 'web' as AppName,
  version: job.version as ReleaseVersion,
  bases: job.bases,
  checkSpec: () => undefined,
  workDir: job.workDir,
  onProgress({ phase }) {
    if (phase !== last) print({ at: phase });
    last = phase;
  },
});
print({ ref, uploadedBytes, maxRssBytes: process.resourceUsage().maxRSS * 1024 });
