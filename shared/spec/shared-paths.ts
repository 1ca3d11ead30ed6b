import * as z from 'zod';

/** A place inside the release that is a link to the application's shared folder. */
export const sharedPath = z
  .string()
  .min(1)
  .max(1024)
  .refine((text) => !text.startsWith('/'), { error: 'must be relative to the release' })
  .refine((text) => text.split('/').every((part) => part !== '' && part !== '.' && part !== '..'), {
    error: 'must be a plain relative path, without empty parts, "." or ".."',
  })
  .refine((text) => !/\p{Cc}/u.test(text), { error: 'must not hold a control character' })
  .refine((text) => text !== 'capstan.yml', { error: 'must not be capstan.yml itself' });

/** Two shared paths of which one is the other, or lies inside it, cannot both be links. */
export function sharedPathsFault(shared: {
  readonly dirs: readonly string[];
  readonly files: readonly string[];
}): { readonly message: string; readonly path: readonly (string | number)[] } | undefined {
  const all = (['dirs', 'files'] as const).flatMap((kind) =>
    shared[kind].map((path, index) => ({ path, where: [kind, index] as const })),
  );
  for (const [index, { path, where }] of all.entries()) {
    for (const other of all.slice(0, index)) {
      const overlap =
        path === other.path || path.startsWith(`${other.path}/`) || other.path.startsWith(`${path}/`);
      if (overlap)
        return { message: `"${path}" and "${other.path}" overlap; share one of them`, path: where };
    }
  }
  return undefined;
}
