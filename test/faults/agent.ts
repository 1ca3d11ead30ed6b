import { resolve } from 'node:path';
import { runAgent } from '../../agent/daemon.js';
import { createStager } from '../../agent/io/stager-client.js';
import { lockDirs } from '../../agent/io/state/state-lock.js';
import { jsonLogger } from '../../shared/io/logger.js';
import type { Logger } from '../../shared/ports/logger.js';
import { Injector } from './injector.js';
import type { AgentJob, Order } from './plan.js';

/** The agent as it is shipped, with an injector between it and the node. */
async function main(): Promise<void> {
  const job = JSON.parse(process.argv[2] ?? '') as AgentJob;
  const { settings } = job.config;
  let toggled: () => void = () => undefined;
  const injector = new Injector(job, () => {
    process.send?.({ kind: 'toggleCoordinator' });
    return new Promise((done) => {
      toggled = done;
    });
  });
  process.on('message', (order: Order) => {
    if (order.kind === 'toggled') toggled();
    else {
      injector.plan = order.plan;
      process.send?.({ kind: 'planned' });
    }
  });
  const log = jsonLogger((line) => process.stdout.write(line), Date.now);
  const listening: Logger = {
    ...log,
    info: (event, fields) => {
      if (event === 'step.begin') injector.began(String(fields?.['step']));
      log.info(event, fields);
    },
  };
  const stopping = new AbortController();
  process.on('SIGTERM', () => {
    stopping.abort();
  });
  const unlock = lockDirs(resolve(settings.stateDir), resolve(settings.root));
  try {
    await runAgent({
      config: job.config,
      conf: { forAll: {}, forApp: [], rules: [], signing: {}, files: [] },
      stager: createStager(),
      log: listening,
      env: process.env,
      signal: stopping.signal,
      end: () => {
        stopping.abort();
      },
      through: injector.through,
    });
  } finally {
    unlock();
  }
}

void main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
    process.exit(1);
  },
);
