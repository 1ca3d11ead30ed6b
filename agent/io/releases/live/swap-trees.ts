import { rename, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CapstanError } from '../../../../shared/model/errors.js';
import type { Layout } from '../layout.js';
import { replaceLink } from '../links.js';
import type { Exchange } from './exchange-call.js';
import { findPlaces, type Identities, identityOf, incomingOf, isSame, namesIn, statOf } from './places.js';

/** All that a swap does to the disk, a call each. */
export interface SwapCalls {
  readonly exchange: (one: string, other: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly symlink: (target: string, path: string) => Promise<void>;
  /** Of a link. Does nothing if there is none. */
  readonly unlink: (path: string) => Promise<void>;
  readonly replaceLink: (path: string, target: string | undefined) => Promise<void>;
}

/** @param load asked when something is exchanged for the first time */
export function swapCalls(load: () => Promise<Exchange>): SwapCalls {
  let loaded: Promise<Exchange> | undefined;
  return {
    exchange: async (one, other) => {
      loaded ??= load();
      (await loaded)(one, other);
    },
    rename,
    symlink,
    unlink: (path) => rm(path, { force: true }),
    replaceLink,
  };
}

export interface SwapOrder {
  readonly to: string | undefined;
  readonly previous: string | undefined;
  /** What `current` is to be. */
  readonly mode: 'link' | 'exchange';
}

/**
 * Makes `current` be, or lead to, another release, in one step; and says so to `previous`. It can be ended anywhere and
 * begun again: what a directory holds is told by what it is, so that names that are wrong are put right, and at every
 * instant `current` is a whole release.
 */
export async function swapTrees(
  layout: Layout,
  known: Identities,
  { to, previous, mode }: SwapOrder,
  calls: SwapCalls,
): Promise<void> {
  await putInOrder(layout, known, calls);
  const places = await findPlaces(layout, known);
  const from = to === undefined ? undefined : places.pathOf(to);
  if (to !== undefined && (from === undefined || identityOf(from) === undefined)) {
    throw new CapstanError('notFound', `releases/${to} is not on this node any more`);
  }
  // The link is switched when what it leads to is there.
  const isThere = previous === undefined || identityOf(join(layout.releases, previous)) !== undefined;
  if (isThere) await calls.replaceLink(layout.previous, previous);
  if (from !== undefined && mode === 'exchange') {
    if (from !== layout.current) await comeIn(layout, from, calls);
  } else if (places.isTree) await goOut(layout, to, places.current, calls);
  else await calls.replaceLink(layout.current, to);
  await putInOrder(layout, known, calls);
  if (!isThere) await calls.replaceLink(layout.previous, previous);
}

/** A tree takes the place of `current`, whatever that is. */
async function comeIn(layout: Layout, from: string, calls: SwapCalls): Promise<void> {
  if (statOf(layout.current) === undefined) await calls.rename(from, layout.current);
  else await calls.exchange(from, layout.current);
}

/** A link takes the place of the tree that is `current`, or nothing does. */
async function goOut(
  layout: Layout,
  to: string | undefined,
  live: string | undefined,
  calls: SwapCalls,
): Promise<void> {
  if (to === undefined) {
    await calls.rename(
      layout.current,
      live === undefined ? asidePath(layout, layout.current) : join(layout.releases, live),
    );
    return;
  }
  const incoming = incomingOf(layout);
  await calls.symlink(join('releases', to), incoming);
  await calls.exchange(incoming, layout.current);
}

/**
 * Gives every tree that a swap has left elsewhere its own name again, and takes away the links that were traded for trees.
 * A directory that nobody knows is kept under a name of its own: it may be all that there is of something.
 */
export async function putInOrder(layout: Layout, known: Identities, calls: SwapCalls): Promise<void> {
  const incoming = incomingOf(layout);
  if (identityOf(layout.current) === undefined && identityOf(incoming) === undefined) return;
  const spots = namesIn(layout.releases).map((name) => join(layout.releases, name));
  for (const path of [incoming, ...spots]) {
    const isOurs = path === incoming || known.has(basename(path));
    if (isOurs && statOf(path)?.isSymbolicLink() === true) await calls.unlink(path);
  }
  const places = await findPlaces(layout, known);
  const trees = [incoming, ...spots].flatMap((path) => {
    const identity = identityOf(path);
    const owner = [...known].find(([, noted]) => isSame(noted, identity))?.[0];
    return identity === undefined ? [] : [{ path, owner }];
  });
  for (const { path, owner } of trees) {
    // Where the release of this name is elsewhere, what nobody knows is in its way.
    const inTheWay = path === incoming || places.pathOf(basename(path)) !== undefined;
    if (owner === undefined && inTheWay) await calls.rename(path, asidePath(layout, path));
  }
  for (const { path, owner } of trees) {
    if (owner === undefined || path === join(layout.releases, owner)) continue;
    await calls.rename(path, join(layout.releases, owner));
  }
}

const asidePath = ({ releases }: Layout, path: string): string =>
  join(releases, `unknown-${identityOf(path)?.inode ?? 0}`);
