/** What keeps a release from running where signatures count: nobody signed it, nobody whom the node trusts did, or it is not what was signed. */
export type SignatureTrouble = 'unsigned' | 'untrusted' | 'changed';

const whose = '(trust and allowUnsigned in the files of ';

/** Where the node's rules are, behind the reason. */
export const withRulesOf = (reason: string, confDir: string): string =>
  `${reason} ${whose}${confDir} say which may run)`;

/** Whether that is why a node failed; undefined: it failed for something else. */
export function signatureTroubleIn(reason: string): SignatureTrouble | undefined {
  if (!reason.includes(whose)) return undefined;
  if (/^\S+ \S+ is not signed, /.test(reason)) return 'unsigned';
  return /^\S+ \S+ is signed/.test(reason) ? 'untrusted' : 'changed';
}
