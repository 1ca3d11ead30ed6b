import { createInterface } from 'node:readline';
import { assertNever } from '../../shared/core/assert.js';
import { isDiskFull, isReadOnly } from '../../shared/distribution/disk-full.js';
import { CapstanError } from '../../shared/model/errors.js';
import { isStagerJob } from './job-shape.js';
import { createParentLine, type ParentLine } from './peers/parent-line.js';
import type { StagerError, StagerEvent, StagerJob } from './protocol.js';
import type { Reporter } from './reporter.js';
import { DiskTrouble, NoSpace, OverQuota } from './space.js';
import { StageFailure } from './stage-failure.js';

/** Progress is told at most this often. */
const progressEveryMs = 200;

/** Without a parent there is nobody to work for. */
const orphanExitCode = 3;

async function main(): Promise<void> {
  process.umask(0o022); // the modes of a release are its own, not those of whoever started the agent
  const parent = createParentLine((event) => void write(event));
  const line = await firstLine(parent);
  let last: StagerEvent;
  try {
    last = await runJob(parseJob(line), parent);
  } catch (error) {
    last = errorEvent(error);
  }
  await write(last);
  process.exit(last.kind === 'result' ? 0 : 1);
}

/** Reads the job; from then on, lines are the parent's answers, and the end of standard input ends the process. */
async function firstLine(parent: ParentLine): Promise<string> {
  const input = createInterface({ input: process.stdin });
  input.on('close', () => process.exit(orphanExitCode));
  process.stdout.on('error', () => process.exit(orphanExitCode));
  return await new Promise((resolve) => {
    input.once('line', (job) => {
      input.on('line', (line) => {
        parent.take(line);
      });
      resolve(job);
    });
  });
}

function parseJob(line: string): StagerJob {
  let job: unknown;
  try {
    job = JSON.parse(line);
  } catch (cause) {
    throw new CapstanError('invalid', 'what came on standard input is not JSON', { cause });
  }
  if (isStagerJob(job)) return job;
  throw new CapstanError('invalid', 'what came on standard input is not a job for the stager');
}

/** Loads what the job needs only: the agent's start waits for one of them. */
async function runJob(job: StagerJob, parent: ParentLine): Promise<StagerEvent> {
  switch (job.kind) {
    case 'stage':
      return (await import('./stage.js')).stageRelease(job, createReporter(), new AbortController().signal, {
        parent,
        env: process.env,
      });
    case 'verify':
      return (await import('./verify.js')).verifyWithAlong(job);
    case 'drift':
      return (await import('./drift/drift.js')).findDrift(job);
    case 'remove':
      return (await import('./remove.js')).removeReleases(job);
    case 'facts':
      return (await import('./facts.js')).hostFacts(job);
    case 'settings':
      return (await import('./settings/read-settings.js')).readSettings(job, process.env);
    case 'conf':
      return (await import('./settings/read-settings.js')).readConf(job);
    case 'spool':
      return (await import('./peers/check-spool.js')).checkSpool(job);
    case 'renew':
      return (await import('./identity/renew.js')).renewIdentity(job);
    default:
      return assertNever(job);
  }
}

function createReporter(): Reporter {
  let quietUntil = 0;
  return {
    progress(step, bytesDone, bytesTotal) {
      const now = performance.now();
      if (now < quietUntil && bytesDone < bytesTotal) return;
      quietUntil = now + progressEveryMs;
      void write({ kind: 'progress', step, bytesDone, bytesTotal });
    },
    note(text) {
      void write({ kind: 'note', text });
    },
  };
}

function errorEvent(thrown: unknown): StagerError {
  const isSorted = thrown instanceof StageFailure;
  const { step, reason } = isSorted
    ? thrown
    : { step: 'verify' as const, reason: CapstanError.from(thrown, 'failed') };
  return {
    kind: 'error',
    step,
    cause: causeOf(reason),
    error: {
      code: reason.code,
      message: reason.message,
      ...(reason.hint === undefined ? {} : { hint: reason.hint }),
      ...(reason.location === undefined ? {} : { location: reason.location }),
    },
  };
}

function causeOf(reason: CapstanError): StagerError['cause'] {
  if (reason instanceof NoSpace) return 'space';
  if (reason instanceof OverQuota) return 'quota';
  if (reason instanceof DiskTrouble || isReadOnly(reason)) return 'disk';
  return isDiskFull(reason) ? 'space' : 'other';
}

const write = (event: StagerEvent): Promise<void> =>
  new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(event)}\n`, () => resolve());
  });

void main();
