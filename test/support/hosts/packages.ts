import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../shared/io/package-root.js';
import { runs } from '../installed.js';
import { tempDir } from '../temp-dir.js';

const run = promisify(execFile);

export type PackageName = 'capstan-agent' | 'capstan-coordinator';

/** How long building both packages may take. Milliseconds. */
export const buildLimitMs = 900_000;

/** What this machine lacks to build packages; undefined: nothing. */
export async function packagesLack(): Promise<string | undefined> {
  if (await runs('g++', '--version')) return undefined;
  return 'g++ is not installed: apt-get install g++ make python3';
}

/**
 * The folder with both packages of this checkout as it is. They are built when they are first needed, in some two minutes, and
 * kept in the cache folder of whoever runs the tests until another state was built; whoever comes second waits.
 */
export async function builtPackages(): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'capstan');
  const folder = join(cache, `packages-${await stateOfCheckout()}`);
  const script = `mkdir -p "$1"; exec 9>"$1/packages.lock"; flock 9
    if [ -e "$2" ]; then touch "$2"; exit 0; fi
    find "$1" -maxdepth 1 -name 'packages-*' -mmin +360 -exec rm -rf {} +
    npm run -s package -- --out "$2.half"; mv "$2.half" "$2"`;
  await buildBy(['sh', '-ec', script, 'sh', cache, folder]);
  return folder;
}

/** Builds them anew. @param before what the shell does first */
export async function buildPackages(before: string): Promise<string> {
  const out = await tempDir();
  await buildBy(['sh', '-ec', `${before}exec npm run -s package -- --out "$0"`, out]);
  return out;
}

async function buildBy([program = '', ...args]: readonly string[]): Promise<void> {
  await run(program, args, {
    cwd: packageRoot(),
    env: { ...process.env, TMPDIR: await tempDir() },
    timeout: 2 * buildLimitMs, // for whoever waits
  });
}

/** Changes with every commit, and with every change that is in none yet. */
async function stateOfCheckout(): Promise<string> {
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run('git', args, { cwd: packageRoot(), maxBuffer: 64 * 1024 * 1024 })).stdout;
  const said = await Promise.all([
    git('rev-parse', 'HEAD'),
    git('diff', 'HEAD', '--binary'),
    git('ls-files', '--others', '--exclude-standard'),
  ]);
  return createHash('sha256').update(said.join('\0')).digest('hex').slice(0, 12);
}

/** The file of a package in a folder. */
export async function packageIn(dir: string, name: PackageName): Promise<string> {
  const file = (await readdir(dir)).find((each) => each.startsWith(`${name}_`));
  if (file === undefined) throw new Error(`${name} was not built`);
  return join(dir, file);
}

/** Makes the same package under a later version. */
export async function upgradedPackage(path: string, version: string, to: string): Promise<void> {
  const tree = join(await tempDir(), 'tree');
  await run('dpkg-deb', ['--raw-extract', path, tree]);
  const control = await readFile(join(tree, 'DEBIAN/control'), 'utf8');
  const name = /^Package: (.*)$/m.exec(control)?.[1] ?? '';
  await writeFile(join(tree, 'DEBIAN/control'), control.replace(/^Version: .*$/m, `Version: ${version}`));
  const about = join(tree, 'usr/lib', name, 'package.json');
  const json = JSON.parse(await readFile(about, 'utf8')) as object;
  await writeFile(about, JSON.stringify({ ...json, version }));
  await run('dpkg-deb', ['--root-owner-group', '-Znone', '--build', tree, to]);
}
