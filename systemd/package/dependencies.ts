import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { command } from './command.js';
import type { Runtime } from './runtime.js';

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
});

/**
 * Installs what the programs need at run time, compiled for the Node.js of the package and nothing of this machine.
 * @returns the folder that has `node_modules`
 */
export async function installDependencies(root: string, workDir: string, runtime: Runtime): Promise<string> {
  for (const file of ['package.json', 'package-lock.json']) await cp(join(root, file), join(workDir, file));
  const env = {
    PATH: `${join(runtime.dir, 'bin')}:${process.env['PATH'] ?? ''}`,
    npm_config_nodedir: runtime.dir,
    npm_config_build_from_source: 'true',
    // The same bytes wherever it is compiled.
    CFLAGS: `-ffile-prefix-map=${workDir}=.`,
    CXXFLAGS: `-ffile-prefix-map=${workDir}=.`,
    LDFLAGS: '-Wl,--build-id=none',
  };
  const npm = (...args: readonly string[]): Promise<string> =>
    command('npm', args, { cwd: workDir, env, timeoutMs: 900_000 });
  await mendWraps(runtime);
  await npm('ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund');
  await npm('rebuild', 'better-sqlite3');
  await command('strip', ['--strip-unneeded', addonIn(workDir)], { cwd: workDir, timeoutMs: 60_000 });
  await tryAddon(runtime, workDir);
  return workDir;
}

/**
 * Since 24.19 a header of Node.js has objects of addons ask for an environment when they are collected. There is none then, and
 * the process is ended (nodejs/node#65446): the addon is compiled with this header as it was before.
 */
async function mendWraps({ dir }: Runtime): Promise<void> {
  const header = join(dir, 'include/node/node_object_wrap.h');
  const text = await readFile(header, 'utf8');
  await writeFile(header, text.replaceAll(/^ *(?:Add|Remove)CleanupHook\(\);\n/gm, ''));
}

/** Objects of the addon, and so much else that they are collected. */
const collecting = `const database = new (require('better-sqlite3'))(':memory:');
let rounds = 0;
const timer = setInterval(() => {
  for (let at = 0; at < 3000; at++) database.prepare('SELECT 1').get();
  const filler = Array.from({ length: 100_000 }, (_, at) => ({ at }));
  if (++rounds > 20) clearInterval(timer, filler);
}, 1);`;

/** @throws Error if programs with the addon would end by themselves */
async function tryAddon({ dir }: Runtime, workDir: string): Promise<void> {
  const args = ['--input-type=commonjs', '--eval', collecting];
  await command(join(dir, 'bin/node'), args, { cwd: workDir, timeoutMs: 60_000 });
}

/** The one file that is compiled. */
export const addonIn = (dependencies: string): string =>
  join(dependencies, 'node_modules/better-sqlite3/build/Release/better_sqlite3.node');

/**
 * What is named in the programs' own files, and with it all that it needs in turn.
 * @returns folders of packages, relative to `modulesDir`
 */
export async function neededPackages(
  programs: readonly string[],
  modulesDir: string,
): Promise<readonly string[]> {
  const texts = await Promise.all(programs.map((path) => readFile(path, 'utf8')));
  const named = texts.flatMap((text) => [...text.matchAll(/(?:require|import)\("([^"]+)"\)/g)]);
  const waiting = named.map(([, specifier = '']) => placeOf(packageOf(specifier), dirname(modulesDir)));
  const found = new Set<string>();
  for (let dir = waiting.pop(); waiting.length > 0 || dir !== undefined; dir = waiting.pop()) {
    if (dir === undefined || found.has(dir)) continue;
    found.add(dir);
    const text = await readFile(join(dir, 'package.json'), 'utf8');
    const { dependencies, optionalDependencies, peerDependencies } = manifestSchema.parse(JSON.parse(text));
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    waiting.push(...names.filter((name) => !neverLoaded.has(name)).map((name) => placeOf(name, dir)));
  }
  return [...found].map((dir) => relative(modulesDir, dir)).sort();
}

/** Dependencies that only compiling and a command line of a dependency need. */
const neverLoaded: ReadonlySet<string> = new Set(['prebuild-install', 'yargs', '@types/node']);

/** `@scope/name/lib/file` → `@scope/name`. */
const packageOf = (specifier: string): string =>
  specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Where a package is found from a folder, as Node.js looks for it; undefined for builtins and what is for other systems. */
function placeOf(name: string, from: string): string | undefined {
  for (let dir = from; ; dir = dirname(dir)) {
    const place = join(dir, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return place;
    if (dir === dirname(dir)) return undefined;
  }
}

/** What is of use to compilers alone, and large. */
const sources: Readonly<Record<string, RegExp>> = {
  'better-sqlite3': /^(deps|src|binding\.gyp|build\/(?!Release(\/better_sqlite3\.node)?$).*)(\/|$)/,
  koffi: /^(vendor|doc)(\/|$)/,
};

/** Copies a package without what is of no use at run time: links to commands among it, which would name this machine's folders. */
export async function copyPackage(modulesDir: string, name: string, toModules: string): Promise<void> {
  const from = join(modulesDir, name);
  const unwanted = sources[name];
  await cp(from, join(toModules, name), {
    recursive: true,
    filter: (source) => basename(source) !== '.bin' && unwanted?.test(relative(from, source)) !== true,
  });
}
