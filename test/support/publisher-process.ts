import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { ReleaseRef } from '../../shared/model/release.js';
import { cleanUp } from './cleanup.js';
import type { PublisherJob, PublisherLine } from './publisher.js';

export interface PublisherEnd {
  /** undefined if it was killed or has failed. */
  readonly ref: ReleaseRef | undefined;
  readonly uploadedBytes: number;
  readonly maxRssBytes: number;
  readonly stderr: string;
  /** What it was at, in order. */
  readonly phases: readonly string[];
}

/** Runs publishers that are processes of their own, so that they can be killed at any moment. */
export interface Publishers {
  /** @param whenAt called each time the publisher begins something else; may kill it */
  run(job: PublisherJob, whenAt?: (phase: string, child: ChildProcess) => void): Promise<PublisherEnd>;
}

/** @param dir for the program and its jobs */
export async function createPublishers(dir: string): Promise<Publishers> {
  const program = join(dir, 'publisher.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('publisher.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  let jobs = 0;
  return {
    async run(job, whenAt) {
      jobs += 1;
      const file = join(dir, `job-${jobs}.json`);
      await writeFile(file, JSON.stringify(job));
      const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'pipe'] });
      cleanUp(() => void child.kill('SIGKILL'));
      const closed = once(child, 'close');
      const phases: string[] = [];
      let end: Pick<PublisherEnd, 'ref' | 'uploadedBytes' | 'maxRssBytes'> | undefined;
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      createInterface({ input: child.stdout }).on('line', (text) => {
        const line = JSON.parse(text) as PublisherLine;
        if (!('at' in line)) end = line;
        else {
          phases.push(line.at);
          whenAt?.(line.at, child);
        }
      });
      await closed;
      return { ref: undefined, uploadedBytes: 0, maxRssBytes: 0, ...end, stderr, phases };
    },
  };
}
