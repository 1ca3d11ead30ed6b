import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../layout.js';
import { readLink } from '../links.js';

/**
 * What tells a release's directory from any other, wherever it has been moved to: its inode, and when it was made, since
 * inodes are given out again. It does not outlive being copied or restored from a backup, and must not.
 */
export interface TreeIdentity {
  readonly inode: number;
  /** Milliseconds since the epoch. */
  readonly born: number;
}

/** What is noted of each release's directory, by the release's name; undefined: nothing. */
export type Identities = ReadonlyMap<string, TreeIdentity | undefined>;

/** Where the trees of an application's releases are. */
export interface Places {
  /** `current` is a directory itself, and not a link. */
  readonly isTree: boolean;
  /** What `current` is or leads to; undefined if that is nothing, or a directory that nobody knows. */
  readonly current: string | undefined;
  /** Undefined if the release's tree is nowhere. */
  pathOf(dir: string): string | undefined;
}

/** Undefined unless it is a directory itself. */
export function identityOf(path: string): TreeIdentity | undefined {
  const stats = statOf(path);
  return stats?.isDirectory() === true ? { inode: stats.ino, born: stats.birthtimeMs } : undefined;
}

export const isSame = (a: TreeIdentity | undefined, b: TreeIdentity | undefined): boolean =>
  a !== undefined && a.inode === b?.inode && a.born === b.born;

/** What takes the place of `current` is put here first. */
export const incomingOf = ({ current }: Layout): string => `${current}.new`;

/**
 * Finds each release's tree. Where `current` is a link, each lies under its own name. Where it is a directory, or was
 * one until a moment ago, names may be wrong for an instant, so that what a directory is tells, not what it is called.
 */
export async function findPlaces(layout: Layout, known: Identities): Promise<Places> {
  const isTree = identityOf(layout.current) !== undefined;
  const incoming = incomingOf(layout);
  if (!isTree && identityOf(incoming) === undefined) {
    const current = await readLink(layout.current);
    return { isTree, current, pathOf: (dir) => join(layout.releases, dir) };
  }
  const spots = [
    layout.current,
    incoming,
    ...namesIn(layout.releases).map((name) => join(layout.releases, name)),
  ];
  const found = spots.flatMap((path) => {
    const identity = identityOf(path);
    return identity === undefined ? [] : [{ path, identity }];
  });
  const at = new Map<string, string>();
  for (const [dir, identity] of known) {
    const place = found.find((each) => isSame(each.identity, identity));
    if (place !== undefined) at.set(dir, place.path);
  }
  const own = [...at].find(([, path]) => path === layout.current)?.[0];
  const current = isTree ? own : await readLink(layout.current);
  return { isTree, current, pathOf: (dir) => at.get(dir) };
}

export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // there is none yet
  }
}

export const statOf = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false });
