import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, EnvName, ReleaseVersion, RolloutId } from '../../../shared/model/ids.js';
import type { Release } from '../../../shared/model/release.js';
import type { RolloutCause } from '../../../shared/model/rollout.js';
import { noReturn } from '../../core/rollout/database.js';
import { listed, plural, sameTarget, versionOf } from '../../core/rollout/explain/sentences.js';
import type { Target } from '../../core/rollout/types/plan.js';
import type { RolloutHeader } from '../../core/rollout/types/rollout.js';
import type { ControlCommand, DeployCommand, DeployOutcome } from '../../ports/operations.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import type { Batch } from '../batch.js';
import { barrierTo } from '../database.js';
import { permitChange, permitStart } from '../locks/locks.js';
import { refusePoisoned } from '../poison.js';
import { refuseUnpromoted } from '../promotion/gates.js';
import { feed } from '../rollouts/carry-out.js';
import { plannable } from '../rollouts/planning.js';
import { startRollout } from '../rollouts/start.js';
import { partsIn } from '../slots.js';
import { memberEntries } from '../tending/members.js';
import { comparedIn } from '../views/comparing.js';
import { activeRollout, type NodeEntry, provenTarget, statusOf, type World } from '../world.js';
import { isDoing, joined } from './joining.js';
import { findEnvironment } from './places.js';
import { configNote, type TargetContext, targetOf } from './targets.js';

export interface DeployContext extends TargetContext {
  readonly id: RolloutId;
  readonly by: string;
}

export function deploy(batch: Batch, command: DeployCommand, context: DeployContext): DeployOutcome {
  const { app, env, version } = command;
  const environment = findEnvironment(batch.world, app, env);
  permitStart(batch.world, app, env, context.by);
  const release = requireDeployable(batch.world, app, version);
  const to = targetOf(batch.world, environment, release, context, command.config);
  refusePoisoned(batch.world, environment, to);
  refuseUnpromoted(batch.world, environment, release, batch.up);
  if (!command.allowEmpty) refuseEmpty(batch.world, environment, ', or add --allow-empty');
  if (command.isLost) refuseLost(batch.world, environment, release);
  refuseUnfit(batch.world, environment);
  const { by } = context;
  const doing = isDoing(batch, app, env, to);
  batch.event('deploy.requested', `${by} wants ${app} ${version} in ${env}`, {
    ...{ app, env, actor: by, reason: command.reason },
  });
  if (doing !== undefined) return doing;
  return start(batch, { ...command, cause: 'deploy', to }, environment, context);
}

/** Brings a release onto the disks, beside what runs there. Never beside a rollout: one node is told one thing. */
export function stage(batch: Batch, command: DeployCommand, context: DeployContext): DeployOutcome {
  const { app, env, version } = command;
  const environment = findEnvironment(batch.world, app, env);
  permitStart(batch.world, app, env, context.by);
  const release = requireDeployable(batch.world, app, version);
  const to = targetOf(batch.world, environment, release, context, command.config);
  refusePoisoned(batch.world, environment, to);
  if (!command.allowEmpty) refuseEmpty(batch.world, environment, ', or add --allow-empty');
  if (command.isLost) refuseLost(batch.world, environment, release);
  const active = activeRollout(batch.world, app, env);
  const header = active?.record.header;
  if (header !== undefined && header.cause !== 'stage') throw underWay(header);
  batch.event('stage.requested', `${context.by} wants ${app} ${version} on the disks of ${env}`, {
    ...{ app, env, actor: context.by, reason: command.reason },
  });
  if (active !== undefined && sameTarget(active.state.header.to, to)) return joined(active, batch.up);
  return start(batch, { ...command, cause: 'stage', to }, environment, context);
}

function underWay({ id, app, env }: RolloutHeader): CapstanError {
  return new CapstanError('refused', `Rollout ${id} is under way in ${app}/${env}.`, {
    hint: `Wait for it, or end it with \`capstan rollout abort ${id}\`.`,
  });
}

