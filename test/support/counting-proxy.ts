import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { cleanUp } from './cleanup.js';

/** Passes connections on to a server on the same machine, and counts what clients send. */
export interface CountingProxy {
  readonly port: number;
  /** Bytes that clients have sent. */
  readonly sent: () => number;
  /** Calls back once, when clients have sent so many more bytes. */
  readonly after: (bytes: number, then: () => void) => void;
  /** Breaks all connections off. */
  readonly cut: () => void;
}

export async function countingProxy(target: number): Promise<CountingProxy> {
  let sent = 0;
  let waiting: { readonly at: number; readonly then: () => void } | undefined;
  const cuts = new Set<() => void>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      cuts.delete(end);
    };
    cuts.add(end);
    for (const socket of [client, upstream]) socket.on('error', end);
    client.on('data', (chunk) => {
      sent += chunk.length;
      if (waiting === undefined || sent < waiting.at) return;
      const { then } = waiting;
      waiting = undefined;
      then();
    });
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const end of cuts) end();
  };
  cleanUp(() => {
    cut();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    sent: () => sent,
    after(bytes, then) {
      waiting = { at: sent + bytes, then };
    },
    cut,
  };
}
