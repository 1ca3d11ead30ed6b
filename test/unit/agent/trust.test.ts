import { expect } from 'chai';
import { hasServed } from '../../../agent/core/plan.js';
import { nodeSignatures } from '../../../agent/io/conf/node-signatures.js';
import { signingFor } from '../../../shared/core/signing-rules.js';
import type { AppName, PublicKey } from '../../../shared/model/ids.js';
import { noRules, type SigningRules } from '../../../shared/model/node-rules.js';
import { keyIdOf } from '../../../shared/signing/keys.js';
import { claimOf } from '../signing/claims.js';

const trust = { keys: [`ed25519:${'A'.repeat(43)}=` as PublicKey], threshold: 1 };
const other = { ...trust, keys: [`ed25519:${'B'.repeat(42)}A=` as PublicKey] };

describe('what a node goes by for an application', () => {
  it('is what is said of it, then what is said of all, then the setting', () => {
    const cases: readonly (readonly [
      app: SigningRules,
      all: SigningRules,
      setting: boolean,
      rules: SigningRules,
    ])[] = [
      [{}, {}, false, { trust: undefined, allowUnsigned: false }],
      [{}, {}, true, { trust: undefined, allowUnsigned: true }],
      [{}, { trust }, true, { trust, allowUnsigned: false }],
      [{}, { trust, allowUnsigned: true }, false, { trust, allowUnsigned: true }],
      [{}, { allowUnsigned: false }, true, { trust: undefined, allowUnsigned: false }],
      [{ trust: other }, { trust, allowUnsigned: true }, true, { trust: other, allowUnsigned: false }],
      [{ trust: other, allowUnsigned: true }, { trust }, false, { trust: other, allowUnsigned: true }],
      [{ allowUnsigned: true }, { trust }, false, { trust, allowUnsigned: true }],
      [{ allowUnsigned: false }, { allowUnsigned: true }, true, { trust: undefined, allowUnsigned: false }],
    ];
    for (const [app, all, setting, rules] of cases) {
      expect(signingFor(app, all, setting), JSON.stringify([app, all, setting])).to.deep.equal(rules);
    }
  });

  it('is asked anew each time, and unsigned releases are told of if any application may have some', () => {
    const web = 'web' as AppName;
    let conf: Parameters<typeof nodeSignatures>[0] extends () => infer Conf ? Conf : never = {
      rules: [],
      signing: { trust },
    };
    const signatures = nodeSignatures(() => conf, { confDir: '/etc/conf.d', allowUnsigned: true });
    expect(signatures.refusal(web, claimOf())).to.equal(
      'web 1.4.0 is not signed, and this node runs only signed releases of web (trust and allowUnsigned in the files of /etc/conf.d say which may run)',
    );
    const [id] = trust.keys.map(keyIdOf);
    expect(signatures.summary()).to.deep.equal({ allowUnsigned: false, trustedKeys: [id] });
    conf = { ...conf, rules: [[web, { ...noRules, allowUnsigned: true }]] };
    expect(signatures.refusal(web, claimOf())).to.equal('');
    expect(signatures.refusal('shop' as AppName, claimOf())).to.match(/^shop 1\.4\.0 is not signed/);
    expect(signatures.summary()).to.deep.equal({ allowUnsigned: true, trustedKeys: [id] });
    conf = { rules: [], signing: {} };
    expect(signatures.refusal(web, claimOf())).to.equal('');
    expect(signatures.summary()).to.deep.equal({ allowUnsigned: true });
  });

  it('is not asked about what has served', () => {
    const work = { dir: 'a', from: 'b', previousBefore: 'c' } as Parameters<typeof hasServed>[0];
    expect(hasServed(work)).to.equal(false);
    expect(hasServed({ ...work, dir: 'b' })).to.equal(true);
    expect(hasServed({ ...work, dir: 'c' })).to.equal(true);
    expect(hasServed({ ...work, from: undefined, previousBefore: undefined })).to.equal(false);
  });
});
