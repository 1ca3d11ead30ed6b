import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../test/support/eventually.js';
import { run, startServer } from './command.js';
import type { Link } from './link.js';
import { findTool } from './tools.js';

export interface Traffic {
  readonly requests: number;
  /** What the origin sent, headers included. */
  readonly bytes: number;
}

/** A static web server at the origin's end of a link, which counts what it sends. */
export interface StaticServer {
  readonly url: string;
  /** What was asked for since the last time. */
  traffic(): Promise<Traffic>;
  readonly end: () => Promise<void>;
}

/** A request is written down when its last byte is on the way: the client may be done with it a moment before. */
const settleMs = 100;

/** Serves `root` over `link` with nginx, as it comes out of the package. */
export async function startNginx(dir: string, root: string, link: Link, port: number): Promise<StaticServer> {
  await mkdir(dir, { recursive: true });
  const log = join(dir, 'access.log');
  const config = join(dir, 'nginx.conf');
  await writeFile(config, configText(dir, root, `${link.address}:${port}`));
  await writeFile(log, '');
  const server = startServer({
    argv: link.onOrigin([findTool('nginx') ?? 'nginx', '-c', config, '-e', 'stderr']),
    cwd: dir,
  });
  await eventually(() => answers(link, dir, port), { what: 'nginx to listen' });
  let taken = 0;
  return {
    url: `http://${link.address}:${port}`,
    async traffic() {
      await delay(settleMs);
      const lines = (await readFile(log, 'utf8')).split('\n').slice(0, -1);
      const fresh = lines.slice(taken);
      taken = lines.length;
      return { requests: fresh.length, bytes: fresh.reduce((sum, line) => sum + Number(line), 0) };
    },
    end: server.end,
  };
}

function configText(dir: string, root: string, listen: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${dir}/nginx.pid;
events { worker_connections 1024; }
http {
  ${temporary.map((name) => `${name}_temp_path ${dir}/${name};`).join(' ')}
  log_format bytes '$bytes_sent';
  access_log ${dir}/access.log bytes;
  log_not_found off; # peers look for what may be there
  sendfile on;
  tcp_nopush on;
  server { listen ${listen}; root ${root}; }
}
`;
}

async function answers(link: Link, cwd: string, port: number): Promise<boolean> {
  const program = `require('node:net').connect(${port}, '${link.address}').on('connect', () => process.exit(0)).on('error', () => process.exit(1))`;
  await run({ argv: link.onNode([process.execPath, '-e', program]), cwd });
  return true;
}
