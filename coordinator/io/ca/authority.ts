import { type KeyObject, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { validFor } from '../../../shared/core/certificate-times.js';
import { pinOf } from '../../../shared/identity/pin.js';
import { writeDurably } from '../../../shared/io/durable-file.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Clock } from '../../../shared/ports/clock.js';
import { issue, issueAuthority, type Purpose } from './issue.js';
import { damaged, makeKey, readIfThere, readKey } from './key-file.js';

/** The certificate authority of one coordinator and its fleet. */
export interface Authority {
  /** PEM. */
  readonly certificate: string;
  /** By which nodes and operators know it. */
  readonly pin: string;
  /** @returns a certificate in DER that is valid from now on for so long */
  issue(purpose: Purpose, publicKey: KeyObject, lifeMs: number): Buffer;
}

/** Nodes trust it until they enrol anew, so it is to outlive them. */
const lifeMs = 20 * 365 * 86_400_000;

/**
 * The authority in `<data-dir>/ca`, made if there is none. Its key never leaves the file.
 * @throws CapstanError `failed` if it is damaged or half gone, `invalid` if others can read the key
 */
export async function openAuthority(dataDir: string, clock: Pick<Clock, 'now'>): Promise<Authority> {
  const keyFile = join(dataDir, 'ca', 'ca.key');
  const certificateFile = join(dataDir, 'ca', 'ca.crt');
  const known = readIfThere(certificateFile);
  const kept = readKey(keyFile, restoreHint);
  if (kept === undefined && known !== undefined) throw lost(keyFile);
  const key = kept ?? (await makeKey(keyFile));
  const certificate = known === undefined ? undefined : readCertificate(certificateFile, known);
  if (certificate !== undefined && !certificate.checkPrivateKey(key)) throw lost(keyFile);
  const authority = certificate ?? new X509Certificate(issueAuthority(key, validFor(lifeMs, clock.now())));
  // Also after a crash between the two files: the pin is that of the key.
  if (certificate === undefined) await writeDurably(certificateFile, authority.toString(), { mode: 0o644 });
  return {
    certificate: authority.toString(),
    pin: pinOf(authority),
    issue: (purpose, publicKey, life) =>
      issue({ purpose, publicKey, signingKey: key, dates: validFor(life, clock.now()) }),
  };
}

function readCertificate(file: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw damaged(file, restoreHint, cause);
  }
}

const restoreHint =
  'Restore the folder from a backup. To begin anew move it away: then every node has to enrol again, and every operator needs the new pin.';

const lost = (keyFile: string): CapstanError =>
  new CapstanError('failed', `${keyFile} is not the key of the certificate beside it, or is not there.`, {
    hint: restoreHint,
  });
