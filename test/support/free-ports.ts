import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Ports for servers that are started again on the same one. They lie below the range (32768 and up on Linux)
 * from which the system takes ports for outgoing connections: one of those could sit on the port of a server
 * that is down for a moment.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  let candidate = 20_000 + Math.floor(Math.random() * 10_000);
  for (let tries = 0; ports.length < count; tries += 1) {
    if (tries > 5_000) throw new Error(`found only ${ports.length} of ${count} free ports`);
    candidate = candidate >= 32_000 ? 20_000 : candidate + 1;
    if (await isFree(candidate)) ports.push(candidate);
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  const free = await Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ]).catch(() => false);
  if (!free) return false;
  server.close();
  await once(server, 'close');
  return true;
}
