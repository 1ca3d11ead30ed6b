import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes } from '../../shared/core/bytes.js';
import { formatDuration } from '../../shared/core/duration.js';
import { eventually } from '../support/eventually.js';
import type { Fleet } from '../support/fleet.js';
import type { LoadBalancer } from '../support/load-balancer.js';
import type { LoadClient } from '../support/load-client.js';
import {
  type AssembledRelease,
  assembleRelease,
  type RealVersion,
  realComplaint,
} from '../support/real-app.js';
import { applicationSpec } from './spec.js';
import type { Stage } from './stage.js';

interface Cast {
  readonly fleet: Fleet;
  readonly balancer: LoadBalancer;
  readonly stage: Stage;
  /** Lets visitors come; they stay until the curtain falls. */
  openDoors(): LoadClient;
}

interface ActTime {
  readonly name: string;
  readonly ms: number;
}

interface Performance {
  readonly acts: readonly ActTime[];
  readonly load: LoadClient;
}

interface Status {
  readonly version: string | null;
  readonly nodes: { readonly total: number; readonly healthy: number };
  readonly versions: Readonly<Record<string, number>>;
}

interface Rollout {
  readonly id: string;
  readonly status: string;
  readonly to: string;
  readonly waves: readonly { readonly nodes: readonly RolloutNode[] }[];
}

interface RolloutNode {
  readonly name: string;
  readonly reason?: string;
  readonly logTail?: string;
}

/**
 * The three acts.
 * @throws NotAsTold if one did not end as it should
 */
export async function play(cast: Cast): Promise<Performance> {
  const { stage } = cast;
  const acts: ActTime[] = [];
  const timed = async (name: string, act: () => Promise<void>): Promise<void> => {
    const started = performance.now();
    await act();
    acts.push({ name, ms: performance.now() - started });
  };
  let load: LoadClient | undefined;
  const total = cast.fleet.nodes.length;

  await timed('Act 1', async () => {
    stage.heading(`Act 1: a first release on all ${total}`);
    await writeFile(join(cast.fleet.dir, 'web.yml'), applicationSpec);
    await succeed(stage, ['apply', '-f', 'web.yml']);
    await publish(cast, '1.0.0');
    const firstInService = eventually(() => stage.signal.aborted || cast.balancer.serving().size > 0, {
      timeoutMs: 120_000,
    });
    const opened = firstInService
      .then(() => {
        load = cast.openDoors();
      })
      .catch(() => undefined); // nobody ever served, or the demo is over

    await succeed(stage, ['deploy', 'web@1.0.0', '--env', 'production', '--wait', '--timeout', '2m']);
    await opened;
    await everybodyServes(cast, '1.0.0');
  });
  if (load === undefined) throw new Error('no server came into service');
  const visitors = load;
  tellLoad(stage, visitors);

  await timed('Act 2', async () => {
    stage.heading('Act 2: a new version, the pilot first, then zone by zone');
    await publish(cast, '2.0.0');
    await succeed(stage, ['deploy', 'web@2.0.0', '--env', 'production', '--wait', '--timeout', '2m']);
    await everybodyServes(cast, '2.0.0');
  });
  tellLoad(stage, visitors);

  await timed('Act 3', async () => {
    stage.heading('Act 3: a release that starts and is never healthy');
    await publish(cast, '3.0.0');
    const code = await stage.run(['deploy', 'web@3.0.0', '--env', 'production', '--wait', '--timeout', '2m']);
    stage.expect(code === 1, 'the deploy of the bad release to exit with 1', () => code);
    await undone(cast);
    await everybodyServes(cast, '2.0.0');
  });
  tellLoad(stage, visitors);

  const { failed, versions } = visitors.report();
  stage.expect(failed.length === 0, 'no request to fail', () => failed.slice(0, 3));
  const bad = versions['3.0.0'] ?? 0;
  stage.expect(bad === 0, 'no visitor to have seen the bad release', () => `${bad} answers of 3.0.0`);
  return { acts, load: visitors };
}

