import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Figure, median } from '../support/figures.js';
import type { BenchOptions } from '../support/options.js';
import { type Played, playRollout } from './fleet.js';

const small = 1_000;
const defaultLarge = 100_000;
const defaultRuns = 5;
/** A rollout of few nodes is over before the clock has moved: as many of them count as one run. */
const eventsARun = 100_000;
/** How much dearer an event may be at the largest size than at the smallest. */
const growthReach = 1.5;
const cpuReachSeconds = 60;

/**
 * A whole rolling rollout through the engine, with every report of every node, at sizes a hundred times apart: what an
 * event costs, what a node takes of memory, and the processor time from start to done. Medians.
 */
export async function engine(options: BenchOptions): Promise<readonly Figure[]> {
  const runs = options.runs ?? defaultRuns;
  const large = Math.max(options.agents ?? defaultLarge, small);
  const sizes = [...new Set([small, Math.round(Math.sqrt(small * large)), large])];
  playRollout(small); // what is compiled on the way is no cost of the first size
  const figures: Figure[] = [{ name: 'runs', value: runs, unit: '' }];
  const costs: number[] = [];
  for (const size of sizes) {
    console.error(`${size} nodes`);
    const cost = measure(size, runs);
    costs.push(cost.eventUs);
    figures.push(
      { name: `${size} nodes: events`, value: cost.events, unit: '' },
      { name: `${size} nodes: an event`, value: cost.eventUs, unit: 'µs' },
      { name: `${size} nodes: planning, a node`, value: cost.planUs, unit: 'µs' },
      { name: `${size} nodes: memory, a node`, value: memoryPerNode(size), unit: 'bytes' },
      { name: `${size} nodes: start to done`, value: cost.seconds, unit: 's of CPU', reach: cpuReachSeconds },
    );
  }
  const growth = (costs.at(-1) ?? Number.NaN) / (costs[0] ?? Number.NaN);
  figures.push({
    name: `an event, ${large} nodes to ${small}`,
    ...{ value: growth, unit: 'x', reach: growthReach },
  });
  return Promise.resolve(figures);
}

interface Cost {
  readonly events: number;
  readonly eventUs: number;
  readonly planUs: number;
  readonly seconds: number;
}

function measure(size: number, runs: number): Cost {
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
  const medianOf = (of: (cost: Cost) => number): number => median(costs.map(of));
  return {
    events: medianOf(({ events }) => events),
    eventUs: medianOf(({ eventUs }) => eventUs),
    planUs: medianOf(({ planUs }) => planUs),
    seconds: medianOf(({ seconds }) => seconds),
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
