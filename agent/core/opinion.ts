import type { HealthVerdict } from '../../shared/model/node-status.js';
import type { AppRecord, Observed } from './record.js';

/** What the node thinks of requests for one of its applications. */
export type Opinion =
  | { readonly kind: 'ready' }
  /** What serves is left the requests that it has; it is about to be changed, or is being changed. */
  | { readonly kind: 'drain' }
  | { readonly kind: 'down'; readonly why: string }
  /** Nothing is meant to serve. */
  | { readonly kind: 'stopped'; readonly why: string };

interface HealthSaid {
  readonly verdict: HealthVerdict;
  readonly complaint: string;
}

export function opinionOf(
  { work, inconsistent, standby }: AppRecord,
  observed: Observed,
  health: HealthSaid,
): Opinion {
  if (observed.current === undefined) return { kind: 'stopped', why: 'no release is live' };
  if (work?.drained === true) return { kind: 'drain' };
  if (work === undefined && inconsistent !== undefined)
    return { kind: 'down', why: 'the node could not turn back to what served before' };
  if (standby === true) return { kind: 'drain' };
  if (health.verdict === 'healthy') return { kind: 'ready' };
  return { kind: 'down', why: health.complaint === '' ? 'its health is not known yet' : health.complaint };
}

/** What whoever tests the idle group of a blue/green pair is told: ready where requests for it may go, and nowhere else. */
export function stagingOpinionOf(record: AppRecord, observed: Observed, health: HealthSaid): Opinion {
  if (record.standby !== true) return { kind: 'down', why: 'it is not in the idle group' };
  return opinionOf({ ...record, standby: false }, observed, health);
}

const maxReason = 120;

/**
 * The opinion as a line of HAProxy's agent-check protocol. Each line says all that an earlier one may have changed:
 * `up` takes back `down` and `stopped`, `ready` takes back `drain`.
 */
export function agentCheckLine(opinion: Opinion): string {
  switch (opinion.kind) {
    case 'ready':
      return 'up ready\n';
    case 'drain':
      return 'up drain\n';
    case 'down':
    case 'stopped':
      return `${opinion.kind} #${opinion.why.replace(/[^ -~]+/g, ' ').slice(0, maxReason)}\n`;
  }
}
