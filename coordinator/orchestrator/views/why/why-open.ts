import { formatBytes } from '../../../../shared/core/bytes.js';
import type { AppStatus } from '../../../../shared/model/node-status.js';
import { getKey } from '../../../core/collections/hash-map.js';
import { ago, phaseWords } from '../../../core/rollout/explain/sentences.js';
import type { WhyAnswer } from '../../../ports/inventory.js';
import type { AssignmentRecord } from '../../../ports/state-store.js';
import { type NodeEntry, statusOf } from '../../world.js';
import { sentence, type WhyQuestion } from './answers.js';

/**
 * What a node does about an assignment that no rollout under way looks after: it joined, came back or was labelled anew, is
 * told to take the application off, or does what a rollout that has ended had told it last.
 * @returns undefined if it has come to an end of it
 */
export function whyOpen(
  { now }: Pick<WhyQuestion, 'now'>,
  entry: NodeEntry,
  given: AssignmentRecord,
): WhyAnswer | undefined {
  const { app } = given;
  const told = statusOf(entry, app);
  // What a node was told after the backup that was restored here is another matter.
  if (given.state !== 'open' || (told?.generation ?? 0) > given.generation) return undefined;
  const status = told?.generation === given.generation ? told : undefined;
  const since = status === undefined ? given.givenAt : entry.record.phaseSince?.[app];
  const long = since === undefined ? '' : `, for ${ago(now - since)}`;
  const note = told === undefined || told.note === '' ? '' : ` (it says: ${told.note})`;
  const does = status === undefined ? 'has not said yet that it began' : doingOf(given, status);
  return sentence('node', `${whatOf(given)}: it ${does}${long}${note}`, {
    details: [...causeOf(given), ...shareOf(given, status)],
    since,
  });
}

/** What a node was about when it was last heard of: sentences. */
export function leftOpen({ world }: WhyQuestion, entry: NodeEntry): readonly string[] {
  const { name } = entry.record;
  const isOfRollout = ({ app }: AssignmentRecord): boolean =>
    [...world.rollouts.values()].some(
      ({ state }) => state.header.app === app && getKey(state.nodes, name) !== undefined,
    );
  return [...(world.assignments.get(name)?.values() ?? [])].flatMap((given) => {
    const status = statusOf(entry, given.app);
    if (given.state !== 'open' || isOfRollout(given)) return [];
    if (status === undefined || status.generation < given.generation)
      return [`${whatOf(given)}: it has not heard yet what it is to do`];
    if (status.generation > given.generation) return [];
    return [`${whatOf(given)}: it ${doingOf(given, status)}, as it last told`];
  });
}

const whatOf = ({ app, version, intent }: AssignmentRecord): string =>
  intent === 'remove' ? `${app} is being removed` : `${app} ${version}`;

function doingOf({ intent }: AssignmentRecord, { phase, fetched }: AppStatus): string {
  switch (phase) {
    case 'idle':
      return 'has begun nothing of it yet';
    case 'removed':
      return 'has taken it off';
    case 'stopping':
      return intent === 'remove' ? 'is stopping it' : phaseWords[phase];
    case 'staging': {
      const far =
        fetched === undefined || fetched.bytesTotal === 0
          ? ''
          : `: ${formatBytes(fetched.bytesDone)} of ${formatBytes(fetched.bytesTotal)}`;
      return `${phaseWords[phase]}${far}`;
    }
    default:
      return phaseWords[phase];
  }
}

function causeOf({ app, env, intent, rollout }: AssignmentRecord): readonly string[] {
  if (intent === 'remove') return [];
  return rollout === undefined
    ? [`no rollout has told it so: it is brought to where ${app}/${env} is`]
    : [`it was told so by ${rollout}, which has ended`];
}

/** The one bound on its speed that is known here. */
function shareOf(
  { fetchBytesPerSecond = 0 }: AssignmentRecord,
  status: AppStatus | undefined,
): readonly string[] {
  if (fetchBytesPerSecond === 0 || status?.phase !== 'staging') return [];
  return [`its share of the fleet's bandwidth is ${formatBytes(fetchBytesPerSecond)} a second`];
}
