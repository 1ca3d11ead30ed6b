import { join } from 'node:path';
import type { Fixtures } from './fixtures.js';
import { demand, live, Wrong } from './life.js';
import type { Cell, Fault, Plan, Point } from './plan.js';
import { Rig, type RigOptions } from './rig.js';

export interface World {
  readonly dir: string;
  readonly fixtures: Fixtures;
  readonly programs: RigOptions['programs'];
}

export interface JobResult {
  readonly cells: ReadonlySet<Cell>;
  readonly points: ReadonlySet<Point>;
  readonly looks: number;
  readonly kills: number;
}

export interface Job {
  readonly name: string;
  readonly cells: readonly Cell[];
  readonly run: (world: World) => Promise<JobResult>;
}

let rigs = 0;

/** Runs something on a node of its own, and demands that its reader saw nothing torn. */
export async function withRig(
  world: World,
  plan: Plan,
  work: (rig: Rig) => Promise<void>,
): Promise<JobResult> {
  rigs += 1;
  const { fixtures, programs } = world;
  const rig = await Rig.open({ dir: join(world.dir, `node-${rigs}`), store: fixtures.store, programs, plan });
  try {
    await work(rig);
  } catch (error) {
    const { torn } = await rig.close();
    throw torn.length === 0
      ? error
      : new Wrong(`the reader saw a torn tree: ${torn.join('; ')}; ${String(error)}`);
  }
  const result = { cells: rig.done(), points: rig.seen(), kills: rig.kills };
  const { looks, torn } = await rig.close();
  demand(torn.length === 0, `the reader saw a torn tree: ${torn.join('; ')}`);
  return { ...result, looks };
}

const sum = (results: readonly JobResult[]): JobResult => ({
  cells: new Set(results.flatMap(({ cells }) => [...cells])),
  points: new Set(results.flatMap(({ points }) => [...points])),
  looks: results.reduce((total, { looks }) => total + looks, 0),
  kills: results.reduce((total, { kills }) => total + kills, 0),
});

/** A life without faults: which points there are. */
export const baseline = (world: World): Promise<JobResult> =>
  withRig(world, { faults: [], cells: [] }, (rig) => live(rig, world.fixtures, true));

/** Lives, again and again, until each of these cells has happened in one of them. */
export const inLives = (name: string, faults: readonly Fault[], cells: readonly Cell[]): Job => ({
  name,
  cells,
  run: async (world) => {
    const results: JobResult[] = [];
    let left = cells;
    while (left.length > 0) {
      const result = await withRig(world, { faults, cells: left }, async (rig) => {
        await live(rig, world.fixtures, !faults.some((fault) => fault.startsWith('kill')));
        await rig.restoreCoordinator();
      });
      const next = left.filter((cell) => !result.cells.has(cell));
      demand(
        next.length < left.length,
        `these points are not passed any more: ${left.slice(0, 5).join(', ')}`,
      );
      left = next;
      results.push(result);
    }
    return sum(results);
  },
});
