import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { x } from 'tar';
import { command } from './command.js';
import runtime from './runtime.json' with { type: 'json' };

/** The architectures that packages are made for: as Node.js calls them → as Debian does. */
export const architectures = { x64: 'amd64', arm64: 'arm64' } as const;
export type Architecture = keyof typeof architectures;

export interface Runtime {
  readonly version: string;
  /** Has `bin/node`, `include/` and `LICENSE`. */
  readonly dir: string;
}

/**
 * Gets the Node.js that packages bring along, from the npm registry: its version and digest are pinned in `runtime.json`.
 * @throws Error if what came is something else
 */
export async function fetchRuntime(architecture: Architecture, workDir: string): Promise<Runtime> {
  const { version, packages } = runtime;
  const { name, integrity } = packages[architecture];
  const dir = join(workDir, 'runtime');
  await mkdir(dir);
  const out = await command('npm', ['pack', `${name}@${version}`, '--silent'], {
    cwd: workDir,
    timeoutMs: 300_000,
  });
  const archive = join(workDir, out.trim().split('\n').at(-1) ?? '');
  const digest = `sha512-${createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')}`;
  if (digest !== integrity) {
    throw new Error(
      `${name}@${version} has the digest ${digest}; systemd/package/runtime.json says ${integrity}.`,
    );
  }
  await x({ file: archive, cwd: dir, strip: 1 });
  return { version, dir };
}
