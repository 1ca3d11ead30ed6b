import { assertNever } from '../../../shared/core/assert.js';
import type { NodeName } from '../../../shared/model/ids.js';
import { valuesInOrder } from '../collections/int-map.js';
import { passWave } from './advance.js';
import { amend, amendWave, type Draft, nodeOf, put, record, timeOf } from './draft.js';
import { listed } from './explain/sentences.js';
import { finish } from './finish.js';
import { obeySwitch } from './parallel/operator.js';
import { endSwitch, freshTrouble, keepAfresh } from './parallel/switch.js';
import { restartProgress } from './progress.js';
import { classOf } from './roles.js';
import type { RolloutEvent } from './types/events.js';
import type { RolloutNode } from './types/node.js';

type Operator = Extract<RolloutEvent, { kind: 'operator' }>;

/** Does what a person asked for, or says in `draft.refusal` why it makes no sense now. */
export function obey(draft: Draft, event: Operator): void {
  switch (event.action) {
    case 'pause':
      pause(draft, event);
      return;
    case 'resume':
      resume(draft, event);
      return;
    case 'approve':
      approve(draft, event);
      return;
    case 'abort':
      endSwitch(draft);
      finish(
        draft,
        'aborted',
        `aborted by ${because(event)}; nodes under way finish by themselves, the rest hold`,
        false,
        asked(event),
      );
      return;
    case 'supersede':
      supersede(draft, event);
      return;
    case 'retry':
      retry(draft, event);
      return;
    case 'excuse':
      excuse(draft, event);
      return;
    case 'switch':
    case 'switchBack':
    case 'release':
      obeySwitch(draft, event, event.action);
      return;
    default:
      assertNever(event.action);
  }
}

function supersede(draft: Draft, event: Operator): void {
  // Who takes the requests, and does so well, is what the next one can go back to; nobody whom they are to leave is.
  const isProven = draft.header.slots?.step === 'kept' && freshTrouble(draft) === undefined;
  endSwitch(draft);
  finish(draft, 'superseded', `superseded by ${because(event)}`, isProven);
}

const asked = ({ by, reason }: Operator) => ({ actor: by, reason });

const because = ({ by, reason }: Operator): string => (reason === '' ? by : `${by}: ${reason}`);

function refuse(draft: Draft, message: string, code: 'refused' | 'notFound' = 'refused'): void {
  draft.refusal = { code, message };
}

function pause(draft: Draft, event: Operator): void {
  const { hold } = draft.header;
  if (hold?.by === 'operator') {
    refuse(draft, `the rollout is paused already, by ${hold.actor}`);
    return;
  }
  amend(draft, { hold: { by: 'operator', actor: event.by, reason: event.reason, since: draft.now } });
  record(draft, 'rollout.paused', `paused by ${because(event)}`, asked(event));
}

function resume(draft: Draft, event: Operator): void {
  const { hold, closed } = draft.header;
  if (hold === undefined) {
    const other = closed === undefined ? '' : `; it waits for ${closed.waitsFor}`;
    refuse(draft, `the rollout is not paused${other}`);
    return;
  }
  record(draft, 'rollout.resumed', `resumed by ${because(event)}`, asked(event));
  release(draft);
}

/** Lifts the hold; every clock starts afresh (nomad GH-27804). */
function release(draft: Draft): void {
  amend(draft, { hold: undefined });
  keepAfresh(draft);
  if (draft.header.lane === 'forward') {
    amend(draft, { reason: '' });
    draft.header.waves.forEach((wave, at) => {
      if (wave.status === 'failed') reopen(draft, at);
      else if (wave.status === 'baking') amendWave(draft, at, { bakeUntil: timeOf(draft) + wave.bakeMs });
    });
  }
  restartProgress(draft);
}

function reopen(draft: Draft, at: number): void {
  const status = at === draft.header.currentWave && !draft.header.staging ? 'running' : 'pending';
  amendWave(draft, at, { status, reason: '', bakeUntil: undefined, endedAt: undefined });
}

function approve(draft: Draft, event: Operator): void {
  const wave = draft.header.waves[draft.header.currentWave];
  if (draft.header.lane === 'back' || wave?.status !== 'gated') {
    refuse(draft, whyNotApproved(draft));
    return;
  }
  record(draft, 'wave.approved', `wave "${wave.name}" approved by ${because(event)}`, asked(event));
  passWave(draft, `approved by ${because(event)}`);
  restartProgress(draft);
}

