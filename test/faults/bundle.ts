import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../shared/io/package-root.js';
import { cleanUp } from '../support/cleanup.js';

/** The programs of these tests, each in one file: they are started hundreds of times. Capstan must be built. */
export async function bundlePrograms(): Promise<{ readonly agent: string; readonly reader: string }> {
  const built = join(packageRoot(), 'dist'); // where the bundles find packages, and the programs that an agent starts
  const dir = mkdtempSync(join(built, 'faults-'));
  cleanUp(() => rm(dir, { recursive: true }));
  const folder = join(packageRoot(), 'test/faults');
  await build({
    entryPoints: [join(folder, 'agent.ts'), join(folder, 'reader.ts')],
    outdir: dir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['systeminformation', '@bokuweb/zstd-wasm', 'koffi', '@grpc/proto-loader'],
    logOverride: { 'empty-import-meta': 'silent' },
  });
  return { agent: join(dir, 'agent.cjs'), reader: join(dir, 'reader.cjs') };
}
