import * as z from 'zod';
import { suggestion } from '../core/nearest.js';
import { printable } from '../core/printable.js';
import { CapstanError } from '../model/errors.js';
import type { Path, YamlSource } from './yaml-source.js';

/**
 * Narrows a YAML document to the type of the schema. Of several faults the first in the file is told, but a
 * wrong kind of file before all others, and a mistyped key before what is missing because of it.
 * @throws CapstanError `invalid`, one sentence, with file, line and column
 */
export function validate<Schema extends z.ZodType>(schema: Schema, source: YamlSource): z.output<Schema> {
  const result = schema.safeParse(source.value, { error: describe });
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => ({ error: toError(issue, source), rank: rank(issue) }));
  faults.sort((a, b) => a.rank - b.rank || order(a.error) - order(b.error));
  throw (
    faults[0]?.error ??
    new CapstanError('invalid', 'The document is not valid.', { location: source.locate([]) })
  );
}

/** An object in which an unknown key is a fault that names the key most likely meant. */
export function strict<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const key = issue.keys[0] ?? '';
      return `unknown key "${key}"; ${suggestion(key, known)}`;
    },
  });
}

/** What a custom issue may carry beside its sentence. */
interface IssueParams {
  /** Point at the key and not at its value. */
  readonly at?: 'key';
  /** Point at this character of the text. */
  readonly offset?: number;
  readonly hint?: string;
}

/** Adds a fault to a zod context; `path` is relative to the value being checked. */
export function fault(
  context: z.core.$RefinementCtx,
  message: string,
  path: PropertyKey[] = [],
  params: IssueParams = {},
): void {
  context.addIssue({ code: 'custom', message, path, params: { ...params }, input: undefined });
}

/** A fault that was found elsewhere, as `validate` would tell it. */
export const faultAt = (source: YamlSource, path: Path, message: string): CapstanError =>
  new CapstanError('invalid', withPath(path, message), { location: source.locate(path) });

function toError(issue: z.core.$ZodIssue, source: YamlSource): CapstanError {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const params: IssueParams = issue.code === 'custom' ? (issue.params ?? {}) : {};
  const atKey = issue.code === 'unrecognized_keys' || issue.code === 'invalid_key' || params.at === 'key';
  const location =
    params.offset === undefined
      ? source.locate(path, atKey ? 'key' : 'value')
      : source.locateInside(path, params.offset);
  const details = { location, ...(params.hint === undefined ? {} : { hint: params.hint }) };
  return new CapstanError('invalid', withPath(issue.path, issue.message), details);
}

/** One line, whatever was written in the file: keys and values are quoted. */
const withPath = (path: Path, message: string): string => printable(sentence(path, message), longest);
const longest = 1000;

function sentence(path: Path, message: string): string {
  const text = /[.?]$/.test(message) ? message : `${message}.`;
  const name = pathText(path);
  if (name === '') return /^(?:is|must|needs) /.test(text) ? `The document ${text}` : capital(text);
  return /^(?:is|must|needs) /.test(text) ? `${name} ${text}` : `${name}: ${text}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `spec.environments[1].strategy.type` */
function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? String(step) : `.${String(step)}`;
  }
  return text;
}

function describe(issue: z.core.$ZodRawIssue): string {
  if (issue.code !== 'custom') {
    if (issue.input === undefined) return 'is missing';
    if (issue.input === null) return 'is empty';
  }
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeWord(issue.expected)}, not ${valueWord(issue.input)}`;
    case 'invalid_value':
      return `must be ${choice(issue.values.map(String))}, not ${valueWord(issue.input)}`;
    case 'too_small':
      return `must ${isNumber(issue.origin) ? 'be' : 'have'} at least ${issue.minimum}${unit(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `must ${isNumber(issue.origin) ? 'be' : 'have'} at most ${issue.maximum}${unit(issue.origin, issue.maximum)}`;
    default:
      return issue.message ?? `must not be ${valueWord(issue.input)}`;
  }
}

const isNumber = (origin: string): boolean => origin === 'number' || origin === 'int';

function unit(origin: string, count: number | bigint): string {
  const words: Readonly<Record<string, string>> = {
    string: 'character',
    array: 'entry',
    map: 'entry',
    record: 'entry',
  };
  const word = words[origin];
  if (word === undefined) return '';
  if (Number(count) === 1) return ` ${word}`;
  return word === 'entry' ? ' entries' : ` ${word}s`;
}

function choice(values: readonly string[]): string {
  return values.length === 1 ? `"${values.join('')}"` : `one of ${values.join(', ')}`;
}

function typeWord(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
    record: 'a map',
  };
  return words[expected] ?? expected;
}

/** The faulty value as a reader of the file would name it. */
export function valueWord(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;
}

function rank(issue: z.core.$ZodIssue): number {
  const [first] = issue.path;
  if (issue.path.length === 1 && (first === 'kind' || first === 'apiVersion')) return 0;
  return issue.code === 'unrecognized_keys' ? 1 : 2;
}

function order(error: CapstanError): number {
  return (error.location?.line ?? 0) * 100_000 + (error.location?.column ?? 0);
}
