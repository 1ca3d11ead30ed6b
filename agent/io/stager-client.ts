import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../shared/io/package-root.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { PeersAnswer, PeersQuestion } from '../../shared/model/peers.js';
import { stagerFlags } from '../stager/cached/places.js';
import { readEvent } from '../stager/events.js';
import { peersLine } from '../stager/peers/parent-line.js';
import type { SpoolNews } from '../stager/peers/spool-writer.js';
import type {
  ConfJob,
  ConfResult,
  DriftJob,
  DriftResult,
  FactsJob,
  FactsResult,
  RemoveJob,
  RemoveResult,
  RenewJob,
  RenewResult,
  SettingsJob,
  SettingsResult,
  SpoolJob,
  SpoolResult,
  StageJob,
  StageResult,
  StagerError,
  StagerJob,
  StagerProgress,
  StagerResult,
  VerifyJob,
  VerifyResult,
} from '../stager/protocol.js';

export interface StagerCallbacks {
  /** Aborting kills the child; the call then rejects with `cancelled` once it is gone. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: StagerProgress) => void;
  /** Why the child waits; '' when it goes on. */
  readonly onNote?: (text: string) => void;
  /** The child has kept something for other nodes. */
  readonly onSpooled?: (news: SpoolNews) => void;
  /** The child wants to know which other nodes have packs; undefined: nobody knows. */
  readonly onFindPeers?: (question: PeersQuestion) => Promise<PeersAnswer | undefined>;
}

/**
 * Runs jobs in short-lived children, so that what fetching, unpacking and reading settings need in memory goes back to
 * the system.
 * At most one job at a time may use a staging directory. A job that fails rejects with `StagerFailure`; a child
 * that dies without an answer, with CapstanError `failed`.
 */
export interface Stager {
  stage(job: Omit<StageJob, 'kind'>, callbacks?: StagerCallbacks): Promise<StageResult>;
  verify(job: Omit<VerifyJob, 'kind'>, callbacks?: StagerCallbacks): Promise<VerifyResult>;
  drift(job: Omit<DriftJob, 'kind'>, callbacks?: StagerCallbacks): Promise<DriftResult>;
  remove(job: Omit<RemoveJob, 'kind'>, callbacks?: StagerCallbacks): Promise<RemoveResult>;
  facts(job: Omit<FactsJob, 'kind'>, callbacks?: StagerCallbacks): Promise<FactsResult>;
  settings(job: Omit<SettingsJob, 'kind'>, callbacks?: StagerCallbacks): Promise<SettingsResult>;
  conf(job: Omit<ConfJob, 'kind'>, callbacks?: StagerCallbacks): Promise<ConfResult>;
  spool(job: Omit<SpoolJob, 'kind'>, callbacks?: StagerCallbacks): Promise<SpoolResult>;
  renew(job: Omit<RenewJob, 'kind'>, callbacks?: StagerCallbacks): Promise<RenewResult>;
}

/** A job that was answered with an error: the step it failed in, and whether freeing disk space would help. */
export class StagerFailure extends CapstanError {
  readonly step: StagerError['step'];
  readonly lacksSpace: boolean;
  /** Whether it may go on by itself later, without another job. */
  readonly mayHeal: boolean;

  constructor(event: StagerError) {
    const { code, message, ...details } = event.error;
    super(code, message, details);
    this.step = event.step;
    this.lacksSpace = event.cause === 'space' || event.cause === 'quota';
    this.mayHeal = event.cause === 'space' || event.cause === 'disk';
  }
}

/**
 * @param command how to start the child; by default this package's `dist/capstan-stager.cjs`
 * @param env what it finds in its environment; by default, what this process does
 */