function whyNotApproved({ header }: Draft): string {
  if (header.lane === 'back') return 'no wave waits for approval: the rollout is going back';
  const next = header.waves.slice(header.currentWave).find(({ gate }) => gate === 'manual');
  return next === undefined
    ? 'no wave waits for approval: none that is left has a manual gate'
    : `no wave waits for approval yet: the next gate is that of wave "${next.name}", which is ${next.status}`;
}

/** The same plan, the same targets (octopus#4383), a new generation for each node named. */
function retry(draft: Draft, event: Operator): void {
  const names = named(event) ?? [...valuesInOrder(draft.index.failed)];
  const nodes = existing(draft, names);
  if (nodes === undefined) return;
  const wrong = nodes.find((node) => {
    const kind = classOf(node);
    return (
      (kind !== 'failed' && kind !== 'excused') || (draft.header.lane === 'back' && node.target === 'to')
    );
  });
  if (wrong !== undefined || nodes.length === 0) {
    refuse(draft, wrong === undefined ? 'no node has failed' : whyNotRetried(wrong));
    return;
  }
  for (const node of nodes) {
    const lost = node.liveness === 'lost';
    put(draft, {
      ...node,
      phase: lost ? 'lost' : 'pending',
      beneath: lost ? 'pending' : undefined,
      intent: undefined,
      open: false,
      failure: node.target === 'to' ? undefined : node.failure,
      note: '',
      since: draft.now,
    });
    const wave = draft.header.waves[node.wave];
    if (wave?.status === 'baking' || wave?.status === 'gated') reopen(draft, node.wave);
  }
  goOn(draft, event, 'retried', nodes);
}

function whyNotRetried(node: RolloutNode): string {
  const kind = classOf(node);
  if (kind === 'lost' || kind === 'skipped') {
    return `node ${node.name} is not connected; it goes on by itself when it is back`;
  }
  return `node ${node.name} has not failed (${node.phase})`;
}

function excuse(draft: Draft, event: Operator): void {
  const nodes = existing(draft, named(event) ?? []);
  if (nodes === undefined) return;
  // One that was healthy when it was last heard of keeps its wave waiting.
  const isDone = ({ phase, liveness }: RolloutNode): boolean =>
    phase === 'excused' || (phase === 'healthy' && liveness === 'connected');
  const wrong = nodes.find(isDone);
  if (wrong !== undefined || nodes.length === 0) {
    refuse(draft, wrong === undefined ? 'name the nodes to excuse' : `node ${wrong.name} is ${wrong.phase}`);
    return;
  }
  for (const node of nodes) {
    put(draft, {
      ...node,
      phase: 'excused',
      beneath: undefined,
      open: false,
      busy: node.open ? node.generation : node.busy,
      lease: undefined,
      since: draft.now,
    });
  }
  goOn(draft, event, 'excused', nodes);
}

function named(event: Operator): readonly NodeName[] | undefined {
  return event.nodes === undefined || event.nodes.length === 0 ? undefined : event.nodes;
}

function existing(draft: Draft, names: readonly NodeName[]): readonly RolloutNode[] | undefined {
  const nodes: RolloutNode[] = [];
  for (const name of new Set(names)) {
    const node = nodeOf(draft, name);
    if (node === undefined || node.only === 'traffic') {
      refuse(draft, `node ${name} has no part in this rollout`, 'notFound');
      return undefined;
    }
    nodes.push(node);
  }
  return nodes;
}

/** A halt that the engine made is judged again; a pause that a person made stays until a person ends it. */
function goOn(draft: Draft, event: Operator, verb: string, nodes: readonly RolloutNode[]): void {
  for (const { name } of nodes) {
    record(draft, `node.${verb}`, `node ${name} was ${verb} by ${because(event)}`, {
      node: name,
      ...asked(event),
    });
  }
  if (draft.header.hold?.by === 'engine') {
    release(draft);
    record(
      draft,
      'rollout.resumed',
      `goes on: ${listed(nodes.map(({ name }) => name))} ${verb} by ${event.by}`,
    );
  }
  restartProgress(draft);
}
