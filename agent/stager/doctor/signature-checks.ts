import { shortKeyId } from '../../../shared/core/envelope.js';
import { signingFor } from '../../../shared/core/signing-rules.js';
import { keyIdOf } from '../../../shared/signing/keys.js';
import type { OwnConf } from '../settings/own-values.js';
import { type Finding, note, ok } from './finding.js';

/** Whose releases run here? */
export function checkSignatures(
  { rules, signing }: Pick<OwnConf, 'rules' | 'signing'>,
  { confDir, allowUnsigned }: { readonly confDir: string; readonly allowUnsigned: boolean },
): Finding {
  const byDefault = signingFor({}, signing, allowUnsigned);
  const single = rules.map(([app, own]) => ({ app, ...signingFor(own, signing, allowUnsigned) }));
  const unsigned = single.filter((each) => each.allowUnsigned === true).map(({ app }) => app);
  if (byDefault.allowUnsigned === true || unsigned.length > 0) {
    const what = byDefault.allowUnsigned === true ? 'all applications' : unsigned.join(', ');
    const hint = `sign releases, name the keys under trust in a file of ${confDir}, and leave allowUnsigned out`;
    return note('signatures', `releases of ${what} run that nobody signed`, hint);
  }
  const keys = new Set([byDefault, ...single].flatMap(({ trust }) => trust?.keys ?? []));
  if (keys.size === 0) {
    const detail = 'no release runs here: no key is trusted, and unsigned releases are not allowed';
    return note('signatures', detail, `name publishers' keys under trust in a file of ${confDir}`);
  }
  const ids = [...keys].map((key) => shortKeyId(keyIdOf(key))).join(', ');
  const named = single.filter(({ trust }) => trust !== undefined).map(({ app }) => app);
  const only = byDefault.trust === undefined ? `; of ${named.join(', ')} only` : '';
  return ok('signatures', `what key ${ids} signed runs here${only}`);
}
