import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { cleanUp } from './cleanup.js';
import { eventually } from './eventually.js';
import { freePorts } from './free-ports.js';
import { runs } from './installed.js';
import { tempDir } from './temp-dir.js';

export const nginxHint = 'nginx is not installed; on Debian: apt-get install nginx-light';

export const hasNginx = (): Promise<boolean> => runs('/usr/sbin/nginx', '-v');

/**
 * Starts nginx on a free port of this machine.
 * @param server what stands in its `server { … }` beside `listen`
 * @returns its base URL, without a slash at the end
 */
export async function startNginx(
  server: string,
  tls?: { readonly cert: string; readonly key: string },
): Promise<string> {
  const dir = await tempDir();
  const [port] = await freePorts(1);
  await mkdir(join(dir, 'temp'));
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${dir}/temp/${kind};`)
    .join(' ');
  const secure = tls === undefined ? '' : `ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key};`;
  const config = join(dir, 'nginx.conf');
  await writeFile(
    config,
    `daemon off; master_process off; pid ${dir}/pid; error_log ${dir}/error.log;
events {}
http {
  access_log off; ${temp}
  types { text/html html; application/octet-stream bin; } default_type application/octet-stream;
  server { listen 127.0.0.1:${port}${tls === undefined ? '' : ' ssl'}; ${secure}
${server}
  }
}
`,
  );
  const child = spawn('/usr/sbin/nginx', ['-p', dir, '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const complaints: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => void complaints.push(text));
  cleanUp(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  await eventually(
    async () => {
      if (child.exitCode !== null) throw new Error(`nginx ended: ${complaints.join('')}`);
      const socket = connect(port ?? 0, '127.0.0.1');
      await once(socket, 'connect').finally(() => socket.destroy());
      return true;
    },
    { what: 'nginx to answer' },
  );
  return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
}
