import { checkServerIdentity, createSecureContext } from 'node:tls';
import { type ChannelCredentials, type ClientOptions, credentials } from '@grpc/grpc-js';

/** What a client trusts and shows. PEM, all of it. */
export interface ChannelIdentity {
  /** The authority of the coordinator: the only one that counts. */
  readonly ca: string;
  /** Of a node; absent for operators. */
  readonly own?: { readonly key: string; readonly certificate: string } | undefined;
}

export interface SecureChannel {
  readonly credentials: ChannelCredentials;
  readonly options: ClientOptions;
}

/** For want of a better one where a coordinator is known by its address: an address cannot be sent as a server's name. */
const anyServerName = 'capstan-coordinator';

/**
 * TLS 1.3 to a coordinator.
 * @param address `host:port`; the certificate has to be for that host
 */
export function secureChannel(address: string, { ca, own }: ChannelIdentity): SecureChannel {
  const host = hostOfAddress(address);
  const context = createSecureContext({
    ca,
    minVersion: 'TLSv1.3',
    ...(own === undefined ? {} : { key: own.key, cert: own.certificate }),
  });
  return {
    credentials: credentials.createFromSecureContext(context, {
      checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
    }),
    options: { 'grpc.ssl_target_name_override': anyServerName },
  };
}

/** Of `host:port`, without the brackets of an IPv6 address. */
export const hostOfAddress = (address: string): string =>
  address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
