/** Somebody who asks whether an application wants requests; as far as the agent knows, a load balancer. */
export interface Poller {
  /** Its address. */
  readonly from: string;
  readonly by: AskedBy;
  /** When it was last answered. Milliseconds, monotonic. */
  readonly seenAt: number;
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

/** For this long nobody must have been connected: what was on its way when the last one was told has arrived by then. */
const quietMs = 500;

export function noteAnswer(pollers: Pollers, { from, by, wanted }: Answer, now: number): Pollers {
  const same = (poller: Poller): boolean => poller.from === from && poller.by === by;
  const before = pollers.known.find(same)?.refusals ?? 0;
  const poller: Poller = { from, by, seenAt: now, refusals: wanted ? 0 : before + 1 };
  // In the order in which they last asked.
  const known = [...pollers.known.filter((other) => !same(other)), poller];
  if (known.length <= maxPollers) return { ...pollers, known };
  const [forgotten, ...kept] = known;
  return { completeSince: (forgotten?.seenAt ?? now) + 1, known: kept };
}

export interface DrainFacts {
  /** Since when the node has said "no". Milliseconds, monotonic, as all times here. */
  readonly since: number;
  readonly waitMs: number;
  readonly pollers: Pollers;
}

/**
 * True if every load balancer has been told often enough to have noticed. Who asked within the time of a drain before it
 * began is taken for one; nobody is known to be one if nobody did, or if the agent has not watched for that long.
 */
export function allTold({ since, waitMs, pollers }: DrainFacts): boolean {
  const recent = since - waitMs;
  if (pollers.completeSince > recent) return false;
  const asking = pollers.known.filter(({ seenAt }) => seenAt >= recent);
  return asking.length > 0 && asking.every(({ by, refusals }) => refusals >= refusalsNeeded[by]);
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
