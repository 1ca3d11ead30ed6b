import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export interface Listening {
  /** The real one. */
  readonly port: number;
  /** Takes no more connections, and waits until those there are have ended; what is left after `graceMs` is cut. */
  close(graceMs: number): Promise<void>;
}

interface ListenOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly onConnection: (socket: Socket) => void;
  /** A connection could not be accepted, as when there are no file descriptors left. */
  readonly onFailure: () => void;
}

/**
 * Listens on all addresses that a host has (`localhost` has two), on the same port.
 * @throws what kept it from listening on any of them
 */
export async function listenAt({
  host,
  port: wanted,
  onConnection,
  onFailure,
}: ListenOptions): Promise<Listening> {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const handlers = {
    onFailure,
    onConnection: (socket: Socket): void => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      onConnection(socket);
    },
  };
  let port = wanted;
  let failure: unknown;
  for (const { address } of await lookup(host, { all: true })) {
    try {
      const server = await listenOn(address, port, handlers);
      servers.push(server);
      port = (server.address() as AddressInfo).port;
    } catch (error) {
      failure ??= error;
    }
  }
  if (servers.length === 0) throw failure;
  return {
    port,
    async close(graceMs) {
      const ended = servers.map((server) => once(server, 'close')); // which waits for their connections
      for (const server of servers) server.close();
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await Promise.all(ended);
      clearTimeout(cut);
    },
  };
}

async function listenOn(
  host: string,
  port: number,
  { onConnection, onFailure }: Pick<ListenOptions, 'onConnection' | 'onFailure'>,
): Promise<Server> {
  const server = createServer(onConnection);
  server.listen({ host, port });
  await once(server, 'listening'); // rejects with what kept it from it
  return server.on('error', onFailure);
}
