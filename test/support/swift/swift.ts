import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { s3Client } from '../../../shared/distribution/s3-client.js';
import { parseS3Url } from '../../../shared/distribution/s3-location.js';
import { cleanUp } from '../cleanup.js';
import { runs } from '../installed.js';
import { tempDir } from '../temp-dir.js';

/** Debian's: Swift's libraries are packages of the system's Python. */
const python = '/usr/bin/python3';
const modules = ['swift.proxy.server', 'swift.account.server', 'swift.container.server', 'swift.obj.server'];

export const swiftHint =
  'Swift is not installed; on Debian: apt-get install swift-proxy swift-account swift-container swift-object';

export const hasSwift = (): Promise<boolean> => runs(python, '-c', `import ${modules.join(', ')}`);

export interface Swift {
  /** Of the bucket `releases`. */
  readonly url: string;
  readonly endpoint: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts OpenStack Swift with its S3 interface, which checks signatures with code that is not ours. */
export async function startSwift(): Promise<Swift> {
  const root = join(await tempDir(), 'swift');
  await mkdir(root);
  const env = { AWS_ACCESS_KEY_ID: 'capstan:publisher', AWS_SECRET_ACCESS_KEY: 'a-secret/with+signs=' };
  const script = fileURLToPath(new URL('serve.py', import.meta.url));
  const args = [script, root, env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY];
  const child = spawn(python, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const complaints: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => void complaints.push(text));
  cleanUp(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const first = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit'),
  ]);
  const port = Number(first[0]);
  if (child.exitCode !== null || !(port > 0)) throw new Error(`Swift did not start: ${complaints.join('')}`);
  const endpoint = `http://127.0.0.1:${port}`;
  const url = `s3://releases/fleet?endpoint=${endpoint}`;
  await s3Client(parseS3Url(url), env, 1).call({ method: 'PUT', url: `${endpoint}/releases` });
  return { url, endpoint, env };
}
