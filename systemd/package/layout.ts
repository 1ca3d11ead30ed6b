import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyPackage, neededPackages } from './dependencies.js';
import type { Runtime } from './runtime.js';

/** What a package of Capstan is made of. */
export interface Product {
  /** Also the name of its folder in `/usr/lib`, and of the one here that has its files and scripts. */
  readonly name: 'capstan-agent' | 'capstan-coordinator';
  readonly programs: readonly string[];
  /** Have a launcher in `/usr/bin`. */
  readonly commands: readonly string[];
  readonly units: readonly string[];
  /** Files of the project beside the programs. */
  readonly more: readonly string[];
  readonly description: readonly [string, ...string[]];
  readonly recommends: readonly string[];
}

export const products: readonly Product[] = [
  {
    name: 'capstan-agent',
    programs: ['capstan-agent', 'capstan-stager', 'capstan-shim'],
    commands: ['capstan-agent', 'capstan-agent-watch'],
    units: ['capstan-agent.service', 'capstan-agent-watch.service'],
    more: [],
    description: [
      'deploys what a Capstan coordinator wants on this server',
      'Asks a coordinator which releases this server is to run, fetches what is missing of them, puts them in place at',
      'once, checks their health and reports. Brings its own Node.js.',
    ],
    recommends: ['zstd'],
  },
  {
    name: 'capstan-coordinator',
    programs: ['capstan-coordinator', 'capstan'],
    commands: ['capstan-coordinator', 'capstan'],
    units: ['capstan-coordinator.service'],
    more: ['proto', 'systemd/install.sh'],
    description: [
      'turns desired versions into rollouts over a fleet of servers',
      'Tells the agents of a fleet which releases to run, wave by wave, and stops or turns back when health says so. With',
      'the command line for operators. Brings its own Node.js.',
    ],
    recommends: [],
  },
];

export interface Sources {
  /** The project, built. */
  readonly root: string;
  /** Has `node_modules`, compiled for the runtime. */
  readonly dependencies: string;
  readonly runtime: Runtime;
  /** That the programs are to say they are of. */
  readonly version: string;
}

/** Puts the files of a package where they are to lie on a server. */
export async function layOut(
  product: Product,
  { root, dependencies, runtime, version }: Sources,
  tree: string,
): Promise<void> {
  const home = join(tree, 'usr/lib', product.name);
  const modules = join(dependencies, 'node_modules');
  const copy = async (from: string, to: string): Promise<void> => {
    await mkdir(dirname(to), { recursive: true });
    await cp(from, to, { recursive: true });
  };
  await copy(join(runtime.dir, 'bin/node'), join(home, 'bin/node'));
  for (const name of product.commands) {
    await copy(join(root, 'bin', name), join(home, 'bin', name));
    await mkdir(join(tree, 'usr/bin'), { recursive: true });
    await symlink(`../lib/${product.name}/bin/${name}`, join(tree, 'usr/bin', name));
  }
  const bundles = product.programs.map((name) => join(root, 'dist', `${name}.cjs`));
  for (const bundle of bundles)
    await copy(bundle, join(home, 'dist', bundle.slice(dirname(bundle).length + 1)));
  for (const name of await neededPackages(bundles, modules)) {
    await copyPackage(modules, name, join(home, 'node_modules'));
  }
  for (const path of product.more) await copy(join(root, path), join(home, path));
  const about = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as object;
  await writeFile(join(home, 'package.json'), `${JSON.stringify({ ...about, version }, undefined, 2)}\n`);
  const docs = join(root, 'docs');
  const decisions = join(docs, 'adr');
  await cp(docs, join(tree, 'usr/share/doc', product.name), {
    recursive: true,
    filter: (path) => path !== decisions,
  });
  await writeFile(
    join(tree, 'usr/share/doc', product.name, 'copyright'),
    await licences(root, bundles, runtime),
  );
  for (const unit of product.units)
    await copy(join(root, 'systemd', unit), join(tree, 'usr/lib/systemd/system', unit));
  await copy(join(root, 'systemd/package', product.name, 'files'), tree);
}

/** Of Capstan, of the packages inside its programs, and of Node.js; packages beside them have theirs in their folders. */
async function licences(root: string, bundles: readonly string[], runtime: Runtime): Promise<string> {
  const read = async (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
  const parts = [
    `Capstan\n\n${await read(join(root, 'LICENSE'))}`,
    ...(await Promise.all(bundles.map((path) => read(`${path}.LEGAL.txt`)))),
    `Node.js ${runtime.version}\n\n${await read(join(runtime.dir, 'LICENSE'))}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}
