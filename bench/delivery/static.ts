import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FleetNode } from '../../test/support/fleet.js';
import type { LogLine } from '../../test/support/processes.js';
import { tempDir } from '../../test/support/temp-dir.js';
import { deploy, type Operated } from '../support/operate.js';
import { startHand, swapLine } from './by-hand.js';
import { other, prepare } from './capstan.js';
import type { Change } from './prober.js';
import { versions, writeStaticTree } from './releases.js';
import { watched } from './watch.js';

export interface StaticRun extends Change {
  /** From the assignment to healthy; the release was on the disk. Milliseconds. */
  readonly wholeMs: number;
  readonly swapMs: number;
  /** Reading all of it, and of what serves, before anything relies on it. Milliseconds. */
  readonly verifyMs: number;
}

/** A tree of files that is on the disk of the node is made live, again and again. */
export async function staticRuns(
  fleet: Operated,
  node: FleetNode,
  files: number,
  runs: number,
): Promise<readonly StaticRun[]> {
  const app = `files-${files}`;
  await prepare(fleet, app, (dir, version) => writeStaticTree(dir, files, version));
  const found: StaticRun[] = [];
  for (let at = 0; at < runs; at += 1) {
    const before = node.program().logs().length;
    const where = join(node.root, app, 'current', 'version.txt');
    const change = await watched({ kind: 'file', where }, () => deploy(fleet, app, other(at)));
    const logs = node
      .program()
      .logs()
      .slice(before)
      .filter((line) => line['app'] === app);
    const took = (what: string): number => timeOf(logs, what);
    found.push({
      ...change,
      wholeMs: took('settled healthy') - took('adopted activate'),
      swapMs: stepMs(logs, 'swap'),
      verifyMs: stepMs(logs, 'verify'),
    });
  }
  return found;
}

function timeOf(logs: readonly LogLine[], what: string): number {
  const line = logs.find((log) => log.event === 'app.work' && log['what'] === what);
  if (line === undefined) throw new Error(`the agent never said "${what}"`);
  return Date.parse(String(line['time']));
}

/** All steps of a kind together. */
const stepMs = (logs: readonly LogLine[], step: string): number =>
  logs
    .filter((log) => log.event === 'step.end' && String(log['step']).startsWith(`${step} `))
    .reduce((sum, log) => sum + Number(log['durationMs']), 0);

export interface HandRun extends Change {
  /** The two commands, in a shell that is there already. Milliseconds. */
  readonly wholeMs: number;
}

/** The same by hand; the size of the tree makes no difference to a link. */
export async function staticByHand(runs: number): Promise<readonly HandRun[]> {
  const dir = await tempDir();
  for (const version of versions) {
    await mkdir(join(dir, version));
    await writeFile(join(dir, version, 'version.txt'), version);
  }
  await symlink(versions[0], join(dir, 'current'));
  const hand = startHand(dir);
  const found: HandRun[] = [];
  for (let at = 0; at < runs; at += 1) {
    let wholeMs = 0;
    const change = await watched({ kind: 'file', where: join(dir, 'current', 'version.txt') }, async () => {
      wholeMs = await hand.type(swapLine(other(at)));
    });
    found.push({ ...change, wholeMs });
  }
  await hand.end();
  return found;
}
