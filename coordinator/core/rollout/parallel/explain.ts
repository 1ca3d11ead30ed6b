import { valuesOf } from '../../collections/hash-map.js';
import { isOver, rolloutTime } from '../draft.js';
import { ago, listed, versionOf } from '../explain/sentences.js';
import type { RolloutNode } from '../types/node.js';
import type { RolloutState } from '../types/rollout.js';
import type { Millis } from '../types/time.js';
import { activeSlot, type Slots, slotText } from './slots.js';

/** What a rollout of a blue/green pair waits for: a person's action or a clock; '' if for nothing but its nodes. */
export function slotsWaitFor({ header }: Pick<RolloutState, 'header'>, now: Millis): string {
  const { slots } = header;
  if (slots === undefined) return '';
  if (slots.step === 'verified') return `the switch of the requests to ${slotText(slots, 'fresh') ?? ''}`;
  if (slots.step !== 'kept') return '';
  const old = slotText(slots, 'old') ?? '';
  if (slots.until === undefined) return `the release of ${old}, or a switch back to it`;
  return `the release of ${old}, ${ago(slots.until - rolloutTime(header, now))} to go`;
}

/** How far the switch of the requests is; undefined while it has not begun, or is done. */
export function switchSentence({ header, index }: RolloutState): string | undefined {
  const { slots } = header;
  if (slots === undefined) return undefined;
  const target = slotText(slots, slots.towards) ?? '';
  const [told, ready] =
    slots.towards === 'fresh' ? [index.freshTold, index.freshReady] : [index.oldTold, index.oldReady];
  const why = slots.towards === 'old' && header.reason !== '' ? `: ${header.reason}` : '';
  if (slots.step === 'opening')
    return `${target} was told to take requests, and ${ready} of its ${told} nodes do${why}`;
  if (slots.step !== 'overlapping') return undefined;
  const other = slotText(slots, slots.towards === 'fresh' ? 'old' : 'fresh');
  return other === undefined
    ? `${target} takes requests`
    : `both groups take requests, for load balancers to notice; then ${other} drains${why}`;
}

/** What is to be done next; '' if nothing. */
export function slotsHint({ header: { slots, id } }: RolloutState): string {
  if (slots?.step === 'verified')
    return `try ${slotText(slots, 'fresh') ?? ''} by its staging endpoint, then capstan rollout switch ${id}`;
  if (slots?.step === 'kept') return `capstan rollout release ${id}, or capstan rollout switch-back ${id}`;
  return '';
}

/** Of a node of a blue/green pair that does what it is to do. */
export function explainSlot({ header }: RolloutState, node: RolloutNode): string | undefined {
  const { slots } = header;
  if (slots === undefined || node.slot === undefined) return undefined;
  const own = slotText(slots, node.slot) ?? '';
  const runs =
    node.current === undefined ? 'it has no release' : `it runs ${header.app} ${node.current.version}`;
  if (node.standby === true && node.ready === true)
    return `${runs}, and has not said yet that it takes no requests any more`;
  if (node.standby === true)
    return `nothing holds it up: ${runs} and takes no requests, since ${own} is ${idleWord(slots, node)}`;
  if (node.ready === true) return `nothing holds it up: ${runs} and takes requests`;
  return `${runs} and is to take requests, but does not (health: ${node.health})`;
}

/** The same group is something to go back to once the requests have left it. */
const idleWord = (slots: Slots, { slot }: RolloutNode): string =>
  slots.step === 'kept' && slot !== activeSlot(slots) ? 'kept for a switch back' : 'idle';

/** Where requests go, for `why`; of a rollout that is over, where they went: nothing is heard for it any more. */
export function slotsDetails({ header, nodes }: RolloutState): readonly string[] {
  const { slots } = header;
  if (slots === undefined) return [];
  const active = slotText(slots, activeSlot(slots));
  const version = versionOf(header, activeSlot(slots) === 'fresh' ? 'to' : 'from');
  const late = [...valuesOf(nodes)].filter(({ standby, ready }) => standby === true && ready === true);
  const names = listed(late.map(({ name }) => name).sort());
  if (isOver(header)) {
    const took =
      active === undefined ? 'no group took requests' : `${active} took the requests, with ${version}`;
    const then = `not known by then to have stopped taking requests: ${names} (capstan why NODE says what is so now)`;
    return [`when it ended, ${took}`, ...(late.length === 0 ? [] : [then])];
  }
  return [
    active === undefined ? 'no group takes requests' : `${active} takes the requests, with ${version}`,
    ...(late.length === 0 ? [] : [`not known to have stopped taking requests: ${names}`]),
    ...(slots.step === 'kept' && header.hold !== undefined
      ? [`while it is paused, nothing is switched back by itself: capstan rollout switch-back ${header.id}`]
      : []),
  ];
}
