import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A small HTTP application as one is to be: on SIGTERM it takes no new connections, answers what it was asked, says with each
 * answer that the connection ends, and ends when all have.
 */
const server = `
const { createServer } = require('node:http');
let stopping = false;
const server = createServer((request, response) => {
  request.resume();
  if (stopping) response.setHeader('Connection', 'close');
  if (request.url === '/healthz') return response.end('ok');
  setTimeout(() => {
    if (stopping) response.setHeader('Connection', 'close');
    response.end(VERSION);
  }, Math.random() * 20);
});
server.keepAliveTimeout = 65_000;
server.listen(Number(process.env.PORT), process.env.HOST);
process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
`;

const spec = `apiVersion: capstan/v1
kind: Release
service:
  process: { command: [node, server.js], grace: 10s }
health:
  - http: { url: 'http://\${HOST}:\${PORT}/healthz' }
    every: 200ms
    rise: 2
    fall: 3
drain: { wait: 10s }
`;

export async function writeApp(dir: string, version: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'server.js'), server.replace('VERSION', JSON.stringify(version)));
  await writeFile(join(dir, 'capstan.yml'), spec);
}
