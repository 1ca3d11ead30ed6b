import { signingFor } from '../../../shared/core/signing-rules.js';
import { refusalOf } from '../../../shared/signing/verify.js';
import type { Signatures } from '../../ports/node.js';
import type { OwnConf } from '../../stager/settings/own-values.js';

/**
 * @param conf what `conf.d` says now
 * @param allowUnsigned where it says nothing
 */
export function nodeSignatures(
  conf: () => Pick<OwnConf, 'rules' | 'signing'>,
  { confDir, allowUnsigned }: { readonly confDir: string; readonly allowUnsigned: boolean },
): Signatures & { readonly allowsUnsigned: () => boolean } {
  return {
    refusal: (app, release) => {
      const { rules, signing } = conf();
      const own = rules.find(([name]) => name === app)?.[1] ?? {};
      const why = refusalOf({ ...release, app }, signingFor(own, signing, allowUnsigned));
      return why === ''
        ? ''
        : `${why} (trust and allowUnsigned in the files of ${confDir} say which may run)`;
    },
    allowsUnsigned: () => {
      const { rules, signing } = conf();
      const levels = [{}, ...rules.map(([, own]) => own)];
      return levels.some((own) => signingFor(own, signing, allowUnsigned).allowUnsigned === true);
    },
  };
}
