// Bundles each program into one CommonJS file under dist/: one file starts faster than hundreds. Node keeps a program's
// source in memory, so that white space is taken out (3 MB of the agent's resident memory); names stay, for stack traces.
import { execFile } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));

const programs = {
  capstan: 'coordinator/cli/main.ts',
  'capstan-coordinator': 'coordinator/main.ts',
  'capstan-agent': 'agent/main.ts',
  'capstan-shim': 'agent/shim/main.ts',
};

// The stager is started from what was compiled of it before, which dynamic imports of packages do not go well with.
const stager = {
  'capstan-stager': 'agent/stager/main.ts',
  'capstan-stager-start': 'agent/stager/cached/start.ts',
  'capstan-stager-train': 'agent/stager/cached/train.ts',
};

// Stay outside the bundles: native and WebAssembly code, packages that read files beside themselves (better-sqlite3's addon, the
// proto files of the gRPC services), and those loaded only when first needed. The agent never needs proto-loader; grpc-js
// has it for services that the agent does not offer.
const external = [
  '@grpc/proto-loader',
  '@peculiar/asn1-csr',
  '@peculiar/asn1-schema',
  '@peculiar/asn1-x509',
  'better-sqlite3',
  '@bokuweb/zstd-wasm',
  'pg-native',
  'grpc-health-check',
  '@grpc/reflection',
  'systeminformation',
  'chokidar',
  'koffi',
];

// Old enough to be parsed by Node 16: says what is wrong instead of failing on the first new function.
const banner = `
(function () {
  var v = process.versions.node.split('.').map(Number);
  if (v[0] > 20 || (v[0] === 20 && v[1] >= 19)) return;
  console.error('Capstan needs Node.js 20.19 or newer; this is ' + process.version + '.');
  process.exit(1);
})();
`.trim();

const options = {
  absWorkingDir: root,
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  write: false,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  external,
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  banner: { js: banner },
  legalComments: 'external',
  logLevel: 'warning',
  // shared/io/package-root.ts uses __dirname in the bundles and import.meta.url in the sources.
  logOverride: { 'empty-import-meta': 'silent' },
};
const built = await Promise.all([
  build({ ...options, entryPoints: programs }),
  build({ ...options, entryPoints: stager, supported: { 'dynamic-import': false } }),
]);

// Each replaced at once: programs may be started while others build.
await mkdir(`${root}dist`, { recursive: true });
for (const { path, contents } of built.flatMap(({ outputFiles }) => outputFiles)) {
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, contents);
  await rename(temporary, path);
}

// What V8 compiles for a deployment is kept beside the stager. All goes without it, only slower.
const trainer = join(root, 'dist/capstan-stager-train.cjs');
await promisify(execFile)(process.execPath, [trainer, join(root, 'dist')], { timeout: 60_000 }).catch(
  (error) => console.error(error.stderr || String(error)),
);
await rm(trainer, { force: true });
