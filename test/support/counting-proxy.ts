import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { cleanUp } from './cleanup.js';
import { eventually } from './eventually.js';

/** Passes connections on to a server on the same machine, and counts what clients send. */
export interface CountingProxy {
  readonly port: number;
  /** Bytes that clients have sent. */
  readonly sent: () => number;
  /** Calls back once, when clients have sent so many more bytes. */
  readonly after: (bytes: number, then: () => void) => void;
  /** Breaks all connections off; what was passed on before still arrives. */
  readonly cut: () => void;
  /** Until the server has noticed that they are over. */
  readonly settled: () => Promise<void>;
}

export async function countingProxy(target: number): Promise<CountingProxy> {
  let sent = 0;
  let waiting: { readonly at: number; readonly then: () => void } | undefined;
  const open = new Map<Socket, Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    open.set(upstream, client);
    upstream.on('close', () => {
      open.delete(upstream);
      client.destroy();
    });
    client.on('close', () => upstream.end()); // what was passed on still arrives
    upstream.on('data', (answer) => client.write(answer));
    for (const socket of [client, upstream]) socket.on('error', () => client.destroy());
    client.on('data', (chunk) => {
      sent += chunk.length;
      if (waiting === undefined || sent < waiting.at) return;
      const { then } = waiting;
      waiting = undefined;
      then();
    });
    client.pipe(upstream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(() => {
    for (const upstream of open.keys()) upstream.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    sent: () => sent,
    after(bytes, then) {
      waiting = { at: sent + bytes, then };
    },
    cut() {
      for (const client of open.values()) client.destroy();
    },
    async settled() {
      await eventually(() => open.size === 0);
    },
  };
}
