import type { FileEntry, Manifest } from './manifest.js';

/** A file of the older release that a new one probably came from. */
export interface Predecessor {
  /** Index in the older manifest's entries. */
  readonly entry: number;
  readonly file: FileEntry;
}

/**
 * Finds what a file was before: the file at the same path; else one in the same folder whose name differs in what
 * looks like a digest only; else one of the same name elsewhere. Of several the one nearest in size.
 */
export function predecessors(
  from: Manifest,
): (file: Pick<FileEntry, 'path' | 'size'>) => Predecessor | undefined {
  const byPath = new Map<string, Predecessor>();
  for (const [entry, file] of from.entries.entries()) {
    if (file.kind === 'file' && file.size > 0) byPath.set(file.path, { entry, file });
  }
  let byShape: ReadonlyMap<string, readonly Predecessor[]> | undefined;
  let byName: ReadonlyMap<string, readonly Predecessor[]> | undefined;
  return ({ path, size }) => {
    const samePath = byPath.get(path);
    if (samePath !== undefined) return samePath;
    byShape ??= groupedBy(byPath, shapeOf);
    const sameShape = nearest(byShape.get(shapeOf(path)), size);
    if (sameShape !== undefined) return sameShape;
    byName ??= groupedBy(byPath, nameOf);
    return nearest(byName.get(nameOf(path)), size);
  };
}

/** Bundlers put digests of 8 letters and digits or more into names, set off by a dash, a dot or an underscore. */
const digestLike = /(?<=[-._]|^)(?=[A-Za-z0-9]*(?:[0-9]|[A-Z]{4}))[A-Za-z0-9]{8,}(?=[-._]|$)/g;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const shapeOf = (path: string): string =>
  path.slice(0, path.lastIndexOf('/') + 1) + nameOf(path).replace(digestLike, '*');

function groupedBy(
  files: ReadonlyMap<string, Predecessor>,
  keyOf: (path: string) => string,
): ReadonlyMap<string, readonly Predecessor[]> {
  const groups = new Map<string, Predecessor[]>();
  for (const [path, file] of files) {
    const key = keyOf(path);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return groups;
}

/** Names that half a release shares, as `index.js`, say nothing. */
const maxNamesakes = 64;

function nearest(found: readonly Predecessor[] | undefined, size: number): Predecessor | undefined {
  if (found === undefined || found.length > maxNamesakes) return undefined;
  const distance = ({ file }: Predecessor): number => Math.abs(file.size - size);
  return found.reduce((best, other) => (distance(other) < distance(best) ? other : best));
}
