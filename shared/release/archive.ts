import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  createReadStream,
  mkdirSync,
  openSync,
  type ReadStream,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { CapstanError } from '../model/errors.js';
import { linkJudge } from './links.js';
import { linkProblem } from './manifest.js';
import { parentOf, pathProblem, quoted, targetProblem } from './path-rules.js';

/** Given to the reader at a time, which keeps what it cannot tell yet: little, with a turn of the event loop between. */
const pieceBytes = 64 * 1024;

/**
 * Unpacks a tar file (plain or gzip) that anybody may have made into an empty directory. Paths are held against
 * the rules of a release before anything is written; symbolic links are made last, so that nothing can be
 * written through one. What follows the end of the tar is read, since a digest may be behind it, and otherwise ignored.
 * @param onProgress called with the bytes of the archive read so far
 * @throws CapstanError `invalid` if it is not a sound archive, or holds what may not be in a release, by name
 */
export async function unpackArchive(
  file: string,
  directory: string,
  {
    signal,
    onProgress,
  }: { readonly signal?: AbortSignal | undefined; readonly onProgress?: (bytes: number) => void } = {},
): Promise<void> {
  const format = await formatOf(file);
  const sink = treeSink(directory);
  const state: { failure?: Error; begun?: true; ended?: true } = {};
  const fail = (error: unknown): void => {
    state.failure ??= error instanceof Error ? error : new Error(String(error));
  };
  const parser = new Parser({
    ...{ strict: true, zstd: false },
    onReadEntry: (entry) => receive(entry, sink, fail),
  });
  parser.on('ignoredEntry', (entry: ReadEntry) => {
    fail(refusal(entry.path, `is of a kind that no release may hold (${entry.type})`));
    entry.resume();
  });
  parser.on('error', (cause: Error) => fail(unsound(file, cause)));
  parser.on('eof', () => {
    state.ended = true;
  });
  const ended = once(parser, 'end');
  ended.catch(() => undefined);
  const source = createReadStream(file, { highWaterMark: pieceBytes });
  for await (const piece of format === 'gzip' ? unzipped(source, file) : (source as AsyncIterable<Buffer>)) {
    if (signal?.aborted === true) throw new CapstanError('cancelled', 'cancelled');
    if (state.begun === undefined && !isTar(piece)) throw notTar(file);
    state.begun = true;
    if (state.ended === undefined) parser.write(piece);
    if (state.failure !== undefined) throw state.failure;
    onProgress?.(source.bytesRead);
  }
  parser.end();
  await Promise.race([ended, once(parser, 'close')]).catch(fail);
  if (state.failure !== undefined) throw state.failure;
  sink.finish();
}

async function* unzipped(source: ReadStream, file: string): AsyncGenerator<Buffer> {
  try {
    yield* pipeline(
      source,
      createGunzip({ chunkSize: pieceBytes }),
      () => undefined,
    ) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw unsound(file, cause instanceof Error ? cause : new Error(String(cause)));
  }
}

const unsound = (file: string, cause: Error): CapstanError =>
  new CapstanError('invalid', `${file} is not a sound archive: ${cause.message}`, { cause });

/** The reader would unzip what is zipped, in one go. */
const isTar = (head: Buffer): boolean => !isGzip(head) && head.toString('latin1', 257, 262) === 'ustar';
const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b;

const notTar = (file: string, what = 'not a tar archive'): CapstanError =>
  new CapstanError('invalid', `${file} is ${what}`, { hint: 'give a directory, a .tar or a .tar.gz' });

/** Formats are told by their first bytes: a reader that is fed the wrong one may fail where nobody listens. */
async function formatOf(file: string): Promise<'gzip' | 'tar'> {
  const head = Buffer.alloc(512);
  const handle = await open(file, 'r');
  try {
    await handle.read(head, 0, head.length, 0);
  } finally {
    await handle.close();
  }
  if (isGzip(head)) return 'gzip';
  if (isTar(head)) return 'tar';
  const other = others.find(({ magic }) => head.subarray(0, magic.length).equals(magic))?.name;
  throw notTar(file, other === undefined ? undefined : `${other}, which this version does not read`);
}

const others = [
  { name: 'compressed with zstd', magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]) },
  { name: 'compressed with xz', magic: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]) },
  { name: 'compressed with bzip2', magic: Buffer.from('BZh') },
  { name: 'a zip archive', magic: Buffer.from('PK\x03\x04') },
];

function receive(entry: ReadEntry, sink: TreeSink, fail: (error: unknown) => void): void {
  const guarded = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      fail(error);
    }
  };
  let file: FileSink | undefined;
  guarded(() => {
    file = sink.add(entry);
  });
  entry.on('data', (chunk: Buffer) => guarded(() => file?.write(chunk)));
  entry.on('end', () => guarded(() => file?.close()));
}

interface FileSink {
  write(chunk: Buffer): void;
  close(): void;
}

