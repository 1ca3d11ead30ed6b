import { CapstanError } from '../../../shared/model/errors.js';
import type { ReleaseVersion } from '../../../shared/model/ids.js';
import { listed } from '../../core/rollout/explain/sentences.js';
import { slotText } from '../../core/rollout/parallel/slots.js';
import type { Target } from '../../core/rollout/types/plan.js';
import type { DeployCommand, DeployOutcome } from '../../ports/operations.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import type { Batch } from '../batch.js';
import { permitStart } from '../locks/locks.js';
import { poisonFor, refusePoisoned } from '../poison.js';
import { refuseUnpromoted } from '../promotion/gates.js';
import { feed } from '../rollouts/carry-out.js';
import { activeRollout, type World } from '../world.js';
import {
  capitalised,
  type DeployContext,
  obstacleTo,
  refuseEmpty,
  refuseUnfit,
  requireDeployable,
  start,
  stopInstead,
} from './deploy.js';
import { isDoing } from './joining.js';
import { findEnvironment } from './places.js';
import { targetOf } from './targets.js';

export function rollback(
  batch: Batch,
  command: Pick<DeployCommand, 'app' | 'env' | 'reason'> & { readonly version: ReleaseVersion | undefined },
  context: DeployContext,
): DeployOutcome {
  const { app, env } = command;
  const environment = findEnvironment(batch.world, app, env);
  const back = switchBack(batch, command, context.by);
  if (back !== undefined) return back;
  permitStart(batch.world, app, env, context.by);
  const { to, past } = rollbackTarget(batch.world, environment, command.version, context);
  refusePoisoned(batch.world, environment, to);
  const isProven = environment.proven.some(({ release }) => release.digest === to.release.digest);
  if (!isProven) refuseUnpromoted(batch.world, environment, to.release, batch.up);
  const obstacle = obstacleTo(batch.world, environment, to);
  if (obstacle !== undefined) return stopInstead(batch, command, to, obstacle, context.by);
  refuseEmpty(batch.world, environment);
  refuseUnfit(batch.world, environment);
  const doing = isDoing(batch, app, env, to);
  const goal = `${app} taken back to ${to.release.version} in ${env}`;
  batch.event('rollback.requested', `${context.by} wants ${goal}`, {
    ...{ app, env, actor: context.by, reason: command.reason },
  });
  if (doing !== undefined) return doing;
  return start(batch, { ...command, cause: 'rollback', to, note: pastNote(past) }, environment, context);
}

/** What was proven later than what one goes back to, and is left out. */
function pastNote(past: readonly Target[]): string {
  const versions = [...new Set(past.map(({ release }) => release.version))];
  if (versions.length === 0) return '';
  const are = versions.length === 1 ? 'is' : 'are';
  return `it goes past ${listed(versions)}, which ${are} poisoned: \`capstan poison list\``;
}

/**
 * A blue/green rollout goes back by its requests, not by a rollout of its own: at once if the fresh group takes them,
 * and by its end if it does not. Neither starts anything, so no lock and no freeze is in the way, as of `control`.
 */
function switchBack(
  batch: Batch,
  { app, env, reason, version }: Parameters<typeof rollback>[1],
  by: string,
): DeployOutcome | undefined {
  const active = activeRollout(batch.world, app, env);
  const header = active?.record.header;
  if (active === undefined || header?.slots?.old === undefined) return undefined;
  if (version !== undefined && version !== header.from?.release.version) return undefined;
  // Asked for twice, a rollback is one: it does not undo itself.
  if (header.cause === 'rollback' && (version ?? header.to.release.version) === header.to.release.version)
    return undefined;
  const more = reason === '' ? '' : ` (${reason})`;
  const hasLeft = header.slots.step !== 'preparing' && header.slots.step !== 'verified';
  const action = hasLeft ? 'switchBack' : 'abort';
  const asked = { kind: 'operator', action, by, reason: `rollback asked for${more}` } as const;
  const refusal = feed(batch, active, asked);
  if (refusal !== undefined) throw new CapstanError(refusal.code, capitalised(`${refusal.message}.`));
  const old = slotText(header.slots, 'old') ?? '';
  const note = hasLeft ? `the requests go back to ${old}` : `${old} had the requests all the time`;
  return { rollout: header.id, superseded: '', note: `${header.id}: ${note}` };
}

/**
 * From what is under way, or was left unfinished: to what is proven. From what is proven: to what was proven before,
 * since what runs is what one wants to leave. From a rollback under way: to where that goes.
 */
function rollbackTarget(
  world: World,
  environment: EnvironmentRecord,
  version: ReleaseVersion | undefined,
  context: DeployContext,
): { readonly to: Target; readonly past: readonly Target[] } {
  const { app, name: env, proven } = environment;
  if (version !== undefined) {
    const known = proven.find(({ release }) => release.version === version);
    const to = known ?? targetOf(world, environment, requireDeployable(world, app, version), context);
    return { to, past: [] };
  }
  const underWay = activeRollout(world, app, env)?.record.header;
  // What only stages has not changed what runs.
  const active = underWay?.cause === 'stage' ? undefined : underWay;
  if (active?.cause === 'rollback') return { to: active.to, past: [] };
  const isProven = active === undefined ? environment.settled : active.cause === 'restart';
  const earlier = isProven ? proven.slice(1) : proven;
  // Never to one that has failed since: that is refused if there is no other.
  const at = Math.max(
    earlier.findIndex(({ release }) => poisonFor(world, environment, release) === undefined),
    0,
  );
  const to = earlier[at];
  if (to === undefined) {
    throw new CapstanError('refused', `There is no earlier release of ${app} that was proven in ${env}.`, {
      hint: `Name one: \`capstan rollback ${app} --env ${env} --to VERSION\`, see \`capstan release list ${app}\`.`,
    });
  }
  return { to, past: earlier.slice(0, at) };
}
