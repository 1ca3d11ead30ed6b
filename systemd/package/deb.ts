import { createHash } from 'node:crypto';
import { chmod, lstat, lutimes, mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { command } from './command.js';

/** What stands in the `control` file of a package. */
export interface Control {
  readonly package: string;
  readonly version: string;
  readonly architecture: string;
  readonly depends: readonly string[];
  readonly recommends: readonly string[];
  /** One line, then as many as are wanted. */
  readonly description: readonly [string, ...string[]];
}

export interface Deb {
  readonly control: Control;
  /** Has the files of the package where they are to lie. */
  readonly tree: string;
  /** Maintainer scripts: name → text. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Every file is as old as this. Seconds since the epoch. */
  readonly epoch: number;
}

/**
 * Makes a Debian package of a tree: owned by root, with one time for all files, so that the same tree gives the same bytes.
 * @returns its path
 */
export async function makeDeb(outDir: string, { control, tree, scripts, epoch }: Deb): Promise<string> {
  const files = await settle(tree, tree);
  const debian = join(tree, 'DEBIAN');
  await mkdir(debian);
  await chmod(debian, 0o755);
  const conffiles = files.filter((path) => path.startsWith('etc/')).map((path) => `/${path}\n`);
  const bytes = await sizeOf(tree, files);
  await write(debian, 'control', controlText(control, Math.ceil(bytes / 1024)), 0o644);
  await write(debian, 'md5sums', await sumsOf(tree, files), 0o644);
  if (conffiles.length > 0) await write(debian, 'conffiles', conffiles.join(''), 0o644);
  for (const [name, text] of Object.entries(scripts)) await write(debian, name, text, 0o755);
  await age(tree, epoch);
  const { package: name, version, architecture } = control;
  const path = join(outDir, `${name}_${version}_${architecture}.deb`);
  await rm(path, { force: true });
  await command(
    'dpkg-deb',
    ['--root-owner-group', '-Zzstd', '-z15', '--threads-max=1', '--build', tree, path],
    {
      cwd: outDir,
      env: { SOURCE_DATE_EPOCH: String(epoch) },
      timeoutMs: 600_000,
    },
  );
  return path;
}

/**
 * Gives every entry the mode that it is to have, whatever the mask of whoever builds.
 * @returns the files, sorted
 * @throws Error if there is anything but files, folders, and links that are relative
 */
async function settle(root: string, dir: string): Promise<readonly string[]> {
  await chmod(dir, 0o755);
  const files: string[] = [];
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      files.push(...(await settle(root, path)));
    } else if (entry.isFile()) {
      const isProgram = ((await lstat(path)).mode & 0o111) !== 0;
      await chmod(path, isProgram ? 0o755 : 0o644);
      files.push(relative(root, path));
    } else if (!entry.isSymbolicLink() || isAbsolute(await readlink(path))) {
      throw new Error(
        `${path} would not be the same from every build: it is no file, or links to a folder of this machine.`,
      );
    }
  }
  return files.sort();
}

/** Makes every entry as old as this. (What dpkg-deb is told by SOURCE_DATE_EPOCH it does to newer ones alone.) */
async function age(dir: string, epoch: number): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await age(path, epoch);
    else await lutimes(path, epoch, epoch);
  }
  await lutimes(dir, epoch, epoch);
}

async function sizeOf(tree: string, files: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of files) bytes += (await lstat(join(tree, path))).size;
  return bytes;
}

/** For `dpkg --verify`. */
async function sumsOf(tree: string, files: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const path of files.filter((one) => !one.startsWith('etc/'))) {
    const sum = createHash('md5')
      .update(await readFile(join(tree, path)))
      .digest('hex');
    lines.push(`${sum}  ${path}\n`);
  }
  return lines.join('');
}

async function write(dir: string, name: string, text: string, mode: number): Promise<void> {
  const path = join(dir, name);
  await writeFile(path, text);
  await chmod(path, mode);
}

function controlText(control: Control, kibibytes: number): string {
  const { description, depends, recommends } = control;
  const [summary, ...more] = description;
  return `${[
    `Package: ${control.package}`,
    `Version: ${control.version}`,
    `Architecture: ${control.architecture}`,
    'Maintainer: The Capstan founders <founders@capstan.invalid>',
    'Section: admin',
    'Priority: optional',
    `Installed-Size: ${kibibytes}`,
    `Depends: ${depends.join(', ')}`,
    ...(recommends.length === 0 ? [] : [`Recommends: ${recommends.join(', ')}`]),
    `Description: ${summary}`,
    ...more.map((line) => ` ${line === '' ? '.' : line}`),
  ].join('\n')}\n`;
}
