import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer } from '../support/command.js';
import type { Link } from '../support/link.js';
import { type StaticServer, startNginx } from '../support/nginx.js';
import { findTool } from '../support/tools.js';
import type { Pair } from './pairs.js';

/** The same files for all methods, at the origin's end of a link. */
export interface Origin {
  readonly link: Link;
  readonly http: StaticServer;
  readonly rsyncUrl: string;
  end(): Promise<void>;
}

export interface Ports {
  readonly http: number;
  readonly rsync: number;
}

/** Starts nginx, and an rsync daemon if there is rsync. They end with the run. */
export async function startOrigin(
  dir: string,
  served: string,
  pair: Pair,
  link: Link,
  ports: Ports,
): Promise<Origin> {
  const http = await startNginx(join(dir, 'nginx'), served, link, ports.http);
  const rsync = findTool('rsync') === undefined ? undefined : await startRsync(dir, pair, link, ports.rsync);
  return {
    link,
    http,
    rsyncUrl: `rsync://${link.address}:${ports.rsync}/pair`,
    async end() {
      await http.end();
      await rsync?.end();
    },
  };
}

async function startRsync(dir: string, { v1 }: Pair, link: Link, port: number) {
  const config = join(dir, 'rsyncd.conf');
  const root = process.getuid?.() === 0 ? 'uid = root\ngid = root\n' : '';
  const text = `use chroot = no\n[pair]\npath = ${join(v1, '..')}\nread only = yes\n${root}`;
  await writeFile(config, text);
  const where = [`--address=${link.address}`, `--port=${port}`];
  const argv = ['rsync', '--daemon', '--no-detach', `--config=${config}`, '--log-file=/dev/null', ...where];
  return startServer({ argv: link.onOrigin(argv), cwd: dir });
}
