import type { AddressInfo, Server } from 'node:net';
import { CapstanError } from '../../../shared/model/errors.js';
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
export const maxConnections = 256;

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
      const where = `${at.host}:${at.port}`;
      const taken = 'code' in cause && cause.code === 'EADDRINUSE';
      const why = taken ? 'another program listens there' : cause.message;
      const hint = `Choose another address with ${flag}.`;
      reject(new CapstanError('failed', `Cannot listen on ${where}: ${why}.`, { hint, cause }));
    });
    server.listen(at.port, at.host, () => {
      const bound = server.address() as AddressInfo;
      resolve({ host: bound.address, port: bound.port });
    });
  });
}
