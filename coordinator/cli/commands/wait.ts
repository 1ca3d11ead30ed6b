import { formatDuration } from '../../../shared/core/duration.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { type RolloutStatus, terminalRolloutStatuses } from '../../../shared/model/rollout.js';
import type { OperatorClient, RolloutView } from '../../../shared/wire/operator-client.js';
import { interruptedExit } from '../errors.js';
import { isInterrupted } from '../host.js';
import type { Session } from '../session.js';
import { type LiveView, liveView } from '../terminal/live.js';
import { type RolloutJson, rolloutJson } from '../views/rollout-json.js';
import { rolloutText } from '../views/rollout-text.js';
import { rolloutChanges } from './rollout-changes.js';

/** How long a coordinator may be away while a rollout is watched, if no other bound is given. */
const awayForMs = 5 * 60_000;

interface WatchOptions {
  /** Give up waiting (not the rollout) after this long; undefined: wait until it ends. Milliseconds. */
  readonly timeoutMs: number | undefined;
}

/**
 * Follows a rollout to its end and prints the outcome; the coordinator may restart meanwhile.
 * @returns 0 if it succeeded, 1 if it ended otherwise or the time is up, 130 after Ctrl-C
 */
export async function watchToEnd(session: Session, id: string, { timeoutMs }: WatchOptions): Promise<number> {
  const client = await session.client();
  const until = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
  const view = await liveView(session);
  let last: RolloutJson | undefined;
  try {
    for await (const message of rolloutStream(session, client, id, until)) {
      const next = rolloutJson(message);
      await draw(session, view, last, next);
      last = next;
      if (isOver(next)) break;
    }
  } finally {
    view.end();
  }
  if (last !== undefined && isOver(last)) return outcome(session, last);
  if (session.host.interrupted.aborted) {
    session.remark(`Stopped watching; rollout ${id} goes on. Watch it again: capstan rollout watch ${id}`);
    return interruptedExit;
  }
  throw new CapstanError(
    'failed',
    `Rollout ${id} has not ended within ${formatDuration(timeoutMs ?? 0)}; it goes on.`,
    {
      hint: `Watch it again: capstan rollout watch ${id}`,
    },
  );
}

const isOver = ({ status }: RolloutJson): boolean => terminalRolloutStatuses.has(status as RolloutStatus);

async function outcome(session: Session, rollout: RolloutJson): Promise<number> {
  await session.print(rollout, (paint) => rolloutText(rollout, paint));
  if (rollout.status === 'succeeded') return 0;
  session.remark(`capstan why ${rollout.id} says more.`);
  return 1;
}

async function draw(
  session: Session,
  view: LiveView,
  last: RolloutJson | undefined,
  next: RolloutJson,
): Promise<void> {
  if (view.kind === 'redraw') view.show(await rolloutText(next, view.paint));
  else if (view.kind === 'lines') for (const line of rolloutChanges(last, next)) session.remark(line);
}

/** The states of a rollout; a broken stream is opened again until the coordinator was away too long. */
async function* rolloutStream(
  session: Session,
  client: OperatorClient,
  id: string,
  until: number | undefined,
): AsyncGenerator<RolloutView> {
  const { interrupted } = session.host;
  let answeredAt = performance.now();
  for (let told = false; !isInterrupted(session.host); ) {
    const leftMs = until === undefined ? undefined : until - performance.now();
    if (leftMs !== undefined && leftMs <= 0) return;
    try {
      const options = { signal: interrupted, ...(leftMs === undefined ? {} : { deadlineMs: leftMs }) };
      for await (const view of client.stream('WatchRollout', { id }, options)) {
        if (told) session.remark('The coordinator is back.');
        told = false;
        answeredAt = performance.now();
        yield view;
      }
    } catch (thrown) {
      const error = CapstanError.from(thrown);
      const passing = error.code === 'unreachable' || error.code === 'unavailable';
      const awayMs = performance.now() - answeredAt;
      if (isInterrupted(session.host)) return;
      if (!passing || (awayMs > awayForMs && until === undefined)) throw error;
      if (until !== undefined && performance.now() >= until) return;
      if (!told) session.remark('The coordinator does not answer; waiting for it.');
      told = true;
    }
    await client.pause(1000, interrupted);
  }
}
