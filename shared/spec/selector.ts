import { factKeys, factKindOf, isFactKey } from '../core/attributes.js';
import { parseBytes } from '../core/bytes.js';
import { suggestion } from '../core/nearest.js';
import { CapstanError } from '../model/errors.js';
import { isLabelKey, isLabelValue } from '../model/labels.js';
import type { Requirement, Selector } from '../model/selector.js';

const maxLength = 4096;
const maxFactText = 256;

interface Token {
  /** `text` was written between double quotes. */
  readonly kind: 'word' | 'text' | 'sign' | 'end';
  readonly text: string;
  readonly offset: number;
}

/**
 * Parses `env=production,role!=db,zone in (a,b),tier notin (x),gpu,!canary,facts.memory>=8GiB`. Empty text matches
 * every node.
 * @throws CapstanError `invalid` with the column, counted from 1
 */
export function parseSelector(text: string): Selector {
  if (text.length > maxLength) throw wrong(`the selector is longer than ${maxLength} characters`, 0);
  const tokens = tokenise(text);
  const requirements: Requirement[] = [];
  let position = 0;
  const peek = (): Token => tokens[position] ?? { kind: 'end', text: '', offset: text.length };
  const next = (): Token => {
    const token = peek();
    position += 1;
    return token;
  };
  while (peek().kind !== 'end') {
    if (requirements.length > 0) expectSign(next(), ',');
    requirements.push(parseRequirement(next, peek));
  }
  return { requirements, text };
}

function parseRequirement(next: () => Token, peek: () => Token): Requirement {
  const first = next();
  if (isSign(first, '!')) return { kind: 'absent', key: keyOf(next()) };
  const key = keyOf(first);
  const operator = peek();
  if (operator.kind === 'end' || isSign(operator, ',')) return { kind: 'exists', key };
  next();
  if (isSign(operator, '=') || isSign(operator, '=='))
    return { kind: 'in', key, values: [valueOf(key, next())] };
  if (isSign(operator, '!=')) return { kind: 'notIn', key, values: [valueOf(key, next())] };
  if (isWord(operator, 'in')) return { kind: 'in', key, values: parseValues(key, next) };
  if (isWord(operator, 'notin')) return { kind: 'notIn', key, values: parseValues(key, next) };
  const comparison = comparisons.find((sign) => isSign(operator, sign));
  if (comparison !== undefined) {
    checkComparable(key, operator);
    return { kind: 'compare', key, operator: comparison, value: Number(valueOf(key, next())) };
  }
  throw wrong(
    `after "${key}" there must be =, !=, <, <=, >, >=, in, notin or a comma, not ${show(operator)}`,
    operator.offset,
  );
}

const comparisons = ['<=', '>=', '<', '>'] as const;

function checkComparable(key: string, { offset }: Token): void {
  const kind = factKindOf(key);
  if (kind === 'count' || kind === 'size') return;
  const numbers = factKeys.filter((fact) => factKindOf(fact) !== 'text').join(' and ');
  const what = kind === undefined ? `"${key}" is a label` : `"${key}" is text`;
  throw wrong(`${what}, and only facts that are numbers are more or less: ${numbers}`, offset);
}

function parseValues(key: string, next: () => Token): readonly string[] {
  expectSign(next(), '(');
  const values = [valueOf(key, next())];
  for (;;) {
    const token = next();
    if (isSign(token, ')')) return values;
    if (!isSign(token, ','))
      throw wrong(`there must be a comma or ")" here, not ${show(token)}`, token.offset);
    values.push(valueOf(key, next()));
  }
}

function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern =
    /\s*(?:(?<sign>==|!=|<=|>=|[=!<>,()])|"(?<quoted>[^"]*)(?<close>"?)|(?<word>[^\s=!<>,()"]+))/gy;
  for (;;) {
    const match = pattern.exec(text);
    if (match === null) return tokens;
    const { sign, word, quoted, close } = match.groups ?? {};
    const offset = match.index + match[0].search(/\S/);
    if (quoted !== undefined && close === '')
      throw wrong('the quotation that begins here does not end', offset);
    const kind = sign !== undefined ? 'sign' : quoted !== undefined ? 'text' : 'word';
    tokens.push({ kind, text: sign ?? quoted ?? word ?? '', offset });
  }
}

const isSign = (token: Token, text: string): boolean => token.kind === 'sign' && token.text === text;
const isWord = (token: Token, text: string): boolean => token.kind === 'word' && token.text === text;

function expectSign(token: Token, sign: string): void {
  if (!isSign(token, sign)) throw wrong(`there must be a "${sign}" here, not ${show(token)}`, token.offset);
}

function keyOf(token: Token): string {
  if (token.kind !== 'word')
    throw wrong(`there must be the name of a label or fact here, not ${show(token)}`, token.offset);
  const problem = keyFault(token.text);
  if (problem !== undefined) throw wrong(problem, token.offset);
  return token.text;
}

/** Why nothing can go by this key; undefined if something can. */
export function keyFault(key: string): string | undefined {
  if (isFactKey(key)) {
    return factKindOf(key) === undefined
      ? `there is no fact ${quoted(key)}; ${suggestion(key, factKeys)}`
      : undefined;
  }
  return isLabelKey(key) ? undefined : `${quoted(key)} cannot be the name of a label`;
}

function valueOf(key: string, token: Token): string {
  if (token.kind !== 'word' && token.kind !== 'text')
    throw wrong(`there must be a value for "${key}" here, not ${show(token)}`, token.offset);
  const { text, offset } = token;
  switch (factKindOf(key)) {
    case undefined:
      if (isLabelValue(text)) return text;
      throw wrong(`${show(token)} cannot be the value of a label`, offset);
    case 'text':
      if (text.length <= maxFactText && !/\p{Cc}/u.test(text)) return text;
      throw wrong(`${show(token)} cannot be the value of a fact`, offset);
    case 'count':
      if (/^\d{1,9}$/.test(text)) return String(Number(text));
      throw wrong(`"${key}" is a number, and ${show(token)} is none`, offset);
    case 'size': {
      const bytes = /[a-z]$/i.test(text) ? parseBytes(text) : undefined;
      if (bytes !== undefined) return String(bytes);
      throw wrong(`"${key}" is a size, and ${show(token)} is none; write it like 8GiB or 16GB`, offset);
    }
  }
}

const show = ({ kind, text }: Token): string => (kind === 'end' ? 'the end' : quoted(text));

const quoted = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;

const wrong = (problem: string, offset: number): CapstanError =>
  new CapstanError('invalid', `Not a selector: ${problem}${problem.endsWith('?') ? '' : '.'}`, {
    location: { column: offset + 1 },
    hint: 'A selector looks like env=production,role!=db,zone in (a,b),!canary,facts.memory>=8GiB.',
  });