export function restart(
  batch: Batch,
  command: Pick<DeployCommand, 'app' | 'env' | 'reason'>,
  context: DeployContext,
): DeployOutcome {
  const { app, env } = command;
  const environment = findEnvironment(batch.world, app, env);
  permitStart(batch.world, app, env, context.by);
  const to = provenTarget(environment);
  if (to === undefined) {
    throw new CapstanError(
      'refused',
      `Nothing was deployed to ${app}/${env} yet, so nothing can be restarted.`,
      {
        hint: `Deploy a release first: \`capstan deploy ${app}@VERSION --env ${env}\`.`,
      },
    );
  }
  const active = activeRollout(batch.world, app, env);
  if (active !== undefined) throw underWay(active.record.header);
  refuseEmpty(batch.world, environment);
  const obstacle = environment.settled ? undefined : obstacleTo(batch.world, environment, to);
  if (obstacle !== undefined) return stopInstead(batch, command, to, obstacle, context.by);
  refuseBetween(batch.world, environment, to);
  batch.event('restart.requested', `${context.by} wants ${app} ${to.release.version} restarted in ${env}`, {
    ...{ app, env, actor: context.by, reason: command.reason },
  });
  return start(batch, { ...command, cause: 'restart', to }, environment, context);
}

/** What was left between two releases would be taken to another one by a restart, which is to change none. */
function refuseBetween(world: World, environment: EnvironmentRecord, to: Target): void {
  if (environment.settled) return;
  const { app, name: env, wanted } = environment;
  const { version, digest } = to.release;
  const others = plannable(world, app, env).filter(({ current, assigned }) => {
    const isOnItsWay = assigned?.intent === 'activate' && assigned.state === 'open';
    return current !== undefined && (current.digest !== digest || (isOnItsWay && assigned.digest !== digest));
  });
  if (others.length === 0) return;
  throw new CapstanError(
    'refused',
    `A restart changes no release, and ${plural(others.length, 'node')} of ${app}/${env} would be taken to ${version} (${listed(others.map(({ name }) => name))}).`,
    {
      hint: `Go on with \`capstan deploy ${app}@${wanted ?? 'VERSION'} --env ${env}\`, or back with \`capstan rollback ${app} --env ${env}\`; then restart.`,
    },
  );
}

/** What takes the requests already and is only kept from counting as proven by the group that is kept beside it. */
function takenOver(world: World, app: AppName, env: EnvName): Target | undefined {
  const header = activeRollout(world, app, env)?.record.header;
  return header?.slots?.step === 'kept' ? header.to : undefined;
}

export const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** The database step that keeps the environment from going back: one that has begun, or may have on a node that is away. */
export function obstacleTo(world: World, environment: EnvironmentRecord, to: Target): string | undefined {
  const { app, name: env } = environment;
  const barrier = barrierTo(world, environment, to);
  if (barrier !== undefined)
    return `the database step of ${app} ${barrier.version} has begun in ${env} and cannot be reversed`;
  const active = activeRollout(world, app, env);
  return active === undefined || sameTarget(active.record.header.to, to) ? undefined : noReturn(active.state);
}

/**
 * Past a database step that cannot be reversed nothing goes back: what is under way is ended where it is, and a person
 * has to say how it goes on.
 * @throws CapstanError `refused` if nothing is under way
 */
export function stopInstead(
  batch: Batch,
  { app, env, reason }: Pick<DeployCommand, 'app' | 'env' | 'reason'>,
  to: Target,
  obstacle: string,
  by: string,
): DeployOutcome {
  const { version } = to.release;
  const why = `${obstacle}, so nothing goes back to ${version}`;
  const active = activeRollout(batch.world, app, env);
  if (active === undefined || active.record.header.cause === 'stage') {
    throw new CapstanError('refused', `${capitalised(why)}.`, {
      hint: `Mend it forwards: publish a release that works with the database as it is, and deploy that. If the database itself was brought back, deploy the old release: \`capstan deploy ${app}@${version} --env ${env}\`.`,
    });
  }
  const { id } = active.record.header;
  const more = reason === '' ? '' : ` (${reason})`;
  feed(batch, active, { kind: 'operator', action: 'abort', by, reason: `rollback asked for${more}; ${why}` });
  return { rollout: id, superseded: '', note: `${id} was ended where it is: ${why}` };
}

/** What is given up of a rollout that was going back; '' if none was. */
function turnedNote(world: World, app: AppName, env: EnvName): string {
  const header = activeRollout(world, app, env)?.record.header;
  if (header?.lane !== 'back') return '';
  return `${header.id} was on its way back to ${versionOf(header, 'from')}: ${header.reason}`;
}

export function start(
  batch: Batch,
  request: {
    readonly app: AppName;
    readonly env: EnvName;
    readonly reason: string;
    readonly cause: RolloutCause;
    readonly to: Target;
    readonly note?: string;
  },
  environment: EnvironmentRecord,
  { id, by }: DeployContext,
): DeployOutcome {
  const { app, env, cause, to, reason } = request;
  const from = takenOver(batch.world, app, env) ?? provenTarget(environment);
  const turned = turnedNote(batch.world, app, env);
  const started = startRollout(batch, { id, app, env, cause, to, from, by, reason });
  const notes = [
    started.note,
    request.note ?? '',
    turned,
    cause === 'rollback' ? '' : configNote(environment, to),
  ];
  const note = notes.filter((text) => text !== '').join('; ');
  return { rollout: started.rollout ?? '', superseded: started.superseded ?? '', note };
}

