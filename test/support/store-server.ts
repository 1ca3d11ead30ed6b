import { randomBytes } from 'node:crypto';
import { startHttpServer } from '../../coordinator/io/http/server.js';
import { createUploadTickets } from '../../coordinator/io/http/upload-tickets.js';

/**
 * The coordinator's HTTP server in a process of its own, for tests that limit what the process may do. Serves the
 * directory given as its argument, on a free port; prints one JSON line with `port` and a `ticket`.
 */
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const tickets = createUploadTickets({ secret: randomBytes(32), now: Date.now });
const server = await startHttpServer({
  host: '127.0.0.1',
  port: 0,
  storeDir: process.argv[2],
  tickets,
  logger: silent,
});
process.stdout.write(`${JSON.stringify({ port: server.port, ticket: tickets.issue() })}\n`);
process.stdin.resume().on('end', () => void server.close({ drainMs: 0 }));
