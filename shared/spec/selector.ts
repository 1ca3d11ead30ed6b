import { CapstanError } from '../model/errors.js';
import { isLabelKey, isLabelValue } from '../model/labels.js';
import type { Requirement, Selector } from '../model/selector.js';

const maxLength = 4096;

interface Token {
  readonly kind: 'word' | 'sign' | 'end';
  readonly text: string;
  readonly offset: number;
}

/**
 * Parses `env=production,role!=db,zone in (a,b),tier notin (x),gpu,!canary`. Empty text matches every node.
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
  if (isSign(operator, '=') || isSign(operator, '==')) return { kind: 'in', key, values: [valueOf(next())] };
  if (isSign(operator, '!=')) return { kind: 'notIn', key, values: [valueOf(next())] };
  if (operator.text === 'in') return { kind: 'in', key, values: parseValues(next) };
  if (operator.text === 'notin') return { kind: 'notIn', key, values: parseValues(next) };
  throw wrong(
    `after "${key}" there must be =, !=, in, notin or a comma, not ${show(operator)}`,
    operator.offset,
  );
}

function parseValues(next: () => Token): readonly string[] {
  expectSign(next(), '(');
  const values = [valueOf(next())];
  for (;;) {
    const token = next();
    if (isSign(token, ')')) return values;
    if (!isSign(token, ','))
      throw wrong(`there must be a comma or ")" here, not ${show(token)}`, token.offset);
    values.push(valueOf(next()));
  }
}

function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:(?<sign>==|!=|[=!,()])|(?<word>[^\s=!,()]+))/gy;
  for (;;) {
    const match = pattern.exec(text);
    if (match === null) return tokens;
    const { sign, word } = match.groups ?? {};
    const found = sign ?? word ?? '';
    const offset = pattern.lastIndex - found.length;
    tokens.push({ kind: sign === undefined ? 'word' : 'sign', text: found, offset });
  }
}

const isSign = (token: Token, text: string): boolean => token.kind === 'sign' && token.text === text;

function expectSign(token: Token, sign: string): void {
  if (!isSign(token, sign)) throw wrong(`there must be a "${sign}" here, not ${show(token)}`, token.offset);
}

function keyOf(token: Token): string {
  if (token.kind !== 'word')
    throw wrong(`there must be a label's name here, not ${show(token)}`, token.offset);
  if (!isLabelKey(token.text)) throw wrong(`${show(token)} cannot be the name of a label`, token.offset);
  return token.text;
}

function valueOf(token: Token): string {
  if (token.kind !== 'word')
    throw wrong(`there must be a label's value here, not ${show(token)}`, token.offset);
  if (!isLabelValue(token.text)) throw wrong(`${show(token)} cannot be the value of a label`, token.offset);
  return token.text;
}

const show = (token: Token): string => (token.kind === 'end' ? 'the end' : `"${token.text}"`);

const wrong = (problem: string, offset: number): CapstanError =>
  new CapstanError('invalid', `Not a selector: ${problem}.`, {
    location: { column: offset + 1 },
    hint: 'A selector looks like env=production,role!=db,zone in (a,b),!canary.',
  });
