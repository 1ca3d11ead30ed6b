import { setMaxListeners } from 'node:events';
import { resolve } from 'node:path';
import { errorText } from '../shared/core/error-text.js';
import { jsonLogger } from '../shared/io/logger.js';
import { CapstanError } from '../shared/model/errors.js';
import type { runAgent } from './daemon.js';
import { createStager, StagerFailure } from './io/stager-client.js';
import { lockDirs } from './io/state/state-lock.js';
import type { SettingsResult } from './stager/protocol.js';

type Prepared = readonly [SettingsResult, { readonly runAgent: typeof runAgent }];

/**
 * Settings are read by a short-lived child, since what reads and checks them would stay in memory for good; this
 * process loads its own parts meanwhile.
 */
async function main(): Promise<number> {
  const log = jsonLogger((line) => process.stdout.write(line), Date.now);
  const stopping = new AbortController();
  const { signal } = stopping;
  // Each application waits for it, so there may be any number: Node.js would take more than ten for a leak.
  setMaxListeners(0, signal);
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      log.info('stopping', { signal: name });
      stopping.abort();
    });
  }
  const end = (why: string): void => {
    log.info('stopping', { why });
    stopping.abort();
  };
  const stager = createStager(undefined, process.env);
  let prepared: Prepared;
  try {
    const argv = process.argv.slice(2);
    const input = wantsInput(argv) ? await readInput() : undefined;
    const reading = stager.settings({ argv, ...(input === undefined ? {} : { input }) }, { signal });
    prepared = await Promise.all([reading, import('./daemon.js')]);
  } catch (thrown) {
    if (signal.aborted) return 0;
    return complain(thrown, thrown instanceof StagerFailure ? 2 : 1);
  }
  const [{ answer }, daemon] = prepared;
  if (answer.kind === 'text') {
    process.stdout.write(answer.text);
    return answer.exitCode;
  }
  const { config, conf } = answer;
  let unlock: () => void = () => undefined;
  try {
    unlock = lockDirs(resolve(config.settings.stateDir), resolve(config.settings.root));
    await daemon.runAgent({ config, conf, stager, log, env: process.env, signal, end });
    return 0;
  } catch (thrown) {
    return complain(thrown, 1);
  } finally {
    unlock();
  }
}

/** A token may come by standard input, which is not that of the child that takes it. */
const wantsInput = (argv: readonly string[]): boolean =>
  argv[0] === 'enrol' &&
  argv.some((word, at) => word === '--token-file=-' || (word === '-' && argv[at - 1] === '--token-file'));

/** Far more than a token. Bytes. */
const maxInput = 4096;

async function readInput(): Promise<string> {
  let input = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    input += String(chunk);
    if (input.length > maxInput) break;
  }
  return input;
}

function complain(thrown: unknown, exitCode: number): number {
  const failure = CapstanError.from(thrown);
  process.stderr.write(`capstan-agent: ${errorText(failure)}\n`);
  if (failure.code === 'internal' && thrown instanceof Error) process.stderr.write(`${thrown.stack ?? ''}\n`);
  return exitCode;
}

void main().then((exitCode) => {
  // Keep-alive connections and the like must not hold up the end.
  process.exit(exitCode);
});
