/** Somebody who asks whether an application wants requests; as far as the agent knows, a load balancer. */
export interface Poller {
  /** Its address. */
  readonly from: string;
  readonly by: AskedBy;
  /** When it was answered, the last times, oldest first. Milliseconds, monotonic. */
  readonly askedAt: readonly number[];
  /** How often in a row it was told "no". */
  readonly refusals: number;
}

/** An HTTP request for `/ready/<app>`, or HAProxy's agent-check. */
export type AskedBy = 'http' | 'agentCheck';

/** Who asks about one application. */
export interface Pollers {
  /** Nobody who asked at this time or later is missing below. */
  readonly completeSince: number;
  readonly known: readonly Poller[];
}

export interface Answer {
  readonly from: string;
  readonly by: AskedBy;
  readonly wanted: boolean;
}

/** No more are kept in mind; beyond it the one that has not asked for longest is forgotten. */
const maxPollers = 64;

/** How many refusals in a row it takes until requests go elsewhere: HAProxy's `fall` is 3 unless it is told otherwise. */
const refusalsNeeded: Readonly<Record<AskedBy, number>> = { http: 3, agentCheck: 1 };

/** So many times of one that asks are kept: enough to see the slowest of several that share an address. */
const maxTimes = 32;

/** How long a load balancer whose own pace cannot be seen may take between two questions: HAProxy's default. */
const usualMs = 2000;

/** For this long nobody must have been connected: what was on its way when the last one was told has arrived by then. */
const quietMs = 500;

export function noteAnswer(pollers: Pollers, { from, by, wanted }: Answer, now: number): Pollers {
  const same = (poller: Poller): boolean => poller.from === from && poller.by === by;
  const before = pollers.known.find(same);
  const askedAt = [...(before?.askedAt ?? []), now].slice(-maxTimes);
  const poller: Poller = { from, by, askedAt, refusals: wanted ? 0 : (before?.refusals ?? 0) + 1 };
  // In the order in which they last asked.
  const known = [...pollers.known.filter((other) => !same(other)), poller];
  if (known.length <= maxPollers) return { ...pollers, known };
  const [forgotten, ...kept] = known;
  return { completeSince: seenAt(forgotten, now) + 1, known: kept };
}

const seenAt = (poller: Poller | undefined, otherwise: number): number => poller?.askedAt.at(-1) ?? otherwise;

/**
 * The longest time that one at this address may take between two questions. Several that share an address cannot be told
 * apart; they are seen by the uneven times at which they ask.
 */
function intervalOf({ askedAt }: Poller, since: number): number {
  const times = askedAt.filter((at) => at >= since);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const longest = Math.max(...gaps);
  return gaps.length > 0 && Math.min(...gaps) >= longest / 2 ? longest : Math.max(longest, usualMs);
}

export interface DrainFacts {
  /** Since when the node has said "no". Milliseconds, monotonic, as all times here. */
  readonly since: number;
  readonly waitMs: number;
  readonly pollers: Pollers;
}

/**
 * True if every load balancer has been told often enough, and for long enough, to have noticed. Who asked within the time of a drain before it
 * began is taken for one; nobody is known to be one if nobody did, or if the agent has not watched for that long.
 */
export function allTold({ since, waitMs, pollers }: DrainFacts, now: number): boolean {
  const recent = since - waitMs;
  if (pollers.completeSince > recent) return false;
  const asking = pollers.known.filter((poller) => seenAt(poller, recent) >= recent);
  const isTold = (poller: Poller): boolean => {
    const needed = refusalsNeeded[poller.by];
    return poller.refusals >= needed && now >= since + needed * intervalOf(poller, recent);
  };
  return asking.length > 0 && asking.every(isTold);
}

export type DrainVerdict = { readonly kind: 'over' } | { readonly kind: 'waiting'; readonly untilMs: number };

/**
 * A drain is over when its time is, or when all load balancers have been told and nobody has been connected for a while.
 * @param quietSince since when, after all were told, nobody has been connected; undefined: somebody is, or it is not known
 */
export function judgeDrain(
  { since, waitMs }: DrainFacts,
  quietSince: number | undefined,
  now: number,
): DrainVerdict {
  const end = Math.min(since + waitMs, quietSince === undefined ? Infinity : quietSince + quietMs);
  return now >= end ? { kind: 'over' } : { kind: 'waiting', untilMs: end };
}
