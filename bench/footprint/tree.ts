import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../shared/io/package-root.js';

const server = `const { createServer } = require('node:http');
createServer((request, response) => {
  response.statusCode = request.url === '/healthz' ? 200 : 404;
  response.end('ok');
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

const release = `apiVersion: capstan/v1
kind: Release
config: { PORT: '8080' }
service:
  process: { command: [node, server.cjs], stop: SIGTERM, grace: 2s }
health:
  - http: { url: "http://127.0.0.1:\${PORT}/healthz" }
    every: 2s
    timeout: 1s
drain: { wait: 0s }
`;

/**
 * Writes an application of `files` real files (those of this project's own dependencies) with a small server.
 * @returns the number of files, which is smaller if there are not so many
 */
export async function writeTree(dir: string, files: number): Promise<number> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'server.cjs'), server);
  await writeFile(join(dir, 'capstan.yml'), release);
  return 2 + (await copyFiles(join(packageRoot(), 'node_modules'), join(dir, 'node_modules'), files - 2));
}

async function copyFiles(source: string, target: string, most: number): Promise<number> {
  await mkdir(target, { recursive: true });
  const entries = await readdir(source, { withFileTypes: true });
  let copied = 0;
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (copied >= most) break;
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) copied += await copyFiles(from, to, most - copied);
    else if (entry.isFile()) {
      await copyFile(from, to);
      copied += 1;
    }
  }
  return copied;
}
