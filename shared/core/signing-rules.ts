import type { SigningRules } from '../model/node-rules.js';

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