interface TreeSink {
  /** Makes what the entry says; a file's bytes are to be written to what is returned. */
  add(entry: ReadEntry): FileSink | undefined;
  finish(): void;
}

function treeSink(root: string): TreeSink {
  const kinds = new Map<string, 'dir' | 'file' | 'link'>([['', 'dir']]);
  const links = new Map<string, string>();

  const makeParents = (path: string): void => {
    const parent = parentOf(path);
    const kind = kinds.get(parent);
    if (kind === 'dir') return;
    if (kind !== undefined) throw refusal(path, `lies below ${quoted(parent)}, which is not a directory`);
    makeParents(parent);
    mkdirSync(`${root}/${parent}`);
    kinds.set(parent, 'dir');
  };

  return {
    add(entry) {
      const path = plainPath(entry.path);
      if (path === '') return undefined;
      checkEntry(entry, path, kinds);
      makeParents(path);
      switch (entry.type) {
        case 'Directory':
          if (kinds.get(path) === undefined) mkdirSync(`${root}/${path}`);
          kinds.set(path, 'dir');
          return undefined;
        case 'SymbolicLink':
          kinds.set(path, 'link');
          links.set(path, entry.linkpath ?? '');
          return undefined;
        case 'Link':
          kinds.set(path, 'file');
          copyFileSync(`${root}/${linkedFile(entry, path, kinds)}`, `${root}/${path}`);
          return undefined;
        default:
          kinds.set(path, 'file');
          return fileSink(`${root}/${path}`, ((entry.mode ?? 0) & 0o100) !== 0);
      }
    },
    finish() {
      const judge = linkJudge(links);
      for (const [path, target] of links) {
        const problem = targetProblem(target) ?? linkProblem(path, target, judge);
        if (problem !== undefined) throw refusal(path, problem);
      }
      for (const [path, target] of links) symlinkSync(target, `${root}/${path}`);
    },
  };
}

/** `./a/` → `a`: how archivers write the names of what is in the current directory. */
const plainPath = (path: string): string =>
  path
    .replace(/^(?:\.\/)+/, '')
    .replace(/^\.$/, '')
    .replace(/(?<=[^/])\/$/, '');

const allowedTypes: ReadonlySet<string> = new Set([
  'File',
  'OldFile',
  'ContiguousFile',
  'Directory',
  'SymbolicLink',
  'Link',
]);
const deviceTypes: ReadonlySet<string> = new Set(['CharacterDevice', 'BlockDevice']);

function checkEntry(entry: ReadEntry, path: string, kinds: ReadonlyMap<string, string>): void {
  const problem =
    pathProblem(path) ??
    encodingProblem(path) ??
    typeProblem(entry) ??
    modeProblem(entry) ??
    twiceProblem(entry, path, kinds);
  if (problem !== undefined) throw refusal(path, problem);
}

/** The reader has replaced what it could not decode. */
const encodingProblem = (path: string): string | undefined =>
  path.includes('\ufffd') ? 'has a name that is not valid UTF-8' : undefined;

function typeProblem({ type }: ReadEntry): string | undefined {
  if (allowedTypes.has(type)) return undefined;
  if (deviceTypes.has(type)) return 'is a device; a release holds files only';
  return type === 'FIFO'
    ? 'is a FIFO; a release holds files only'
    : `is of a kind no release may hold (${type})`;
}

function modeProblem({ type, mode = 0 }: ReadEntry): string | undefined {
  if (type === 'Directory' || type === 'SymbolicLink') return undefined;
  if ((mode & 0o4000) !== 0) return 'has the setuid bit';
  return (mode & 0o2000) !== 0 ? 'has the setgid bit' : undefined;
}

/** A directory may have been made for what lies in it before its own entry comes. */
function twiceProblem(
  entry: ReadEntry,
  path: string,
  kinds: ReadonlyMap<string, string>,
): string | undefined {
  const kind = kinds.get(path);
  return kind === undefined || (kind === 'dir' && entry.type === 'Directory') ? undefined : 'is there twice';
}

function linkedFile(entry: ReadEntry, path: string, kinds: ReadonlyMap<string, string>): string {
  const target = plainPath(entry.linkpath ?? '');
  const problem = pathProblem(target);
  if (problem !== undefined) throw refusal(path, `is a hard link to ${quoted(target)}, which ${problem}`);
  if (kinds.get(target) === 'file') return target;
  throw refusal(path, `is a hard link to ${quoted(target)}, which is not a file earlier in the archive`);
}

function fileSink(path: string, executable: boolean): FileSink {
  const fd = openSync(path, 'wx', executable ? 0o755 : 0o644);
  return {
    write(chunk) {
      for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
    },
    close: () => closeSync(fd),
  };
}

const refusal = (path: string, problem: string): CapstanError =>
  new CapstanError('invalid', `${quoted(path)} in the archive ${problem}`);
