import type { AppName, Digest, ReleaseVersion } from '../../../shared/model/ids.js';
import type { Statement } from '../../../shared/signing/statement.js';
import type { Claim } from '../../../shared/signing/verify.js';

/** Of what is signed in these tests. */
export const statement: Statement = {
  application: 'web' as AppName,
  version: '1.4.0' as ReleaseVersion,
  digest: `sha256:${'ab'.repeat(32)}` as Digest,
};

/** The same as what is to run. */
export const claimOf = (envelope?: string): Claim => ({
  app: statement.application,
  version: statement.version,
  digest: statement.digest,
  ...(envelope === undefined ? {} : { envelope }),
});
