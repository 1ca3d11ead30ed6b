import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the `capstan` package that the running program belongs to, found by walking up from the running
 * file: from `dist/*.cjs` (where `__dirname` exists) or from a source file under tsx (where `import.meta` does).
 * @throws Error if the program was copied out of its package
 */
export function packageRoot(): string {
  const start = typeof __dirname === 'string' ? __dirname : dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (readPackage(folder)?.name === 'capstan') return folder;
    if (folder === dirname(folder)) throw new Error(`${start} is not inside the capstan package`);
  }
}

/** The version in the package's `package.json`. */
export function packageVersion(): string {
  return readPackage(packageRoot())?.version ?? '0.0.0';
}

function readPackage(folder: string): { readonly name?: string; readonly version?: string } | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')) as {
    name?: string;
    version?: string;
  };
}
