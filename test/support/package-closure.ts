import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a package of this project's `node_modules` is, and where it belongs in a tree of its own. */
interface PlacedPackage {
  /** Absolute folder it is installed in. */
  readonly source: string;
  /** Folder inside the new tree, such as `node_modules/express`. */
  readonly target: string;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

interface Visit {
  readonly source: string;
  readonly target: string;
}

/**
 * A package installed here (perhaps under an alias) with everything it needs at run time, laid out as if it
 * had been installed alone under the name `as`: every package at the top, or inside the one that needs it
 * where the top is taken by another version.
 * @throws Error if the package or one of its dependencies is not installed
 */
export function packageClosure(alias: string, as: string): readonly PlacedPackage[] {
  const entry = dirname(fileURLToPath(import.meta.resolve(`${alias}/package.json`)));
  const placed = new Map<string, string>([[`node_modules/${as}`, entry]]);
  const queue: Visit[] = [{ source: entry, target: `node_modules/${as}` }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const [name, required] of dependenciesOf(next.source)) {
      const source = installed(name, next.source);
      if (source === undefined && required) throw new Error(`${next.source} needs ${name}: run npm ci`);
      if (source === undefined) continue;
      const target = targetFor(name, source, next.target, placed);
      if (target === undefined) continue;
      placed.set(target, source);
      queue.push({ source, target });
    }
  }
  return [...placed].map(([target, source]) => ({ source, target }));
}

/** Names, and whether the package cannot do without. */
function dependenciesOf(folder: string): ReadonlyMap<string, boolean> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  return new Map([
    ...Object.keys(manifest.peerDependencies ?? {}).map((name) => [name, false] as const),
    ...Object.keys(manifest.dependencies ?? {}).map((name) => [name, true] as const),
    // npm repeats optional dependencies among the others; one for another platform is not installed.
    ...Object.keys(manifest.optionalDependencies ?? {}).map((name) => [name, false] as const),
  ]);
}

/** The folder that Node would load `name` from for a file in `from`. */
function installed(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Where a dependency has to be put for `dependant` to find it; undefined: it finds it already. */
function targetFor(
  name: string,
  source: string,
  dependant: string,
  placed: ReadonlyMap<string, string>,
): string | undefined {
  const top = `node_modules/${name}`;
  for (let folder = dependant; folder !== '.'; folder = dirname(folder)) {
    const found = placed.get(`${folder}/node_modules/${name}`);
    if (found === source) return undefined;
    if (found !== undefined) return `${dependant}/node_modules/${name}`;
  }
  const atTop = placed.get(top);
  if (atTop === source) return undefined;
  return atTop === undefined ? top : `${dependant}/node_modules/${name}`;
}
