import { createHash, randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncDir, writeDurably } from '../../../../shared/io/durable-file.js';
import { CapstanError } from '../../../../shared/model/errors.js';
import type { TemplateSpec } from '../../../../shared/model/release-spec.js';
import { fillTemplate, namesIn } from '../../../core/template.js';
import type { HostUser } from '../../../core/users.js';
import type { RunnableRelease } from '../../../ports/node.js';
import { type RenderedFile, readRendered, renderedFileOf } from '../../../stager/rendered.js';
import { insideWritable } from '../links.js';
import { readTemplate } from './template-files.js';

const maxRenderedLength = 2 * 1024 * 1024;
/** Values may be secrets. */
const defaultMode = 0o640;

interface Place {
  readonly recordFile: string;
  /** On the file system of the releases; what is left in it is removed when the next release is staged. */
  readonly stagingDir: string;
}

/**
 * The names of the values that a release's templates take.
 * @throws CapstanError that names a template that cannot be used
 */
export async function templateNames(
  { path, spec }: RunnableRelease,
  { recordFile }: Pick<Place, 'recordFile'>,
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const templates = spec.templates ?? [];
  await checkPlaces(path, templates, recordFile);
  for (const template of templates) {
    for (const name of namesIn(await readTemplate(path, template))) names.add(name);
  }
  return names;
}

/**
 * Makes what a release's templates say, each file at once: a reader finds the former one or the new one. What is made is
 * noted first, so that whoever compares the tree knows of it at any time. Can be repeated; what is right stays.
 * @param reader whose group may read the files; undefined: the agent's own
 * @throws CapstanError that names the template
 */
export async function renderTemplates(
  { path, spec }: RunnableRelease,
  values: Readonly<Record<string, string>>,
  reader: HostUser | undefined,
  { recordFile, stagingDir }: Place,
): Promise<void> {
  const templates = spec.templates ?? [];
  await checkPlaces(path, templates, recordFile);
  const made: { readonly file: RenderedFile; readonly bytes: Buffer }[] = [];
  for (const template of templates) {
    const bytes = Buffer.from(await rendered(path, template, values));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const file = { path: template.to, size: bytes.length, sha256, mode: template.mode ?? defaultMode };
    made.push({ file, bytes });
  }
  await writeDurably(renderedFileOf(recordFile), JSON.stringify(made.map(({ file }) => file)));
  for (const { file, bytes } of made) await place({ root: path, file, bytes, reader, stagingDir });
}

async function rendered(
  release: string,
  template: TemplateSpec,
  values: Readonly<Record<string, string>>,
): Promise<string> {
  const parts = await readTemplate(release, template);
  try {
    return fillTemplate(parts, values, maxRenderedLength);
  } catch (thrown) {
    const { message } = CapstanError.from(thrown);
    throw new CapstanError('invalid', `the template ${template.from} cannot be rendered: ${message}`);
  }
}

/**
 * A file of the release itself must not be written over: it could not be told from a damaged one. Nor is a link followed
 * on the way: it could lead to what belongs to the application.
 */
async function checkPlaces(
  release: string,
  templates: readonly TemplateSpec[],
  recordFile: string,
): Promise<void> {
  const own = new Set((await readRendered(recordFile)).map(({ path }) => path));
  for (const { from, to } of templates) {
    const parts = to.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      if ((await lstatOf(join(release, folder)))?.isDirectory() !== false) continue;
      throw new CapstanError(
        'invalid',
        `the template ${from} cannot be rendered to ${to}, for ${folder} is not a directory`,
      );
    }
    if (own.has(to) || (await lstatOf(join(release, to))) === undefined) continue;
    throw new CapstanError(
      'invalid',
      `the template ${from} cannot be rendered to ${to}, for the release has a file of its own there`,
    );
  }
}

const lstatOf = (path: string): Promise<Stats | undefined> => lstat(path).catch(() => undefined);

interface Placing {
  readonly root: string;
  readonly file: RenderedFile;
  readonly bytes: Buffer;
  readonly reader: HostUser | undefined;
  readonly stagingDir: string;
}

async function place(placing: Placing): Promise<void> {
  const { root, file, bytes, reader, stagingDir } = placing;
  if (await isRight(placing)) return;
  const folder = dirname(file.path);
  await mkdir(stagingDir, { recursive: true, mode: 0o755 });
  const temporary = join(stagingDir, `rendered-${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      if (reader !== undefined) await handle.chown(process.getuid?.() ?? 0, reader.gid);
      await handle.chmod(file.mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await insideWritable(root, folder, async () => {
      await rename(temporary, join(root, file.path));
      await syncDir(join(root, folder));
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The very file is there already. */
async function isRight({ root, file, reader }: Placing): Promise<boolean> {
  try {
    const handle = await open(
      join(root, file.path),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    try {
      const { size, mode, gid } = await handle.stat();
      const isSame =
        size === file.size && (mode & 0o7777) === file.mode && (reader === undefined || gid === reader.gid);
      return (
        isSame &&
        createHash('sha256')
          .update(await handle.readFile())
          .digest('hex') === file.sha256
      );
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}
