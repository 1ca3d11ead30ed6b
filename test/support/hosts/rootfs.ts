import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const maker = fileURLToPath(new URL('rootfs.sh', import.meta.url));

/**
 * The Debian that all hosts have in common, of the same suite as this machine: 160 MB, made in half a minute when it
 * is first needed, and kept in the cache folder of whoever runs the tests. It is only ever read: hosts write above it.
 */
export async function rootfs(): Promise<string> {
  const recipe = await Promise.all(['/etc/os-release', maker].map((file) => readFile(file, 'utf8')));
  const key = createHash('sha256').update(recipe.join()).digest('hex').slice(0, 12);
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'capstan', `host-${key}`);
  // In this process's own environment, which may name a proxy.
  await promisify(execFile)('bash', [maker, folder], { timeout: 300_000 });
  return folder;
}
