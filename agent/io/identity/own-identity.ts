import { X509Certificate } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import type { Validity } from '../../../shared/core/certificate-times.js';
import { type SecureChannel, secureChannel } from '../../../shared/identity/channel.js';
import { readIdentity } from '../../stager/identity/identity-file.js';

/** What this node shows to the coordinator now. */
export interface OwnIdentity {
  /** PEM, of the coordinator's authority. */
  readonly ca: string;
  /** By the coordinator's clock. */
  readonly validity: Validity;
  /** By how much this host's clock is ahead of that. Milliseconds. */
  readonly aheadMs: number;
  /** For whoever is connected to, or connects. */
  readonly tls: SecureContextOptions;
  channelTo(address: string): SecureChannel;
}

/** @throws CapstanError `invalid` if the file cannot be read */
export function ownIdentity(stateDir: string): OwnIdentity | undefined {
  const stored = readIdentity(stateDir);
  if (stored === undefined) return undefined;
  const { ca, aheadMs, key, certificate } = stored;
  const { validFrom, validTo } = new X509Certificate(certificate);
  return {
    ...{ ca, aheadMs, validity: { notBefore: Date.parse(validFrom), notAfter: Date.parse(validTo) } },
    tls: { ca, key, cert: certificate, minVersion: 'TLSv1.3' },
    channelTo: (address) => secureChannel(address, { ca, own: stored }),
  };
}
