import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A server that answers its version and is probed; the port is the node's own. */
export async function writeServer(dir: string, version: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'server.js'), server(version));
  await writeFile(join(dir, 'capstan.yml'), spec);
}

const server = (version: string): string => `const { createServer } = require('node:http');
createServer((request, response) => response.end('${version}')).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;

/** Probed often enough that the probe is no part of what is measured, and seldom enough that it weighs nothing. */
const spec = `apiVersion: capstan/v1
kind: Release
service:
  process: { command: [node, server.js], grace: 5s }
health:
  - http: { url: 'http://127.0.0.1:\${PORT}/' }
    every: 250ms
    timeout: 2s
    rise: 1
    fall: 4
drain: { wait: 200ms }
`;

/** Ten percent at a time, and nothing that waits but the minimum healthy time. */
export const orchestrationSpec = (app: string, minHealthyMs: number): string => `apiVersion: capstan/v1
kind: Application
metadata: { name: ${app} }
spec:
  environments:
    - name: production
      selector: role=web
      strategy:
        type: rolling
        maxUnavailable: 10%
        health: { minHealthyTime: ${minHealthyMs}ms, deadline: 2m }
`;
