import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { median } from '../support/figures.js';
import { type Played, playRollout } from './fleet.js';
import { reportUs } from './reports.js';

/** A rollout of few nodes is over before the clock has moved: as many of them count as one run. */
const eventsARun = 100_000;

/** Medians of all runs. */
export interface Cost {
  readonly events: number;
  readonly eventUs: number;
  readonly planUs: number;
  /** Processor time of a whole rollout. */
  readonly seconds: number;
  readonly bytesPerNode: number;
  /** Of a report to the coordinator outside a rollout. */
  readonly reportUs: number;
}

async function measure(size: number, runs: number): Promise<Cost> {
  playRollout(1_000); // what is compiled on the way is no cost of the first run
  const costs = Array.from({ length: runs }, () => {
    collectGarbage();
    const first = timesOf(size);
    const times = Math.ceil(eventsARun / first.events);
    const played = [first];
    while (played.length < times) played.push(timesOf(size));
    const sum = (of: (one: Times) => number): number => played.reduce((total, one) => total + of(one), 0);
    const [planMs, eventsMs] = [sum((one) => one.planMs), sum((one) => one.eventsMs)];
    return {
      events: first.events,
      eventUs: (eventsMs * 1000) / sum(({ events }) => events),
      planUs: (planMs * 1000) / played.length / size,
      seconds: (planMs + eventsMs) / played.length / 1000,
    };
  });
  const reports: number[] = [];
  while (reports.length < runs) {
    collectGarbage();
    reports.push(await reportUs(size));
  }
  return {
    events: median(costs.map(({ events }) => events)),
    eventUs: median(costs.map(({ eventUs }) => eventUs)),
    planUs: median(costs.map(({ planUs }) => planUs)),
    seconds: median(costs.map(({ seconds }) => seconds)),
    bytesPerNode: memoryPerNode(size),
    reportUs: median(reports),
  };
}

type Times = Omit<Played, 'state'>;

/** Lets go of the state, so that it weighs on no other run. */
function timesOf(size: number): Times {
  const { events, planMs, eventsMs } = playRollout(size);
  return { events, planMs, eventsMs };
}

/** What the state of a rollout that is done holds, beyond what was there before. */
function memoryPerNode(size: number): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const { state } = playRollout(size);
  collectGarbage();
  const used = process.memoryUsage().heapUsed - before;
  if (state.nodes.size !== size) throw new Error(`${state.nodes.size} of ${size} nodes are left`);
  return used / size;
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}

const [size, runs] = process.argv.slice(2).map(Number);
if (size === undefined || runs === undefined) throw new Error('measure.ts SIZE RUNS');
console.log(JSON.stringify(await measure(size, runs)));
