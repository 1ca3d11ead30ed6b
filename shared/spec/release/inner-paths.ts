import * as z from 'zod';

/** A place inside the release. */
export const innerPath = z
  .string()
  .min(1)
  .max(1024)
  .refine((text) => !text.startsWith('/'), { error: 'must be relative to the release' })
  .refine((text) => text.split('/').every((part) => part !== '' && part !== '.' && part !== '..'), {
    error: 'must be a plain relative path, without empty parts, "." or ".."',
  })
  .refine((text) => !/\p{Cc}/u.test(text), { error: 'must not hold a control character' });

/** One that something else than the release's own content is put at, or that cannot be `capstan.yml` for another reason. */
export const innerFile = innerPath.refine((text) => text !== 'capstan.yml', {
  error: 'must not be capstan.yml itself',
});

/** Shells complete folders with a slash at the end, which says nothing more. */
const folder = z
  .string()
  .min(1)
  .max(1024)
  .transform((text) => text.replace(/(?<=[^/])\/$/, ''));

export const innerDir = folder.pipe(innerPath);
export const sharedDir = folder.pipe(innerFile);

export interface PathFault {
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** Two shared paths of which one is the other, or lies inside it, cannot both be links. */
export function sharedPathsFault(shared: {
  readonly dirs: readonly string[];
  readonly files: readonly string[];
}): PathFault | undefined {
  const overlap = overlapIn(
    (['dirs', 'files'] as const).flatMap((kind) =>
      shared[kind].map((path, index) => ({ path, where: [kind, index] as const })),
    ),
  );
  if (overlap === undefined) return undefined;
  const { path, other, where } = overlap;
  return { message: `"${path}" and "${other}" overlap; share one of them`, path: where };
}

/** A folder inside another one would be published twice. */
export function assetDirsFault(dirs: readonly string[]): PathFault | undefined {
  const overlap = overlapIn(dirs.map((path, index) => ({ path, where: ['dirs', index] as const })));
  if (overlap === undefined) return undefined;
  const { path, other, where } = overlap;
  return { message: `"${path}" and "${other}" overlap; name one of them`, path: where };
}

interface Placed {
  readonly path: string;
  readonly where: readonly (string | number)[];
}

/** The first path that is another one, lies inside it or holds it. */
export function overlapIn(all: readonly Placed[]): (Placed & { readonly other: string }) | undefined {
  for (const [index, { path, where }] of all.entries()) {
    for (const other of all.slice(0, index)) {
      const overlap =
        path === other.path || path.startsWith(`${other.path}/`) || other.path.startsWith(`${path}/`);
      if (overlap) return { path, where, other: other.path };
    }
  }
  return undefined;
}
