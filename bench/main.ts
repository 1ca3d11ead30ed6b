import { parseArgs } from 'node:util';
import { endRun } from '../test/support/cleanup.js';
import { delivery } from './delivery/delivery.js';
import { distribution } from './distribution/distribution.js';
import { drift } from './drift/drift.js';
import { engine } from './engine/engine.js';
import { enrolment } from './enrolment/enrolment.js';
import { fanout } from './fanout/fanout.js';
import { fleet } from './fleet/fleet.js';
import { footprint } from './footprint/footprint.js';
import { orchestration } from './orchestration/orchestration.js';
import { peers } from './peers/peers.js';
import { type Figure, printFigures } from './support/figures.js';
import type { BenchOptions } from './support/options.js';

const benchmarks: Readonly<Record<string, (options: BenchOptions) => Promise<readonly Figure[]>>> = {
  delivery,
  distribution,
  drift,
  engine,
  enrolment,
  fanout,
  fleet,
  footprint,
  orchestration,
  peers,
};

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      agents: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      runs: { type: 'string' },
      pair: { type: 'string' },
      latency: { type: 'string' },
      rate: { type: 'string' },
      megabytes: { type: 'string' },
      cache: { type: 'string' },
    },
  });
  const [name = '', ...rest] = positionals;
  const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
  if (benchmark === undefined || rest.length > 0) {
    const names = Object.keys(benchmarks).join(', ');
    console.error(`npm run -s bench NAME -- [--runs N …], where NAME is one of: ${names}`);
    process.exitCode = 2;
    return;
  }
  const endAll = async (): Promise<void> => {
    try {
      await endRun();
      await endRun(); // and what was begun meanwhile
    } finally {
      process.exit(130);
    }
  };
  let interrupted: Promise<void> | undefined;
  const end = (): void => {
    interrupted ??= endAll();
  };
  process.on('SIGINT', end); // and not once: whoever runs this passes it on, so that it comes twice
  process.on('SIGTERM', end);
  try {
    const figures = await benchmark({
      agents: wholeNumber(values.agents),
      rounds: wholeNumber(values.rounds),
      seconds: wholeNumber(values.seconds),
      runs: wholeNumber(values.runs),
      pair: values.pair,
      latencyMs: wholeNumber(values.latency),
      rateMbit: wholeNumber(values.rate),
      megabytes: wholeNumber(values.megabytes),
      cache: values.cache,
    });
    printFigures(name, figures);
  } finally {
    await (interrupted ?? endRun()); // what was ended under its hands fails, and must not cut the clearing up short
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`"${text}" must be a whole number from 1 on`);
  return value;
}

await main();
