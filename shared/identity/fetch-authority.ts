import { X509Certificate } from 'node:crypto';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { CapstanError } from '../model/errors.js';
import { hostOfAddress } from './channel.js';
import { pinOf } from './pin.js';

/** Many servers may come in the same moment. */
const deadlineMs = 30_000;
/** Ours are two: a server's and its authority's. */
const maxChain = 5;

/**
 * The certificate (PEM) of the authority with this pin, as the coordinator there shows it. Nothing is sent and nobody is
 * believed before the pin has been compared: whoever calls makes a connection of its own, which trusts this authority alone.
 * @param address `host:port`
 * @throws CapstanError `unreachable`; `refused` if the authority is another
 */
export async function fetchAuthority(address: string, pin: string): Promise<string> {
  const chain = await chainAt(address);
  const found = chain.find((certificate) => pinOf(certificate) === pin);
  if (found !== undefined) return found.toString();
  const root = chain.at(-1);
  throw new CapstanError(
    'refused',
    `What answers at ${address} is not the coordinator with the pin ${pin}${root === undefined ? '' : `: its pin is ${pinOf(root)}`}.`,
    {
      hint: 'Compare with `capstan ca show`. If the pin is right, somebody is between this host and the coordinator.',
    },
  );
}

function chainAt(address: string): Promise<readonly X509Certificate[]> {
  return new Promise((resolve, reject) => {
    const host = hostOfAddress(address);
    const port = Number(address.slice(address.lastIndexOf(':') + 1));
    // It is only looked at: the pin decides.
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
      ALPNProtocols: ['h2'],
    });
    const end = (error: Error | undefined): void => {
      socket.destroy();
      if (error !== undefined) reject(unreachable(address, error));
    };
    socket.setTimeout(deadlineMs, () => {
      end(new Error(`no answer within ${deadlineMs / 1000} s`));
    });
    socket.once('error', end);
    socket.once('secureConnect', () => {
      resolve(chainOf(socket));
      end(undefined);
    });
  });
}

function chainOf(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  // The last one names itself as its issuer; an empty one has no bytes.
  while (next?.raw !== undefined && chain.length < maxChain) {
    chain.push(new X509Certificate(next.raw));
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
  }
  return chain;
}

function unreachable(address: string, cause: Error): CapstanError {
  const code = 'code' in cause ? String(cause.code) : '';
  const isPlain = code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ECONNRESET';
  return new CapstanError('unreachable', `${address} cannot be reached with TLS 1.3: ${cause.message}.`, {
    hint: isPlain
      ? 'What answers there may be a coordinator with --insecure-loopback, or another program.'
      : 'Is the coordinator running, and is this the address of its --operator-listen?',
    cause,
  });
}
