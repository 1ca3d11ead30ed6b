import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface TinyApp {
  readonly version: string;
  /** The status that `/healthz` answers. */
  readonly health?: number;
  /** More lines for `capstan.yml`. */
  readonly more?: string;
  /** Programs that it brings along: path → script. */
  readonly programs?: Readonly<Record<string, string>>;
}

/** Writes the smallest release that is a server: it answers its version, is healthy, and stops gracefully. */
export async function writeTinyApp(
  dir: string,
  { version, health = 200, more = '', programs = {} }: TinyApp,
): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'server.js'), serverSource(version, health));
  await writeFile(join(dir, 'capstan.yml'), `${releaseSpec}${more}`);
  for (const [path, script] of Object.entries(programs)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), script, { mode: 0o755 });
  }
}

const releaseSpec = `apiVersion: capstan/v1
kind: Release
service:
  process: { command: [node, server.js], grace: 5s }
health:
  - http: { url: 'http://127.0.0.1:\${PORT}/healthz' }
    every: 100ms
    timeout: 2s
    rise: 2
    fall: 3
drain: { wait: 400ms }
`;

function serverSource(version: string, health: number): string {
  return `const server = require('node:http').createServer((request, response) => {
  response.setHeader('X-Release', '${version}');
  if (request.url === '/healthz') {
    if (${health} !== 200) console.error('the configuration names no database');
    response.writeHead(${health}).end();
  } else response.end('${version}');
});
server.keepAliveTimeout = 65_000;
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('${version} listens'));
process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;
}
