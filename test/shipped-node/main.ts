import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../shared/io/package-root.js';
import { builtPackages, packageIn, packagesLack } from '../support/hosts/packages.js';

const run = promisify(execFile);

const help = `npm run test:shipped-node [-- TESTS...]

Runs tests on the Node.js that packages bring, and with what was compiled for it, in a copy of this checkout. The packages
are built for that unless they are there.

Example:
  npm run test:shipped-node
  npm run test:shipped-node -- 'test/integration/coordinator/*.test.ts'
`;

/** What works with the database, which is the one thing that was compiled, and what is fast. */
const chosen = ['test/unit/**/*.test.ts', 'test/integration/{coordinator,cli,stores}/**/*.test.ts'];

/** The one package that is compiled for a certain Node.js. */
const compiled = 'better-sqlite3';

/** Not of the copy: what it gets from elsewhere, and what only git and editors need. */
const leftOut: ReadonlySet<string> = new Set(['.git', 'node_modules', 'coverage']);

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(help);
    return 0;
  }
  const lack = await packagesLack();
  if (lack !== undefined) {
    process.stderr.write(`\n!!! SKIPPED: tests on the Node.js of the packages: ${lack}\n\n`);
    return 0;
  }
  const folder = await mkdtemp(join(tmpdir(), 'capstan-node-'));
  try {
    const shipped = join(folder, 'shipped');
    await run('dpkg-deb', [
      '--extract',
      await packageIn(await builtPackages(), 'capstan-coordinator'),
      shipped,
    ]);
    const checkout = join(folder, 'checkout');
    await copyCheckout(checkout, join(shipped, 'usr/lib/capstan-coordinator'));
    return await mocha(checkout, args.length === 0 ? chosen : args);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Launchers take the Node.js beside them; packages are those of this checkout, but for the one that is compiled. */
async function copyCheckout(to: string, shipped: string): Promise<void> {
  const root = packageRoot();
  await mkdir(join(to, 'node_modules'), { recursive: true });
  for (const name of await readdir(root)) {
    if (!leftOut.has(name)) await cp(join(root, name), join(to, name), { recursive: true });
  }
  await cp(join(shipped, 'bin/node'), join(to, 'bin/node'));
  const modules = await realpath(join(root, 'node_modules'));
  for (const name of await readdir(modules)) {
    if (name !== compiled) await symlink(join(modules, name), join(to, 'node_modules', name));
  }
  await cp(join(modules, compiled), join(to, 'node_modules', compiled), {
    recursive: true,
    filter: (path) => !path.startsWith(join(modules, compiled, 'build')),
  });
  const addon = join('node_modules', compiled, 'build');
  await cp(join(shipped, addon), join(to, addon), { recursive: true });
}

async function mocha(checkout: string, tests: readonly string[]): Promise<number> {
  const node = join(checkout, 'bin/node');
  const { stdout } = await run(node, ['--version']);
  const { version } = JSON.parse(await readFile(join(checkout, 'systemd/package/runtime.json'), 'utf8')) as {
    readonly version: string;
  };
  if (stdout.trim() !== `v${version}`)
    throw new Error(`the packages have Node.js ${stdout}, and not ${version}`);
  process.stdout.write(`Node.js ${version}\n`);
  const child = spawn(node, ['node_modules/mocha/bin/mocha.js', ...tests], {
    cwd: checkout,
    env: { ...process.env, PATH: `${join(checkout, 'bin')}:${process.env['PATH'] ?? ''}` },
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

process.exitCode = await main(process.argv.slice(2));
