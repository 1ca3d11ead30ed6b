import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { command } from './command.js';
import { makeDeb } from './deb.js';
import { addonIn, installDependencies } from './dependencies.js';
import { layOut, type Product, products, type Sources } from './layout.js';
import { type Architecture, architectures, fetchRuntime } from './runtime.js';
import { maintainerScripts } from './scripts.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What Node.js itself asks for. */
const oldestLibc = 28;

const help = `npm run package [-- --out DIR] [--version VERSION]

Makes Debian packages of the agent and of the coordinator for this machine's architecture, each with a Node.js of its own.
The same commit gives the same bytes.

  --out DIR           where to put them (dist/packages)
  --version VERSION   of the packages (that of package.json)

Examples:
  npm run package
  npm run package -- --out /tmp/packages
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { out: { type: 'string' }, version: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(help);
    return;
  }
  const architecture = thisArchitecture();
  const version = values.version ?? (await ownVersion());
  if (!/^\d[A-Za-z0-9.+~-]*$/.test(version))
    throw new Error(`"${version}" cannot be the version of a package.`);
  const out = resolve(values.out ?? join(root, 'dist/packages'));
  await mkdir(out, { recursive: true });
  const epoch = await epochOf();
  const workDir = await mkdtemp(join(tmpdir(), 'capstan-package-'));
  try {
    say('Node.js');
    const runtime = await fetchRuntime(architecture, workDir);
    say(`dependencies, compiled for Node.js ${runtime.version}`);
    const dependencies = await installDependencies(root, workDir, runtime);
    say('programs');
    await command('npm', ['run', '-s', 'build'], { cwd: root, timeoutMs: 120_000 });
    for (const product of products) {
      say(product.name);
      const path = await pack(
        product,
        { root, dependencies, runtime, version },
        { version, epoch, out, workDir, architecture },
      );
      const digest = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      console.log(`${digest}  ${path}  ${((await stat(path)).size / 1e6).toFixed(1)} MB`);
    }
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

interface Making {
  readonly version: string;
  readonly architecture: Architecture;
  readonly epoch: number;
  readonly out: string;
  readonly workDir: string;
}

async function pack(product: Product, sources: Sources, making: Making): Promise<string> {
  const tree = join(making.workDir, product.name);
  await mkdir(tree);
  await layOut(product, sources, tree);
  const libc = await newestLibc(addonIn(sources.dependencies));
  return makeDeb(making.out, {
    control: {
      package: product.name,
      version: making.version,
      architecture: architectures[making.architecture],
      depends: [`libc6 (>= ${libc})`, 'libstdc++6', 'libgcc-s1', 'systemd (>= 247)'],
      recommends: product.recommends,
      description: product.description,
    },
    tree,
    scripts: await maintainerScripts(product.name),
    epoch: making.epoch,
  });
}

function thisArchitecture(): Architecture {
  if (process.platform === 'linux' && process.arch in architectures) return process.arch as Architecture;
  throw new Error(
    `Packages are made on Linux with x64 or arm64; this is ${process.platform} with ${process.arch}.`,
  );
}

async function ownVersion(): Promise<string> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  return version;
}

/** When the commit was made that this is built from; `SOURCE_DATE_EPOCH` stands for it outside a checkout. */
async function epochOf(): Promise<number> {
  const given = process.env['SOURCE_DATE_EPOCH'];
  const text =
    given ?? (await command('git', ['log', '-1', '--format=%ct'], { cwd: root, timeoutMs: 10_000 }));
  const epoch = Number(text);
  if (!Number.isSafeInteger(epoch) || epoch <= 0)
    throw new Error(`SOURCE_DATE_EPOCH is no time: "${text.trim()}".`);
  return epoch;
}

/** The newest version of the C library that what was compiled here asks for. */
async function newestLibc(addon: string): Promise<string> {
  const text = await readFile(addon, 'latin1');
  const minors = [...text.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  return `2.${Math.max(oldestLibc, ...minors)}`;
}

const say = (what: string): void => {
  console.error(`… ${what}`);
};

main().catch((error: unknown) => {
  console.error(`npm run package: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