export function createStager(
  command: readonly string[] = defaultCommand(),
  env?: Readonly<NodeJS.ProcessEnv>,
): Stager {
  const run = (job: StagerJob, callbacks?: StagerCallbacks): Promise<StagerResult> =>
    runJob({ command, env: env === undefined ? undefined : environmentFor(job, env) }, job, callbacks);
  return {
    stage: async (job, callbacks) => answer('stage', await run({ kind: 'stage', ...job }, callbacks)),
    verify: async (job, callbacks) => answer('verify', await run({ kind: 'verify', ...job }, callbacks)),
    drift: async (job, callbacks) => answer('drift', await run({ kind: 'drift', ...job }, callbacks)),
    remove: async (job, callbacks) => answer('remove', await run({ kind: 'remove', ...job }, callbacks)),
    facts: async (job, callbacks) => answer('facts', await run({ kind: 'facts', ...job }, callbacks)),
    settings: async (job, callbacks) =>
      answer('settings', await run({ kind: 'settings', ...job }, callbacks)),
    conf: async (job, callbacks) => answer('conf', await run({ kind: 'conf', ...job }, callbacks)),
    spool: async (job, callbacks) => answer('spool', await run({ kind: 'spool', ...job }, callbacks)),
    renew: async (job, callbacks) => answer('renew', await run({ kind: 'renew', ...job }, callbacks)),
  };
}

/** With what was compiled of it when it was built, where that is kept. */
function defaultCommand(): readonly string[] {
  const dist = join(packageRoot(), 'dist');
  const starter = join(dist, 'capstan-stager-start.cjs');
  const program = existsSync(starter) ? starter : join(dist, 'capstan-stager.cjs');
  return [process.execPath, ...stagerFlags(), program];
}

function answer<Job extends StagerResult['job']>(
  job: Job,
  result: StagerResult,
): Extract<StagerResult, { readonly job: Job }> {
  if (isAnswerTo(job, result)) return result;
  throw new CapstanError('internal', `the stager answered a ${job} job with the result of ${result.job}`);
}

function isAnswerTo<Job extends StagerResult['job']>(
  job: Job,
  result: StagerResult,
): result is Extract<StagerResult, { readonly job: Job }> {
  return result.job === job;
}

interface Child {
  readonly command: readonly string[];
  /** Undefined: that of this process. */
  readonly env: NodeJS.ProcessEnv | undefined;
}

function runJob(
  { command, env }: Child,
  job: StagerJob,
  callbacks: StagerCallbacks = {},
): Promise<StagerResult> {
  const { signal } = callbacks;
  if (signal?.aborted === true) return Promise.reject(cancelled(job));
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const abort = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', abort, { once: true });

  let last: StagerResult | StagerError | undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = readEvent(line);
    if (event === undefined) return;
    if (event.kind === 'progress') callbacks.onProgress?.(event);
    else if (event.kind === 'note') callbacks.onNote?.(event.text);
    else if (event.kind === 'spooled') callbacks.onSpooled?.(event.news);
    else if (event.kind === 'findPeers') void answerQuestion(child, event.id, event.question, callbacks);
    else last = event;
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  // A child that dies before it has read its job makes this pipe fail; its exit tells more.
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify(job)}\n`);

  return ended(child)
    .then((how) => {
      if (signal?.aborted === true) throw cancelled(job);
      if (last?.kind === 'result') return last;
      if (last?.kind === 'error') throw new StagerFailure(last);
      throw new CapstanError('failed', `the stager ended without an answer (${how})`, {
        hint: complaint === '' ? 'it was killed from outside; the job will be tried again' : complaint,
      });
    })
    .finally(() => signal?.removeEventListener('abort', abort));
}

/** Authorities of the host's own are read by each Node.js at its start, which takes as long as the start itself. */
function environmentFor({ kind }: StagerJob, env: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  if (kind === 'stage' || kind === 'settings' || kind === 'renew') return env; // these may have to do with TLS
  const { NODE_EXTRA_CA_CERTS: unused, ...rest } = env;
  return rest;
}

async function answerQuestion(
  child: ChildProcess,
  id: number,
  question: PeersQuestion,
  { onFindPeers }: StagerCallbacks,
): Promise<void> {
  const answer = await onFindPeers?.(question).catch(() => undefined);
  if (child.stdin?.writable === true) child.stdin.write(peersLine(id, answer));
}

/** Resolves with a phrase about how the child ended, once its output has been read to the end. */
function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new CapstanError('failed', `the stager could not be started: ${cause.message}`, { cause }));
    });
    child.once('close', (code, killer) => {
      child.stdin?.destroy();
      resolve(killer === null ? `exit code ${code ?? 'unknown'}` : `killed by ${killer}`);
    });
  });
}

const cancelled = (job: StagerJob): CapstanError =>
  new CapstanError('cancelled', `the ${job.kind} job was cancelled`);
