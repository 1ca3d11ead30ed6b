import { CapstanError } from '../../../shared/model/errors.js';
import type { NodeName, RolloutId } from '../../../shared/model/ids.js';
import type { Maintenance } from '../../../shared/model/maintenance.js';
import { noShares } from '../../core/fetch-shares.js';
import { type Estimate, estimate } from '../../core/plan/estimate.js';
import { refusalReason, refusesSignature, refusingText } from '../../core/plan/refusing.js';
import { openReplay, play, type Replay } from '../../core/plan/replay.js';
import { outcomeOf } from '../../core/plan/score.js';
import { victimsOf } from '../../core/plan/victims.js';
import { windowClosure } from '../../core/rollout/closure.js';
import { plural, silentSentence } from '../../core/rollout/explain/sentences.js';
import type { PlanNode, PlanRequest } from '../../core/rollout/types/plan.js';
import type { PlanAnswer, PlanQuestion, Supposed } from '../../ports/planning.js';
import type { EnvironmentRecord, StateStore } from '../../ports/state-store.js';
import { refuseEmpty, requireDeployable } from '../commands/deploy.js';
import { findEnvironment } from '../commands/places.js';
import { type TargetContext, targetOf } from '../commands/targets.js';
import { permitStart } from '../locks/locks.js';
import { refusePoisoned } from '../poison.js';
import { refuseUnpromoted } from '../promotion/gates.js';
import { plannable, planRequestOf } from '../rollouts/planning.js';
import { leftOutText, straysIn } from '../slots.js';
import { activeRollout, provenTarget, type World } from '../world.js';

/** How many rollouts of the environment are looked at for how long nodes take. */
const learntFrom = 10;
/** Events that are played before others have their turn: a few milliseconds. */
const eventsATurn = 500;
/** Plans of large fleets take the coordinator's time: more than this at once are sent away. */
const atOnce = 2;

export interface PlannerSource {
  readonly world: () => World;
  readonly store: Pick<StateStore, 'rollouts'>;
  readonly time: () => { readonly up: number; readonly now: number };
  readonly context: TargetContext;
  /** Lets others have their turn. */
  readonly pause: () => Promise<void>;
}

/** Plays rollouts through on the inventory as it is; changes nothing. */
export class Planner {
  readonly #source: PlannerSource;
  #running = 0;

  constructor(source: PlannerSource) {
    this.#source = source;
  }

  /** @throws CapstanError `notFound`, `refused` or `invalid` as the deploy would; `unavailable` when too many are planned */
  async plan(question: PlanQuestion): Promise<PlanAnswer> {
    if (this.#running >= atOnce) {
      throw new CapstanError('unavailable', 'The coordinator is busy with other plans.', {
        hint: 'Try again in a few seconds.',
        retryAfterMs: 2000,
      });
    }
    this.#running += 1;
    try {
      return await this.#plan(question);
    } finally {
      this.#running -= 1;
    }
  }

  async #plan(question: PlanQuestion): Promise<PlanAnswer> {
    const { store, world, time, pause } = this.#source;
    const { app, env } = question;
    const earlier = await store.rollouts({ app, env, activeOnly: false, limit: learntFrom });
    const learnt = estimate(earlier.map(({ header }) => header.took));
    // From here on nothing changes the world before the replay has taken from it what it needs.
    const { plan, maintenance, refusing, ...beside } = this.#request(question);
    const took = paceOf(learnt, question);
    const { shares, liveness } = world();
    const replay = openReplay({
      plan,
      suppose: {
        ...took,
        failing: namesOf(question.fail, plan.nodes, 'fail'),
        vanishing: namesOf(question.lose, plan.nodes, 'lose'),
        refusing,
        limits: liveness.limits,
      },
      shares: noShares(shares.budget), // what others fetch now is over by then
      now: time().up,
      windows: maintenance && { maintenance, wallTime: time().now },
    });
    while (!play(replay, eventsATurn)) await pause();
    const seen = question.stepMs === undefined ? learnt.nodes : 0;
    return { ...answerOf(replay), ...beside, took: { ...took, learntFrom: seen } };
  }

  #request({ app, env, version, by, config }: PlanQuestion): {
    readonly plan: PlanRequest;
    readonly supersedes: RolloutId | undefined;
    readonly obstacles: readonly string[];
    readonly remarks: readonly string[];
    readonly maintenance: Maintenance | undefined;
    readonly refusing: ReadonlyMap<NodeName, string>;
  } {
    const { world, time, context } = this.#source;
    const environment = findEnvironment(world(), app, env);
    const release = requireDeployable(world(), app, version);
    refuseEmpty(world(), environment);
    const to = targetOf(world(), environment, release, context, config);
    const before = activeRollout(world(), app, env);
    const plan = planRequestOf(
      world(),
      {
        ...{ id: 'r-plan' as RolloutId, app, env, cause: 'deploy', to, by, reason: '' },
        from: provenTarget(environment),
      },
      { before: before?.state, now: time().now },
    );
    const obstacles = refusalsOf(
      () => {
        permitStart(world(), app, env, by);
      },
      () => {
        refusePoisoned(world(), environment, to);
      },
      () => {
        refuseUnpromoted(world(), environment, release, time().up);
      },
    );
    const { maintenance } = environment.spec;
    refuseTimeless(environment, time().now);
    const leftOut = leftOutText(straysIn(environment, plannable(world(), app, env)));
    const silent = plan.nodes.filter(({ liveness }) => liveness === 'silent').map(({ name }) => name);
    const refusing = refusingIn(world(), plan);
    const remarks = [
      refusingText(app, to.release, [...refusing.keys()]),
      leftOut,
      silent.length === 0 ? '' : silentSentence(silent),
    ].filter((text) => text !== '');
    return { plan, supersedes: before?.record.header.id, obstacles, remarks, maintenance, refusing };
  }
}

