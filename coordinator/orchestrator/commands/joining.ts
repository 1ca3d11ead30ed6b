import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, EnvName } from '../../../shared/model/ids.js';
import { explainRollout, waitingFor } from '../../core/rollout/explain/explain.js';
import { sameTarget } from '../../core/rollout/explain/sentences.js';
import { slotText } from '../../core/rollout/parallel/slots.js';
import type { Target } from '../../core/rollout/types/plan.js';
import type { DeployOutcome } from '../../ports/operations.js';
import type { Batch } from '../batch.js';
import { type ActiveRollout, activeRollout } from '../world.js';

/**
 * The rollout under way that takes the environment there already: sent again, a command disturbs nothing.
 * @throws CapstanError `refused` if its requests are on their way back: to turn them round in the middle harms whoever sent them
 */
export function isDoing(
  { world, up }: Pick<Batch, 'world' | 'up'>,
  app: AppName,
  env: EnvName,
  to: Target,
): DeployOutcome | undefined {
  const active = activeRollout(world, app, env);
  if (active === undefined) return undefined;
  const { header } = active.state;
  if (header.cause === 'stage' || header.lane === 'back' || !sameTarget(header.to, to)) return undefined;
  const { id, slots, reason } = header;
  if (slots?.towards !== 'old') return joined(active, up);
  const why = reason === '' ? '' : `: ${reason}`;
  throw new CapstanError(
    'refused',
    `Rollout ${id} is turning back: the requests of ${app}/${env} go to ${slotText(slots, 'old') ?? ''} again${why}.`,
    {
      hint: `Wait for its end with \`capstan rollout watch ${id}\`, see \`capstan why ${id}\`, then deploy again.`,
    },
  );
}

/** What is asked for is under way already; if it waits for a person or a clock, for what, and what has it go on. */
export function joined({ state }: ActiveRollout, up: number): DeployOutcome {
  const { id, status } = state.header;
  const waitsFor = waitingFor(state, up);
  const { hint } = explainRollout(state, up);
  const next = hint === '' ? '' : `; next: ${hint}`;
  const waits = waitsFor === '' ? '' : `, but it is ${status} and waits for ${waitsFor}${next}`;
  return { rollout: id, superseded: '', note: `${id} is doing that already${waits}` };
}
