import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import type { Site } from '../identity/site.js';

/** A TCP connection that says nothing by itself, and survives whatever is done to it. */
export async function plainTo(address: string, from = '127.0.0.1'): Promise<Socket> {
  const [host, port] = address.split(':');
  const socket = connect({ host, port: Number(port), localAddress: from });
  cleanUp(() => {
    socket.destroy();
  });
  socket.on('error', () => undefined).resume();
  await once(socket, 'connect');
  return socket;
}

/** The handshake of TLS is done, and nothing was said after it. */
export async function tlsTo(address: string, ca: string, protocol: 'h2' | 'http/1.1'): Promise<TLSSocket> {
  const [host, port] = address.split(':');
  const socket = connectTls({ host, port: Number(port), ca, ALPNProtocols: [protocol] });
  cleanUp(() => {
    socket.destroy();
  });
  socket.on('error', () => undefined).resume();
  await once(socket, 'secureConnect');
  return socket;
}

/** Sends the bytes one by one until the other side has had enough. @returns after how many milliseconds that was */
export async function drip(socket: Socket, bytes: Buffer, everyMs: number): Promise<number> {
  const began = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    if (sent < bytes.length) socket.write(bytes.subarray(sent, (sent += 1)));
  }, everyMs);
  await closed(socket);
  clearInterval(timer);
  return performance.now() - began;
}

export const closed = (socket: Pick<Socket, 'destroyed'> | undefined): Promise<unknown> =>
  eventually(() => socket?.destroyed, { what: 'the connection to be cut', timeoutMs: 15_000 });

interface Trust {
  readonly ca: string;
  readonly own?: { readonly key: string; readonly certificate: string } | undefined;
}

/** HTTP/2 without gRPC's manners. */
export function http2To(
  address: string,
  { ca, own }: Trust,
  settings: { readonly initialWindowSize?: number } = {},
): ClientHttp2Session {
  const session = connectHttp2(`https://${address}`, {
    ...{ ca, settings },
    ...(own === undefined ? {} : { key: own.key, cert: own.certificate }),
  });
  session.on('error', () => undefined);
  cleanUp(() => {
    session.destroy();
  });
  return session;
}

/** The headers of a call; the message is left to the caller. */
export function callOn(
  session: ClientHttp2Session,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): ClientHttp2Stream {
  const stream = session.request({
    ...{ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' },
    ...headers,
  });
  stream.on('error', () => undefined);
  return stream;
}

/** A message as gRPC frames it. */
export const framed = (message: Buffer, { compressed = false } = {}): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed ? 1 : 0, 0);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
};

/** What the coordinator logged of limits: what, who. */
const limited = ({ program }: Site): readonly string[] =>
  program
    .logs()
    .filter(({ event }) => event === 'limited')
    .map(({ what, who }) => `${String(what)} ${String(who)}`);

export const toldOf = (site: Site, line: string): Promise<unknown> =>
  eventually(() => limited(site).includes(line), {
    what: `the log to tell of ${line}, not of ${limited(site).join()}`,
  });
