/**
 * `NODE_PHASE_TURNED_BACK` → `turnedBack`: enums of the wire in the words of the contract. One that only a newer coordinator
 * has a word for comes as its number.
 */
export function wireWord(prefix: string, value: string | number): string {
  if (typeof value === 'number') return 'unknown';
  const words = value.startsWith(prefix) ? value.slice(prefix.length) : value;
  return words.toLowerCase().replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Empty strings stand for "none" on the wire. */
export const orNull = (text: string): string | null => (text === '' ? null : text);

/** `{key: text}` if there is text, else nothing: for optional fields. */
export const optional = <Key extends string>(key: Key, text: string): Partial<Record<Key, string>> =>
  text === '' ? {} : ({ [key]: text } as Partial<Record<Key, string>>);

/** For people, to the second: `2026-01-31T12:00:00.123Z` is read, and not measured. */
export const toSecond = (time: string): string => time.replace(/\.\d+Z$/, 'Z');

/** Sizes and counters travel as decimal text, since they may pass 2^53; those shown here never do. */
export const toNumber = (text: string): number => Number(text);
