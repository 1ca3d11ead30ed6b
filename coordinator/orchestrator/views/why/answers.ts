import type { RolloutId } from '../../../../shared/model/ids.js';
import type { Explanation } from '../../../core/rollout/types/explanation.js';
import type { RolloutState } from '../../../core/rollout/types/rollout.js';
import type { WhyAnswer } from '../../../ports/inventory.js';
import type { RolloutRecord } from '../../../ports/state-store.js';
import type { World } from '../../world.js';

export interface WhyQuestion {
  readonly world: World;
  /** A node's name, a rollout's id, a release (`web@1.4.0`), an environment (`web/production`) or an application. */
  readonly subject: string;
  readonly up: number;
  readonly now: number;
  /** @throws CapstanError `notFound` */
  readonly rolloutState: (id: RolloutId) => Promise<{ record: RolloutRecord; state: RolloutState }>;
  /** Of an environment, newest first, those under way as well. */
  readonly rollouts: (app: string, env: string, limit: number) => Promise<readonly RolloutRecord[]>;
}

/** An answer, and whether it tells of anything that holds the subject up. */
export interface Found {
  readonly said: WhyAnswer;
  readonly holds: boolean;
}

/** Up-time becomes wall-clock time by the distance from now. */
export const wallTime = (
  at: number | undefined,
  { up, now }: Pick<WhyQuestion, 'up' | 'now'>,
): number | undefined => (at === undefined ? undefined : now - (up - at));

/** What the engine says. */
export const explained = (
  kind: WhyAnswer['kind'],
  { holds: _, ...explanation }: Explanation,
  question: WhyQuestion,
): WhyAnswer => ({ ...explanation, kind, since: wallTime(explanation.since, question) });

export const sentence = (
  kind: WhyAnswer['kind'],
  answer: string,
  more: Partial<Pick<WhyAnswer, 'details' | 'since' | 'hint' | 'logTail'>> = {},
): WhyAnswer => ({ kind, answer, details: [], since: undefined, hint: '', logTail: '', ...more });
