import type { AddressInfo, Server, Socket } from 'node:net';
import { listenFailure } from '../../../shared/io/listen-failure.js';
import type { Answer } from '../../core/drain.js';
import type { Opinion } from '../../core/opinion.js';

/** Who asks on the node is answered from this. */
export interface OpinionSource {
  /** undefined: no such application on this node. */
  readonly opinion: (app: string) => Opinion | undefined;
  /** The same for tests of a release that takes no requests yet. */
  readonly stagingOpinion: (app: string) => Opinion | undefined;
  /** To be called when an answer about an application is on its way. */
  readonly answered: (app: string, answer: Answer) => void;
}

export interface Endpoint {
  readonly address: { readonly host: string; readonly port: number };
  close(): Promise<void>;
}

/** More connections at once are refused. */
const maxConnections = 256;
/** Of one address. One more ends the one of them that has asked nothing for longest. */
const maxOfAddress = 32;

/**
 * Bounds the connections of a server, so that nobody who holds some of them keeps others out.
 * @returns to be called when a connection asks something
 */
export function limitConnections(server: Server): (asking: Socket) => void {
  server.maxConnections = maxConnections;
  /** Those that asked last come last. */
  const open = new Map<string, Set<Socket>>();
  const of = new WeakMap<Socket, Set<Socket>>();
  server.on('connection', (socket) => {
    const address = plainAddress(socket.remoteAddress);
    const others = open.get(address) ?? new Set();
    open.set(address, others.add(socket));
    of.set(socket, others);
    socket.once('close', () => {
      others.delete(socket);
      if (others.size === 0 && open.get(address) === others) open.delete(address);
    });
    const [oldest] = others;
    if (others.size > maxOfAddress) oldest?.destroy();
  });
  return (socket) => {
    const others = of.get(socket);
    if (others?.delete(socket) === true) others.add(socket);
  };
}

/** Addresses of IPv4 that arrive through an IPv6 socket are the same as without it. */
export const plainAddress = (address: string | undefined): string =>
  (address ?? '').replace(/^::ffff:(?=\d+\.)/, '');

/**
 * @param flag the setting that says where to listen
 * @throws CapstanError `failed` if the address cannot be listened on
 */
export function listen(
  server: Server,
  at: { readonly host: string; readonly port: number },
  flag: string,
): Promise<Endpoint['address']> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(listenFailure(at, cause, flag));
    });
    server.listen(at.port, at.host, () => {
      const bound = server.address() as AddressInfo;
      resolve({ host: bound.address, port: bound.port });
    });
  });
}
