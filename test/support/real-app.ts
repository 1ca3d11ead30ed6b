import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageClosure } from './package-closure.js';

/**
 * The real application of the demo and the end-to-end tests: json-server with its whole dependency tree, in two
 * versions that are development dependencies under aliases. The third release is the second with a fault of the
 * kind that passes every build: a route in its configuration leads nowhere, so that the server starts, its pages
 * answer, and its records cannot be read.
 */
export type RealVersion = '1.0.0' | '2.0.0' | '3.0.0';

/** What the broken release says of itself. */
export const realComplaint = 'GET /api/greetings/1 answers 404';

/** What a visitor of the site asks for: its page with what it loads, and the records behind the API. */
export const realPaths = ['/', '/api/ships', '/style.css', '/api/greetings?text=Ahoy', '/db', '/script.js'];

const product = 'json-server';

/** Where the aliased package comes from; the literal specifiers show tools that both are in use. */
const aliases: Readonly<Record<RealVersion, { readonly alias: string; readonly url: string }>> = {
  '1.0.0': { alias: 'demo-web-v1', url: import.meta.resolve('demo-web-v1/package.json') },
  '2.0.0': { alias: 'demo-web-v2', url: import.meta.resolve('demo-web-v2/package.json') },
  '3.0.0': { alias: 'demo-web-v2', url: import.meta.resolve('demo-web-v2/package.json') },
};

export interface AssembledRelease {
  readonly dir: string;
  readonly version: RealVersion;
  /** The product inside, such as `node-red 4.1.8`. */
  readonly product: string;
  readonly packages: number;
  readonly files: number;
  readonly bytes: number;
  /** What is wrong with it, in a sentence. */
  readonly fault: string | undefined;
}

/**
 * Writes the release tree into `dir`, which is made if it is not there.
 * @throws the signal's reason if it is aborted meanwhile
 */
export async function assembleRelease(
  version: RealVersion,
  dir: string,
  signal?: AbortSignal,
): Promise<AssembledRelease> {
  const { alias, url } = aliases[version];
  const packages = packageClosure(alias, product);
  const sum = { files: 0, bytes: 0 };
  for (const { source, target } of packages) {
    signal?.throwIfAborted();
    await copyPackage(source, join(dir, target), sum);
  }
  const launcher = fileURLToPath(import.meta.resolve('../demo/web/server.cjs'));
  const templates = dirname(launcher);
  for (const name of templateNames) {
    await copyFile(join(templates, name), join(dir, name));
  }
  if (version === '3.0.0') await writeFile(join(dir, 'routes.json'), misspelled);
  await writeFile(join(dir, 'release.json'), `${JSON.stringify({ name: product, version }, null, 2)}\n`);
  const { version: productVersion } = JSON.parse(await readFile(fileURLToPath(url), 'utf8')) as {
    version: string;
  };
  return {
    dir,
    version,
    product: `${product} ${productVersion}`,
    packages: packages.length,
    files: sum.files + templateNames.length + 1,
    bytes: sum.bytes,
    fault: version === '3.0.0' ? 'A route in its configuration is misspelled.' : undefined,
  };
}

const templateNames = ['server.cjs', 'capstan.yml', 'routes.json', 'seed.json'] as const;

/** Every record is now looked for one floor too deep. */
const misspelled = `${JSON.stringify({ '/api/*': '/records/$1' }, null, 2)}\n`;

/** Copies a package without the packages nested in it, which are placed on their own. */
async function copyPackage(
  source: string,
  target: string,
  sum: { files: number; bytes: number },
): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const entry of await readdir(source, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) {
      await copyPackage(from, to, sum);
    } else if (entry.isFile()) {
      await copyFile(from, to);
      sum.files += 1;
      sum.bytes += (await stat(from)).size;
    }
  }
}
