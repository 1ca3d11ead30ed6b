import { withRulesOf } from '../../../shared/core/signature-refusals.js';
import { signingFor } from '../../../shared/core/signing-rules.js';
import type { NodeStatus } from '../../../shared/model/node-status.js';
import { keyIdOf } from '../../../shared/signing/keys.js';
import { refusalOf } from '../../../shared/signing/verify.js';
import type { Signatures } from '../../ports/node.js';
import type { OwnConf } from '../../stager/settings/own-values.js';

interface NodeSignatures extends Signatures {
  /** Of all applications together, for whoever looks at the node from outside. */
  readonly summary: () => Pick<NodeStatus, 'allowUnsigned' | 'trustedKeys'>;
}

/**
 * @param conf what `conf.d` says now
 * @param allowUnsigned where it says nothing
 */
export function nodeSignatures(
  conf: () => Pick<OwnConf, 'rules' | 'signing'>,
  { confDir, allowUnsigned }: { readonly confDir: string; readonly allowUnsigned: boolean },
): NodeSignatures {
  return {
    refusal: (app, release) => {
      const { rules, signing } = conf();
      const own = rules.find(([name]) => name === app)?.[1] ?? {};
      const why = refusalOf({ ...release, app }, signingFor(own, signing, allowUnsigned));
      return why === '' ? '' : withRulesOf(why, confDir);
    },
    summary: () => {
      const { rules, signing } = conf();
      const levels = [{}, ...rules.map(([, own]) => own)].map((own) =>
        signingFor(own, signing, allowUnsigned),
      );
      const keys = new Set(levels.flatMap(({ trust }) => trust?.keys ?? []));
      return {
        allowUnsigned: levels.some((level) => level.allowUnsigned === true),
        ...(keys.size === 0 ? {} : { trustedKeys: [...keys].map(keyIdOf) }),
      };
    },
  };
}
