import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, EnvName, NodeName, ReleaseVersion, RolloutId } from '../../../shared/model/ids.js';
import type { RolloutCause } from '../../../shared/model/rollout.js';
import { getKey } from '../../core/collections/hash-map.js';
import { noReturn } from '../../core/rollout/database.js';
import type { PlanNode, PlanRequest, Target } from '../../core/rollout/types/plan.js';
import type { RolloutState } from '../../core/rollout/types/rollout.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import { barrierTo, dueStep } from '../database.js';
import { partsIn } from '../slots.js';
import { memberEntries } from '../tending/members.js';
import { type ActiveRollout, activeRollout, envKey, planNodeOf, type World } from '../world.js';

export interface RolloutRequest {
  readonly id: RolloutId;
  readonly app: AppName;
  readonly env: EnvName;
  readonly cause: RolloutCause;
  readonly to: Target;
  readonly from: Target | undefined;
  readonly by: string;
  readonly reason: string;
}

/**
 * Finds the rollout of another environment that a node still has part in: plans are frozen, so that labels or selectors
 * that change midway change nothing, and one node is told one thing (hawkbit#863).
 */
export function takenElsewhere(
  world: World,
  app: AppName,
  env: EnvName,
): (node: NodeName) => ActiveRollout | undefined {
  const environments = world.applications.get(app)?.spec.environments ?? [];
  const others = environments.flatMap(({ name }) =>
    name === env ? [] : (activeRollout(world, app, name) ?? []),
  );
  return (node) => others.find(({ state }) => getKey(state.nodes, node) !== undefined);
}

/** The members that a rollout of the environment can have now. */
export function plannable(world: World, app: AppName, env: EnvName): readonly PlanNode[] {
  const taken = takenElsewhere(world, app, env);
  return memberEntries(world, app, env)
    .filter(({ record }) => taken(record.name) === undefined)
    .map((entry) => planNodeOf(world, entry, app));
}

/**
 * What the engine is asked to plan.
 * @param before what is under way in the environment, and would be superseded
 * @param now milliseconds since the epoch
 */
export function planRequestOf(
  world: World,
  { by, reason, ...request }: RolloutRequest,
  { before, now }: { readonly before: RolloutState | undefined; readonly now: number },
): PlanRequest {
  const environment = requireEnvironment(world, request.app, request.env);
  const { strategy, join } = environment.spec;
  const members = plannable(world, request.app, request.env);
  return {
    ...{ ...request, strategy, join, requestedBy: by, requestedReason: reason },
    ...partsIn(environment, request.cause, members),
    startedAt: new Date(now).toISOString(),
    database: dueStep(environment, request.to.release),
    pastReturn: pastReturnOf(world, environment, request, before),
  };
}

/** The version whose database step keeps a rollout from going back, as far as that is known when it starts. */
function pastReturnOf(
  world: World,
  environment: EnvironmentRecord,
  { from }: Pick<RolloutRequest, 'from'>,
  before: RolloutState | undefined,
): ReleaseVersion | undefined {
  const barrier = barrierTo(world, environment, from);
  if (barrier !== undefined || before === undefined) return barrier?.version;
  const { pastReturn, to } = before.header;
  return noReturn(before) === undefined ? undefined : (pastReturn ?? to.release.version);
}

export function requireEnvironment(world: World, app: AppName, env: EnvName): EnvironmentRecord {
  const environment = world.environments.get(envKey(app, env));
  if (environment === undefined) {
    throw new CapstanError('notFound', `There is no environment "${env}" of application "${app}".`, {
      hint: `See \`capstan app show ${app}\` for those there are.`,
    });
  }
  return environment;
}
