import { valuesOf } from '../../../coordinator/core/collections/hash-map.js';
import { nextWake } from '../../../coordinator/core/rollout/decide.js';
import { waitingFor } from '../../../coordinator/core/rollout/explain/explain.js';
import type { Transition, World } from '../world.js';
import { standsShut } from './closures.js';
import { assignsOf, type Invariant, over, rolloutTime, share } from './invariant.js';

function budgetsAndDeadlines(_world: World, transition: Transition): string | undefined {
  const { before, decision, event, now } = transition;
  const { state } = decision;
  const { header } = state;
  const forward = assignsOf(transition).some(
    ({ target, intent }) => target === 'to' && intent === 'activate',
  );
  const wave = header.waves[header.currentWave];
  if (wave !== undefined && header.lane === 'forward' && forward) {
    const members = [...valuesOf(state.nodes)].filter((node) => node.wave === header.currentWave);
    const failed = members.filter(({ phase }) =>
      ['failed', 'turnedBack', 'inconsistent'].includes(phase),
    ).length;
    const lost = members.filter(({ phase }) => phase === 'lost').length;
    const { budget } = header.strategy;
    if (wave.canary && failed > 0) return 'a node was assigned after a canary had failed';
    if (failed > share(budget.failed, members.length, Math.floor))
      return `assigned with ${failed} of ${members.length} failed`;
    if (lost > share(budget.lost, members.length, Math.floor))
      return `assigned with ${lost} of ${members.length} lost`;
  }
  if (over(state)) return undefined;
  if (event.kind === 'tick' && header.frozenSince === undefined) {
    const next = nextWake(state);
    if (next !== undefined && next <= now)
      return `a deadline of ${next} is still open after the tick of ${now}`;
    const late = [...valuesOf(state.nodes)].find(
      ({ open, lease, phase }) => open && phase !== 'lost' && (lease ?? 0) <= rolloutTime(state, now),
    );
    if (late !== undefined) return `${late.name} holds its slot without a lease`;
  }
  const counts = state.index.waves[header.currentWave];
  const waitsToHear = counts !== undefined && counts.unheard > 0 && counts.queued + counts.open === 0;
  const clockStands =
    header.hold !== undefined ||
    header.frozenSince !== undefined ||
    standsShut(header) ||
    (header.awaitsTurn && state.index.open.size + state.index.fetching.size === 0) ||
    (header.lane === 'forward' && ['baking', 'gated'].includes(wave?.status ?? '')) ||
    (header.lane === 'forward' && !header.staging && wave?.status === 'running' && waitsToHear);
  if (!clockStands && header.progressDue === undefined) return 'no progress deadline is open';
  const operated =
    event.kind === 'operator' ||
    before?.header.lane !== header.lane ||
    before.header.currentWave !== header.currentWave ||
    before.header.staging !== header.staging;
  if (!operated && before.header.progressHigh > header.progressHigh) return 'progress went backwards';
  return undefined;
}

function endsOrWaits(world: World, settled: boolean): string | undefined {
  if (!settled) return 'it never comes to rest';
  if (over(world.state) || waitingFor(world.state, world.now) !== '') return undefined;
  return `it is ${world.state.header.status} and waits for nobody`;
}

export const budgets: Invariant = {
  name: '3 past a budget nothing is assigned, deadlines are judged, it ends or awaits a person',
  step: budgetsAndDeadlines,
  end: endsOrWaits,
};
