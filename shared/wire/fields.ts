import { CapstanError, type ErrorCode } from '../model/errors.js';

/** Narrows what came over the wire to strict types at one boundary, and lists everything that is wrong at once. */
export class FieldReader {
  readonly #faults: string[] = [];

  /** Notes that a field is not what it must be. */
  fault(path: string, rule: string): void {
    this.#faults.push(`${path} must be ${rule}`);
  }

  /** A counter or size: unsigned, and small enough to be exact. Longs come as numbers, text or `Long`. */
  count(path: string, value: unknown, most = Number.MAX_SAFE_INTEGER): number {
    const number = Number(value ?? 0);
    if (Number.isSafeInteger(number) && number >= 0 && number <= most) return number;
    this.fault(
      path,
      most === Number.MAX_SAFE_INTEGER ? 'a whole number below 2^53' : `a whole number up to ${most}`,
    );
    return 0;
  }

  /** A text that passes `check`. */
  text<Text extends string>(
    path: string,
    value: string | null | undefined,
    check: (text: string) => text is Text,
    rule: string,
  ): Text {
    const text = value ?? '';
    if (!check(text)) this.fault(path, rule);
    return text as Text;
  }

  /** Any text up to `limit` UTF-16 units. */
  plain(path: string, value: string | null | undefined, limit: number): string {
    const text = value ?? '';
    if (text.length > limit) this.fault(path, `at most ${limit} characters`);
    return text;
  }

  /** One of a closed set of words. */
  oneOf<Word extends string>(
    path: string,
    value: string | null | undefined,
    words: readonly [Word, ...Word[]],
  ): Word {
    const found = words.find((word) => word === value);
    if (found === undefined) this.fault(path, `one of ${words.join(', ')}`);
    return found ?? words[0];
  }

  /** A list of at most `limit` entries. */
  list<Item>(path: string, value: readonly Item[] | null | undefined, limit: number): readonly Item[] {
    const items = value ?? [];
    if (items.length > limit) this.fault(path, `a list of at most ${limit}`);
    return items.length > limit ? [] : items;
  }

  /** @throws CapstanError that names `what` and every fault, if there are any */
  check(what: string, code: ErrorCode = 'invalid'): void {
    if (this.#faults.length === 0) return;
    const shown = this.#faults.slice(0, 10);
    const more = this.#faults.length - shown.length;
    const rest = more === 0 ? '' : `; and ${more} more`;
    throw new CapstanError(code, `${what} is not sound: ${shown.join('; ')}${rest}.`);
  }
}
