/** `fresh` gets the release, `old` took the requests when the plan was made. */
export type SlotName = 'fresh' | 'old';

/**
 * Where the requests of a blue/green pair go. `preparing`: the waves of the fresh group are under way. `verified`: they have passed.
 * `opening`: the group that requests go `towards` was told to take them. `overlapping`: it does, and so does the other.
 * `kept`: the fresh group takes them alone, and the old one keeps what it has for a switch back.
 */
export type SwitchStep = 'preparing' | 'verified' | 'opening' | 'overlapping' | 'kept';

/** The groups of a blue/green pair, as frozen at planning, and how far the switch is. Plain JSON. */
export interface Slots {
  /** Tells the groups apart; `fresh` and `old` are values of it. */
  readonly label: string;
  readonly fresh: string;
  /** Undefined: no group took requests. */
  readonly old: string | undefined;
  readonly step: SwitchStep;
  /** `old`: they go back. */
  readonly towards: SlotName;
  /** Rollout time (milliseconds) at which the step ends; undefined: it does not end by itself. */
  readonly until: number | undefined;
  /** The one generation in which both groups are told of the switch under way, or of the last one; 0: there was none. */
  readonly generation: number;
}

/** The group that takes the requests: the other one does only while it is being switched to. */
export const activeSlot = ({ step, towards }: Pick<Slots, 'step' | 'towards'>): SlotName =>
  step === 'kept' || towards === 'old' ? 'fresh' : 'old';

/** True between the two ends of a switch; what has begun is let come to its end, also in a pause. */
export const isSwitching = ({ slots }: { readonly slots?: Slots }): boolean =>
  slots?.step === 'opening' || slots?.step === 'overlapping';

/** `slot=green`; undefined if there is no such group. */
export function slotText({ label, fresh, old }: Slots, slot: SlotName): string | undefined {
  const value = slot === 'fresh' ? fresh : old;
  return value === undefined ? undefined : `${label}=${value}`;
}

/** Who takes the requests, whatever became of the release. */
export function staysSentence(slots: Slots): string {
  const active = slotText(slots, activeSlot(slots));
  return active === undefined ? 'no group takes requests' : `${active} takes the requests as before`;
}
