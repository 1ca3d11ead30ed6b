import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from 'yaml';
import { printable } from '../core/printable.js';
import { CapstanError, type Location } from '../model/errors.js';

/** More than any hand-written file; a larger one is refused before it is parsed. Bytes. */
const maxBytes = 1024 * 1024;
/** How often the anchors of a file may be used: enough for sharing, too few for a "billion laughs" file. */
const maxAliases = 100;
const maxDepth = 64;

export type Path = readonly PropertyKey[];

/** One document of a YAML file: its plain value, and where each part of it stands. */
export interface YamlSource {
  readonly value: unknown;
  /** Where the value at `path` (or the nearest part around it) begins; `key`: where its key does. */
  locate(path: Path, part?: 'key' | 'value'): Location;
  /** Where the character `offset` of the text at `path` stands, if that text is written on one line. */
  locateInside(path: Path, offset: number): Location;
}

/**
 * Parses a file of one or more YAML documents; empty documents are left out.
 * @throws CapstanError `invalid` with line and column if the text is not YAML, too large or too deep
 */
export function parseYaml(text: string, file: string): readonly YamlSource[] {
  if (Buffer.byteLength(text) > maxBytes) {
    throw new CapstanError('invalid', `The file is larger than ${maxBytes / 1024} KiB.`, {
      location: { file },
    });
  }
  const lines = new LineCounter();
  const documents = parseDocuments(text, file, lines);
  const sources: YamlSource[] = [];
  for (const document of documents) {
    refuseFaults(document, file, lines);
    if (document.contents === null || (isScalar(document.contents) && document.contents.value === null))
      continue;
    sources.push(toSource(document, file, lines));
  }
  return sources;
}

function parseDocuments(text: string, file: string, lines: LineCounter): readonly Document[] {
  try {
    const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    return Array.isArray(parsed) ? parsed : [];
  } catch (cause) {
    throw notReadable(file, cause);
  }
}

/** Recursion that ran out of stack and whatever else the parser throws by itself. */
function notReadable(file: string, cause: unknown): CapstanError {
  const tooDeep = cause instanceof RangeError;
  const message = tooDeep ? 'The file is nested too deeply.' : 'The file is not YAML that can be read.';
  return new CapstanError('invalid', message, { location: { file }, cause });
}

function refuseFaults(document: Document, file: string, lines: LineCounter): void {
  const fault = document.errors[0];
  if (fault !== undefined) {
    const location = place(file, lines, fault.pos[0]);
    const tooDeep = fault.message.includes('call stack');
    const message = tooDeep
      ? 'The file is nested too deeply.'
      : `Not valid YAML: ${sentence(printable(fault.message))}`;
    throw new CapstanError('invalid', message, { location });
  }
  let aliases = 0;
  visit(document, {
    Node: (_, node, path) => {
      if (isAlias(node)) aliases += 1;
      const start = node.range?.[0] ?? 0;
      if (aliases > maxAliases) throw tooMuch('uses aliases too often', file, lines, start);
      if (path.length > maxDepth) throw tooMuch('is nested too deeply', file, lines, start);
    },
  });
}

const tooMuch = (what: string, file: string, lines: LineCounter, offset: number): CapstanError =>
  new CapstanError('invalid', `The file ${what}.`, { location: place(file, lines, offset) });

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function place(file: string, lines: LineCounter, offset: number): Location {
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

function toSource(document: Document, file: string, lines: LineCounter): YamlSource {
  keepWrittenValues(document);
  return {
    value: toPlain(document, file, lines),
    locate(path, part = 'value') {
      return place(file, lines, offsetOf(document, path, part));
    },
    locateInside(path, offset) {
      const node = follow(document, path);
      const start = node?.range?.[0];
      if (!isScalar(node) || start === undefined)
        return place(file, lines, offsetOf(document, path, 'value'));
      if (node.type === 'PLAIN') return place(file, lines, start + offset);
      const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
      return place(file, lines, quoted ? start + 1 + offset : start);
    },
  };
}

function toPlain(document: Document, file: string, lines: LineCounter): unknown {
  refuseUnknownAliases(document, file, lines);
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (cause) {
    throw new CapstanError('invalid', 'The file uses aliases too often.', { location: { file }, cause });
  }
}

/** An alias stands for what was given its name before it, in the same document. */
function refuseUnknownAliases(document: Document, file: string, lines: LineCounter): void {
  const anchors = new Set<string>();
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) {
        if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) anchors.add(node.anchor);
      } else if (!anchors.has(node.source)) {
        const name = printable(node.source, 60);
        const message = `There is no "&${name}" before "*${name}": an alias stands for what has its name. If it is a text, put it in quotes.`;
        throw new CapstanError('invalid', message, { location: place(file, lines, node.range?.[0] ?? 0) });
      }
    },
  });
}

/** Values are text: `1.10` and `0x1F` under `config` or `env` must not become 1.1 and 31. */
function keepWrittenValues(document: Document): void {
  visit(document, {
    Pair: (_, pair) => {
      if (!isScalar(pair.key) || (pair.key.value !== 'config' && pair.key.value !== 'env')) return;
      if (!isMap(pair.value)) return;
      for (const { value } of pair.value.items) {
        if (isScalar(value) && typeof value.value === 'number')
          value.value = value.source ?? String(value.value);
      }
    },
  });
}

function offsetOf(document: Document, path: Path, part: 'key' | 'value'): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = follow(document, path.slice(0, length));
    const wanted = part === 'key' || node === undefined ? keyOf(document, path.slice(0, length)) : node;
    const offset = wanted?.range?.[0] ?? node?.range?.[0];
    if (offset !== undefined) return offset;
  }
  return isNode(document.contents) ? (document.contents.range?.[0] ?? 0) : 0;
}

function follow(document: Document, path: Path): Node | undefined {
  let node: unknown = document.contents;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (!isCollection(node)) return undefined;
    node = node.get(typeof step === 'symbol' ? step.toString() : step, true);
  }
  return isNode(node) ? node : undefined;
}

function keyOf(document: Document, path: Path): Node | undefined {
  const parent = follow(document, path.slice(0, -1));
  const step = path.at(-1);
  const map = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(map)) return follow(document, path);
  if (!isMap(map)) return undefined;
  const pair = map.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === step);
  return isNode(pair?.key) ? pair.key : undefined;
}