async function succeed(stage: Stage, args: readonly string[]): Promise<void> {
  const code = await stage.run(args);
  stage.expect(code === 0, `capstan ${args[0] ?? ''} to exit with 0`, () => code);
}

async function publish({ fleet, stage }: Cast, version: RealVersion): Promise<void> {
  const release = await assembleRelease(version, join(fleet.dir, 'releases', version), stage.signal);
  stage.say(describe(release));
  await succeed(stage, ['publish', `releases/${version}`, '--app', 'web', '--version', version]);
}

function describe({ version, product, packages, files, bytes, fault }: AssembledRelease): string {
  const size = `${packages} packages, ${files} files, ${formatBytes(bytes)}`;
  return `web ${version} is ${product} with its dependencies: ${size}.${fault === undefined ? '' : ` ${fault}`}`;
}

/** Waits until the coordinator and the load balancer both see every server on this version. */
async function everybodyServes({ fleet, balancer, stage }: Cast, version: string): Promise<void> {
  const total = fleet.nodes.length;
  let seen: unknown;
  const settled = await eventually(
    async () => {
      if (stage.signal.aborted) return true;
      const [status] = await fleet.json<readonly Status[]>(['status', 'web']);
      seen = { ...status, serving: balancer.serving().size };
      return (
        status?.version === version &&
        status.nodes.healthy === total &&
        status.versions[version] === total &&
        balancer.serving().size === total
      );
    },
    { timeoutMs: 30_000, everyMs: 250 },
  ).catch(() => false);
  stage.signal.throwIfAborted();
  stage.expect(settled, `all ${total} servers to be healthy on ${version} and in service`, () => seen);
}

/** The bad release was stopped at the pilot and undone, and the reason can be had. */
async function undone({ fleet, stage }: Cast): Promise<void> {
  const [latest] = await fleet.json<readonly Rollout[]>(['rollout', 'list']);
  if (latest === undefined) throw new Error('there is no rollout');
  const rollout = await fleet.json<Rollout>(['rollout', 'show', latest.id]);
  stage.expect(rollout.status === 'rolledBack', 'the rollout to be rolled back', () => rollout.status);
  const failed = rollout.waves.flatMap(({ nodes }) => nodes).filter(({ logTail }) => logTail !== undefined);
  stage.expect(failed.length === 1, 'the pilot alone to have failed', () => failed.map(({ name }) => name));
  stage.expect(
    failed[0]?.logTail?.includes(realComplaint) === true,
    "the application's own complaint in the log tail",
    () => failed[0],
  );
  await succeed(stage, ['why', rollout.id]);
}

function tellLoad(stage: Stage, load: LoadClient): void {
  const { sent, failed, versions } = load.report();
  const by = Object.entries(versions).map(([version, count]) => `${count} by ${version}`);
  stage.say(`Visitors so far: ${sent} requests, ${failed.length} failed; answered ${by.join(', ')}.`);
}

/** What the play has to show for itself. */
export async function summary({ fleet, balancer, stage }: Cast, { acts, load }: Performance): Promise<void> {
  interface Release {
    readonly version: string;
    readonly contentSize: number;
    readonly packSize: number;
    readonly fileCount: number;
  }
  const releases = await fleet.json<readonly Release[]>(['release', 'list', 'web']);
  const { sent, failed, bytes, slowestMs } = load.report();
  stage.heading('Summary');
  for (const { name, ms } of acts)
    stage.say(`  ${name}               ${formatDuration(Math.round(ms / 100) * 100)}`);
  for (const { version, fileCount, contentSize, packSize } of releases.toReversed()) {
    const packed = `${formatBytes(packSize)} packed`;
    stage.say(
      `  web ${version}           ${fileCount} files, ${formatBytes(contentSize)}, ${packed}, to ${fleet.nodes.length} servers`,
    );
  }
  stage.say(
    `  requests sent       ${sent} (${formatBytes(bytes)} served, the slowest took ${Math.round(slowestMs)} ms)`,
  );
  stage.say(`  requests failed     ${failed.length}`);
  stage.say(`  sent elsewhere      ${balancer.counts().redispatched} after a refused connection`);
}
