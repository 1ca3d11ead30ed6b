import type {
  AppName,
  Digest,
  EnvName,
  NodeName,
  ReleaseVersion,
  RolloutId,
} from '../../shared/model/ids.js';
import type { StepName } from '../../shared/model/node-status.js';

/** That a release failed on a node, as the node told it. */
export interface Evidence {
  readonly node: NodeName;
  readonly env: EnvName;
  readonly version: ReleaseVersion;
  readonly step: StepName;
  /** One sentence. */
  readonly reason: string;
  /** Undefined: outside of a rollout. */
  readonly rollout: RolloutId | undefined;
  /** Of the values it ran with. Absent: noted by an older version. */
  readonly configRevision?: string;
  /** The number of these values in the environment. Absent: not known. */
  readonly config?: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** On which nodes content has failed; whatever version it had, in whatever environment. */
export interface PoisonRecord {
  readonly digest: Digest;
  readonly app: AppName;
  /** One a node, its newest; oldest first. */
  readonly evidence: readonly Evidence[];
  /** When it was too many (milliseconds since the epoch): from then on it is refused. Undefined: not yet. */
  readonly since: number | undefined;
}

/** More says no more than these do. */
const keptEvidence = 50;

/**
 * Steps in which the content of a release is at work. What goes wrong before (no bytes, no space, the old release
 * that does not stop) says nothing of it (elastic#15557, codedeploy#348).
 */
const blamed: ReadonlySet<StepName> = new Set(['render', 'database', 'start', 'check', 'rejoin', 'turnBack']);

export const blames = (step: StepName): boolean => blamed.has(step);

/** @param after on so many nodes content has to fail to be refused */
export function withEvidence(
  known: PoisonRecord | undefined,
  { digest, app }: Pick<PoisonRecord, 'digest' | 'app'>,
  found: Evidence,
  after: number,
): PoisonRecord {
  const others = (known?.evidence ?? []).filter(({ node }) => node !== found.node);
  const evidence = [...others, found].slice(-Math.max(keptEvidence, after));
  const since = known?.since ?? (evidence.length >= after ? found.at : undefined);
  return { digest, app, evidence, since };
}

/** What it failed with each time, if it was never anything else: then the values may be to blame, and not the content. */
export function onlyConfig({ evidence }: PoisonRecord): Evidence | undefined {
  const newest = evidence.at(-1);
  if (newest?.configRevision === undefined || newest.config === undefined) return undefined;
  return evidence.every(({ configRevision }) => configRevision === newest.configRevision)
    ? newest
    : undefined;
}

/** `3 nodes: web-1 (production, check: probe answered 500), web-2 (…) and 1 more, each time with config 4 of production` */
export function evidenceText(poison: PoisonRecord): string {
  const { evidence } = poison;
  const only = onlyConfig(poison);
  const values = only === undefined ? '' : `, each time with config ${only.config ?? 0} of ${only.env}`;
  const shown = evidence
    .slice(0, 3)
    .map(({ node, env, step, reason }) => `${node} (${env}, ${step}: ${reason})`)
    .join(', ');
  const more = evidence.length > 3 ? ` and ${evidence.length - 3} more` : '';
  return `${evidence.length} node${evidence.length === 1 ? '' : 's'}: ${shown}${more}${values}`;
}
