/** Narrows what comes from a file or another process, or says that it is something else. */
export type Guard<T> = (value: unknown) => value is T;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object with at least these fields. */
export function object<T>(fields: { readonly [K in keyof Required<T>]: Guard<T[K]> }): Guard<T> {
  const guards = Object.entries<Guard<unknown>>(fields);
  return (value): value is T => isObject(value) && guards.every(([name, guard]) => guard(value[name]));
}

export const optional =
  <T>(guard: Guard<T>): Guard<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || guard(value);

export const listOf =
  <T>(guard: Guard<T>): Guard<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.every(guard);

export const oneOf =
  <T extends string | number | boolean>(words: readonly T[]): Guard<T> =>
  (value): value is T =>
    words.some((word) => word === value);

export const text: Guard<string> = (value) => typeof value === 'string';
export const flag: Guard<boolean> = (value) => typeof value === 'boolean';
/** A size, a counter or a duration. */
export const count: Guard<number> = (value): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

/** A text that passes a rule of its own. */
export const matching =
  <T extends string>(rule: (value: string) => value is T): Guard<T> =>
  (value): value is T =>
    typeof value === 'string' && rule(value);

export const texts: Guard<Readonly<Record<string, string>>> = (
  value,
): value is Readonly<Record<string, string>> => isObject(value) && Object.values(value).every(text);

/** What a text says as JSON, if it is of this shape. */
export function parseAs<T>(guard: Guard<T>, json: string): T | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return guard(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
