import type { SecureServerOptions } from 'node:http2';
import type { SecureContextOptions } from 'node:tls';
import { ServerCredentials } from '@grpc/grpc-js';
import { isLoopback } from '../../../shared/core/loopback.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { ServerCertificate } from '../ca/server-certificate.js';

/**
 * Nothing is shown and nothing asked, for --insecure-loopback.
 * @param host where the server is to listen
 * @throws CapstanError `invalid` for any address that is not loopback
 */
export function loopbackCredentials(host: string): ServerCredentials {
  if (isLoopback(host)) return ServerCredentials.createInsecure();
  throw new CapstanError('invalid', `With --insecure-loopback the coordinator cannot listen on ${host}.`, {
    hint: 'Listen on 127.0.0.1, ::1 or localhost.',
  });
}

/**
 * TLS 1.3 with a certificate that changes while the server runs. grpc-js makes such credentials from files or for any
 * version of TLS only, so it is told by the class that its own are made of.
 * @param clients `required`: who has no certificate of our authority does not get past the handshake
 */
export function tlsCredentials(
  certificate: ServerCertificate,
  { clients }: { readonly clients: 'required' | 'none' },
): ServerCredentials {
  const credentials = new RenewedCredentials(certificate.context, clients === 'required');
  certificate.onRenewal((context) => {
    credentials.renew(context);
  });
  return credentials;
}

/**
 * What HTTP/2 takes of a peer before anybody looks at it; grpc-js has no options for these. The headers of an agent's call are
 * a dozen, and a token is the longest of them.
 */
const http2Limits: SecureServerOptions = {
  settings: { maxConcurrentStreams: 128, maxHeaderListSize: 16 * 1024 },
  maxHeaderListPairs: 64,
  maxSessionInvalidFrames: 100,
};

class RenewedCredentials extends ServerCredentials {
  constructor(context: SecureContextOptions, requestCert: boolean) {
    super({ ...http2Limits, requestCert, rejectUnauthorized: requestCert }, context);
  }

  renew(context: SecureContextOptions): void {
    this.updateSecureContextOptions(context);
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}
