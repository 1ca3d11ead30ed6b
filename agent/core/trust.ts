import type { SigningRules } from '../../shared/model/node-rules.js';
import type { Work } from './record.js';

/**
 * What counts for one application: what is said nearest to it. Where keys are named, nothing that is said further away
 * lets unsigned releases run.
 * @param all for applications of which nothing else is said
 * @param allowUnsigned where neither says anything
 */
export function signingFor(app: SigningRules, all: SigningRules, allowUnsigned: boolean): SigningRules {
  const byDefault = all.allowUnsigned ?? (all.trust === undefined && allowUnsigned);
  return {
    trust: app.trust ?? all.trust,
    allowUnsigned: app.allowUnsigned ?? (app.trust === undefined && byDefault),
  };
}

/**
 * The work is about what has served on this node and is there still: it was trusted then, and a node must be able to go
 * back to it.
 */
export const hasServed = ({ dir, from, previousBefore }: Work): boolean =>
  dir === from || dir === previousBefore;
