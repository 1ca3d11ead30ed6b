import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { AppStatus } from '../../shared/model/node-status.js';
import { eventually } from '../support/eventually.js';
import type { Fixtures } from './fixtures.js';
import { type Job, withRig } from './jobs.js';
import { type Deployment, damage, demand, deployments, judgeRemains, revive, run } from './life.js';
import { type Cell, cellOf, type Fault, type Point } from './plan.js';
import type { Rig } from './rig.js';

const nothing = { faults: [], cells: [] } as const;
/** What must be live, and nothing else be on its way, before a deployment. */
const before: Readonly<Record<keyof typeof deployments, keyof Omit<Fixtures, 'store'> | undefined>> = {
  install: undefined,
  restart: 'plain',
  stage: 'plain',
  upgrade: 'plain',
  broken: 'full',
  files: 'full',
  remove: 'files',
};

/** An effect that fails, once, at each of these points: each in a deployment of its own. */
export const failing = (fault: Fault, points: readonly Point[]): Job => ({
  name: `effects that fail with ${fault}`,
  cells: points.map((point) => cellOf(point, fault)),
  run: (world) =>
    withRig(world, nothing, async (rig) => {
      for (const point of points) await failOnce(rig, world.fixtures, point, fault);
      await rig.setPlan(nothing);
      await rig.expectLive(false);
      await run(rig, world.fixtures, deployments.remove);
      await judgeRemains(rig);
    }),
});

async function failOnce(rig: Rig, fixtures: Fixtures, point: Point, fault: Fault): Promise<void> {
  const cell: Cell = cellOf(point, fault);
  const [name = ''] = point.split('/');
  const deployment: Deployment | undefined = Object.values(deployments).find((each) => each.name === name);
  await rig.setPlan(nothing);
  if (point.includes('/idle revive/')) {
    await prepare(rig, fixtures, 'full');
    await rig.setPlan({ faults: [fault], cells: [cell] });
    await revive(rig);
  } else if (point.includes('/idle prune/')) {
    // With one release to keep, and one to go back to, the first of three is collected.
    await prepare(rig, fixtures, 'plain');
    await prepare(rig, fixtures, 'full');
    rig.renew();
    await rig.setPlan({ faults: [fault], cells: [cell] });
    await judge(rig, deployments.files, point, fault, await run(rig, fixtures, deployments.files));
  } else {
    demand(deployment !== undefined, `${cell} is of no deployment`);
    await prepare(rig, fixtures, before[deployment.name as keyof typeof deployments]);
    if (deployment.name !== 'restart') rig.renew();
    if (deployment.name === 'remove') await rig.expectLive(false);
    if (deployment.name === 'upgrade') {
      await run(rig, fixtures, deployments.stage);
      await damage(rig);
    }
    await rig.setPlan({ faults: [fault], cells: [cell] });
    await judge(rig, deployment, point, fault, await run(rig, fixtures, deployment));
  }
  await eventually(() => rig.done().has(cell), { what: `${cell} to happen`, timeoutMs: 30_000 });
}

/** Brings the node to where a deployment starts from. */
async function prepare(
  rig: Rig,
  fixtures: Fixtures,
  release: keyof Omit<Fixtures, 'store'> | undefined,
): Promise<void> {
  if (release === undefined) {
    await rig.expectLive(false);
    const { phase } = await run(rig, fixtures, deployments.remove);
    demand(phase === 'removed', `the node could not be emptied: ${phase}`);
    return;
  }
  const status = rig.latest();
  const isLive = status?.current?.version === release && status.ready && status.phase !== 'inconsistent';
  if (isLive && readlinkSync(join(rig.home, 'current')).endsWith(rig.revision())) return;
  const { phase, failure } = await rig.deploy('prepare', fixtures[release]);
  demand(phase === 'healthy', `${release} could not be brought back: ${failure?.reason ?? phase}`);
  await rig.expectLive(true);
}

/** Where the old release still serves, it goes on to; where it does not, it is brought back; and the reason is told. */
async function judge(
  rig: Rig,
  deployment: Deployment,
  point: Point,
  fault: Fault,
  status: AppStatus,
): Promise<void> {
  const { name, phase } = deployment;
  const reason = status.failure?.reason ?? '';
  const said = `${cellOf(point, fault)}: ${status.phase} (${reason})`;
  const unharmed = status.phase === phase && status.current?.version === deployment.live;
  // What is not part of the work fails nothing; that the way back could not be read is said if it is taken.
  if (point.includes('/idle ') || (point.includes(' verify/releases.verify') && unharmed)) {
    demand(unharmed, said);
    return;
  }
  demand(reason.includes(fault), `${said} does not give the reason`);
  if (point.includes('/back')) {
    demand(status.phase === 'inconsistent', said);
    demand(
      status.note.includes('it stays out of load until another deployment ends well'),
      `${said}: ${status.note}`,
    );
    return;
  }
  const was = name === 'install' ? undefined : before[name as keyof typeof deployments];
  demand(['failed', 'turnedBack'].includes(status.phase), said);
  if (name === 'remove') return;
  demand(status.current?.version === was, `${said}: ${status.current?.version ?? 'nothing'} is live`);
  const serves = was === 'plain' || was === 'full';
  await eventually(() => rig.processes().length > 0 === serves, {
    what: `${said}: the service ${serves ? 'to run' : 'to be gone'}`,
    timeoutMs: 20_000,
  });
}