/** The nodes that are sure to refuse what they are to be given, and why. One that runs it already goes on doing so. */
function refusingIn(world: World, { app, to, nodes }: PlanRequest): ReadonlyMap<NodeName, string> {
  const reason = refusalReason(app, to.release);
  return new Map(
    nodes.flatMap(({ name, current }) => {
      const said = world.nodes.get(name)?.record.status;
      if (said === undefined || current?.digest === to.release.digest) return [];
      return refusesSignature(to.release, said) ? [[name, reason]] : [];
    }),
  );
}

/** Windows of which nobody knows when they open are waited for without an end, and a plan of that has none either. */
function refuseTimeless({ app, name, spec: { maintenance } }: EnvironmentRecord, now: number): void {
  const closure = maintenance && windowClosure(maintenance, now).closure;
  if (closure === undefined || closure.hint === '') return;
  throw new CapstanError(
    'refused',
    `Nobody can say how long a rollout of ${app}/${name} would take: it waits for ${closure.waitsFor}.`,
    { hint: closure.hint },
  );
}

/** The sentences with which these refuse; what is refused today may be planned for tomorrow. */
function refusalsOf(...gates: readonly (() => void)[]): readonly string[] {
  return gates.flatMap((gate) => {
    try {
      gate();
      return [];
    } catch (thrown) {
      const { code, message } = CapstanError.from(thrown);
      if (code !== 'refused') throw thrown;
      return [message];
    }
  });
}

/** What was said by hand counts; what was learnt is slowed down. */
function paceOf(
  { fetchMs, changeMs }: Estimate,
  { slow, stepMs }: PlanQuestion,
): Pick<Estimate, 'fetchMs' | 'changeMs'> {
  return { fetchMs: Math.round(fetchMs * slow), changeMs: Math.round((stepMs ?? changeMs) * slow) };
}

/** @throws CapstanError `invalid` if something is supposed of nodes that are not there: then the plan would say nothing */
function namesOf(
  supposed: readonly Supposed[],
  nodes: readonly PlanNode[],
  option: 'fail' | 'lose',
): ReadonlySet<NodeName> {
  const names = new Set<NodeName>();
  for (const { text, victims } of supposed) {
    const known = nodes.find(({ name }) => name === text);
    const found = known === undefined ? victimsOf(victims, nodes) : [known.name];
    if (found.length === 0) {
      throw new CapstanError('invalid', `--${option} ${text}: no node of this environment is meant by it.`, {
        hint: 'Give a selector such as zone=b, a number or a share of the nodes such as 5%, or a node’s name. See `capstan node list`.',
      });
    }
    refuseMore(victims, nodes, `--${option} ${text}`);
    for (const name of found) names.add(name);
  }
  return names;
}

/** @throws CapstanError `invalid` */
function refuseMore(victims: Supposed['victims'], nodes: readonly PlanNode[], option: string): void {
  if (victims.kind !== 'amount' || victims.amount.kind !== 'count') return;
  if (victims.amount.count <= nodes.length) return;
  throw new CapstanError(
    'invalid',
    `${option}: the plan is of ${plural(nodes.length, 'node')}, and it cannot be supposed of more.`,
    { hint: 'Give 100% for all of them.' },
  );
}

function answerOf({
  request,
  state,
  score,
  now,
  left,
}: Replay): Omit<PlanAnswer, 'supersedes' | 'obstacles' | 'remarks' | 'took'> {
  const { app, env, to, from, strategy, nodes } = request.plan;
  const outcome = outcomeOf(score, state, now);
  return {
    ...outcome,
    reason: left === 0 ? 'it was not played to its end: it takes too many steps' : outcome.reason,
    ...{ app, env, strategy: strategy.type, nodes: nodes.length },
    to: to.release.version,
    from: from?.release.version,
  };
}