/** To pause and to abort harms nobody's work: a lock does not keep anyone from it. */
const bringsOn: ReadonlySet<ControlCommand['action']> = new Set([
  'resume',
  'approve',
  'retry',
  'excuse',
  'switch',
]);

export function control(batch: Batch, { rollout, action, nodes, reason }: ControlCommand, by: string): void {
  const active = batch.world.rollouts.get(rollout);
  if (active === undefined) {
    throw new CapstanError('refused', `Rollout ${rollout} has ended: there is nothing to ${action}.`, {
      hint: `See \`capstan rollout show ${rollout}\`.`,
    });
  }
  const { app, env } = active.record.header;
  if (bringsOn.has(action)) permitChange(batch.world, app, env, by);
  const compared = action === 'approve' ? comparedIn(batch.world, active, batch) : [];
  const refusal = feed(batch, active, { kind: 'operator', action, nodes, by, reason });
  if (refusal !== undefined) throw new CapstanError(refusal.code, refusal.message);
  if (compared.length === 0) return;
  batch.event('wave.compared', `at the gate that ${by} opened: ${compared.join('; ')}`, {
    ...{ app, env, rollout, actor: by, reason },
  });
}

export function refuseEmpty(world: World, { app, name: env, spec }: EnvironmentRecord, orElse = ''): void {
  if (memberEntries(world, app, env).length > 0) return;
  throw new CapstanError(
    'refused',
    `No node matches the selector of ${app}/${env}: "${spec.selector.text}".`,
    {
      hint: `See \`capstan node list\` for the labels that nodes have${orElse}.`,
    },
  );
}

/**
 * A blue/green pair needs its two groups: asked before anything is ended for a rollout that could not be planned. Requests that
 * are on their way back may have come there by its end, and then another group is the one that is a group however small.
 */
export function refuseUnfit(world: World, environment: EnvironmentRecord): void {
  const { app, name: env, spec, activeSlot } = environment;
  const nodes = plannable(world, app, env);
  partsIn(environment, 'deploy', nodes);
  const slots = activeRollout(world, app, env)?.record.header.slots;
  if (slots?.towards !== 'old' || slots.old === activeSlot) return;
  if (slots.label === spec.strategy.parallel?.label)
    partsIn({ ...environment, activeSlot: slots.old }, 'deploy', nodes);
}

/** What the store does not have can only go to nodes that have it, or from stores that the coordinator does not read. */
function refuseLost(world: World, { app, name: env, spec }: EnvironmentRecord, release: Release): void {
  const { version, digest } = release;
  const has = (entry: NodeEntry): boolean => statusOf(entry, app)?.staged.includes(digest) === true;
  if (spec.stores !== undefined || memberEntries(world, app, env).every(has)) return;
  throw new CapstanError(
    'refused',
    `The store does not have release ${version} of "${app}", and not every node of ${app}/${env} has it.`,
    {
      hint: `Was the store moved? Then copy what was in it. Or publish the same content again with \`capstan publish DIR --app ${app} --version ${version}\`.`,
    },
  );
}

/**
 * A release that can be brought onto nodes.
 * @throws CapstanError `notFound`, or `refused` if its objects were given up
 */
export function requireDeployable(world: World, app: AppName, version: ReleaseVersion): Release {
  const release = requireRelease(world, app, version);
  if (release.retiredAt === undefined) return release;
  const day = new Date(release.retiredAt).toISOString().slice(0, 10);
  throw new CapstanError(
    'refused',
    `Release ${version} of "${app}" was given up on ${day}: the store no longer has all of it.`,
    {
      hint: `Publish the same content again with \`capstan publish DIR --app ${app} --version ${version}\`, or choose one of \`capstan release list ${app}\`.`,
    },
  );
}

export function requireRelease(world: World, app: AppName, version: ReleaseVersion): Release {
  const release = world.releases.get(app)?.get(version);
  if (release !== undefined) return release;
  throw new CapstanError('notFound', `There is no release ${version} of application "${app}".`, {
    hint: `See \`capstan release list ${app}\`, or publish it with \`capstan publish DIR --app ${app} --version ${version}\`.`,
  });
}
