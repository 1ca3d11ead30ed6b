import { startActivations, startStaging } from './assign.js';
import { failedOf, holders } from './budget.js';
import { amendWave, type Draft, record } from './draft.js';
import { ago, failureSentence, plural, versionOf } from './explain/sentences.js';
import { finish } from './finish.js';
import { isOverdue } from './progress.js';

/**
 * A rollout that only stages: one wave, in which every node gets the release onto its disk and goes on running what it
 * runs. A node that cannot keeps no other from trying, since nothing that serves is touched.
 */
export function advanceStage(draft: Draft): void {
  if (isOverdue(draft)) {
    const { progressDeadlineMs } = draft.header.strategy;
    end(draft, `no node got further for ${ago(progressDeadlineMs)} (${holders(draft)})`);
    return;
  }
  if (draft.header.waves[0]?.status === 'pending') {
    amendWave(draft, 0, { status: 'running', startedAt: draft.now });
  }
  startStaging(draft);
  startActivations(draft); // of nodes that joined, to what is proven
  const { index } = draft;
  if ((index.waves[0]?.queued ?? 0) === 0 && index.open.size === 0) end(draft, '');
}

/** @param trouble why not all could be waited for; '' if all nodes have come to an end */
function end(draft: Draft, trouble: string): void {
  const { header, index } = draft;
  const counts = index.waves[0];
  const { size = 0, staged = 0, failed = 0, lost = 0, skipped = 0 } = counts ?? {};
  const reached = `${staged} of ${plural(size, 'node')} have ${versionOf(header, 'to')} on disk`;
  const away = [lost > 0 ? `${lost} lost` : '', skipped > 0 ? `${skipped} skipped (offline)` : ''];
  const [first] = failedOf(draft, 0);
  const more = failed > 1 ? ` (and ${failed - 1} more failed)` : '';
  const failures = first === undefined ? '' : `${failureSentence(first)}${more}`;
  const reason = [reached, ...away, failures, trouble].filter((part) => part !== '').join('; ');
  const isDone = trouble === '' && failed === 0 && (staged > 0 || lost + skipped === 0);
  amendWave(draft, 0, { status: isDone ? 'passed' : 'failed', reason: failures, endedAt: draft.now });
  record(draft, 'stage.done', reason);
  finish(draft, isDone ? 'succeeded' : 'failed', reason);
}
