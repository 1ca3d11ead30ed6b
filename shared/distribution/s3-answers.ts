import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { CapstanError } from '../model/errors.js';

// What S3 says in XML, narrowed to what is asked of it. Everything in it is hostile until it was parsed.

export interface ListedKey {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
}

export interface ListPage {
  readonly keys: readonly ListedKey[];
  /** To ask for the next page with; undefined: this was the last. */
  readonly next: string | undefined;
}

export function readListPage(xml: string): ListPage {
  const root = rootOf(xml, 'ListBucketResult');
  const keys = childrenOf(root, 'Contents').flatMap((entry): ListedKey[] => {
    const name = decoded(textIn(entry, 'Key'));
    const size = Number(textIn(entry, 'Size'));
    const changedAt = Date.parse(textIn(entry, 'LastModified') ?? '');
    return name === undefined || Number.isNaN(size) || Number.isNaN(changedAt)
      ? []
      : [{ name, size, changedAt }];
  });
  const more = textIn(root, 'IsTruncated') === 'true';
  return { keys, next: more ? textIn(root, 'NextContinuationToken') : undefined };
}

export interface UnfinishedUpload {
  readonly name: string;
  readonly id: string;
  readonly startedAt: number;
}

/** The first page (at most 1000) of uploads that were neither completed nor aborted. */
export function readUnfinishedUploads(xml: string): readonly UnfinishedUpload[] {
  return childrenOf(rootOf(xml, 'ListMultipartUploadsResult'), 'Upload').flatMap((entry) => {
    const name = decoded(textIn(entry, 'Key'));
    const id = textIn(entry, 'UploadId');
    const startedAt = Date.parse(textIn(entry, 'Initiated') ?? '');
    return name === undefined || id === undefined || Number.isNaN(startedAt) ? [] : [{ name, id, startedAt }];
  });
}

export function readUploadId(xml: string): string {
  const id = textIn(rootOf(xml, 'InitiateMultipartUploadResult'), 'UploadId');
  if (id === undefined || id === '') throw strange('the beginning of an upload was answered without an id');
  return id;
}

export interface UploadedParts {
  /** By their numbers. */
  readonly parts: ReadonlyMap<number, { readonly tag: string; readonly size: number }>;
  /** To ask for the next page with; undefined: this was the last. */
  readonly next: string | undefined;
}

/** A page of the parts that are there of an upload. */
export function readParts(xml: string): UploadedParts {
  const root = rootOf(xml, 'ListPartsResult');
  const parts = new Map<number, { readonly tag: string; readonly size: number }>();
  for (const entry of childrenOf(root, 'Part')) {
    const number = Number(textIn(entry, 'PartNumber'));
    const size = Number(textIn(entry, 'Size'));
    const tag = textIn(entry, 'ETag') ?? '';
    if (Number.isSafeInteger(number) && Number.isSafeInteger(size) && /^[\x21-\x7e]{1,200}$/.test(tag))
      parts.set(number, { tag, size });
  }
  const marker = textIn(root, 'NextPartNumberMarker') ?? '';
  const more = textIn(root, 'IsTruncated') === 'true' && /^\d{1,5}$/.test(marker);
  return { parts, next: more ? marker : undefined };
}

/** A completion may be answered with status 200 and an error. */
export function isCompleted(xml: string): boolean {
  return xml.includes('<CompleteMultipartUploadResult');
}

/** @param parts the tags that parts were answered with, in their order */
export function completionOf(parts: readonly string[]): Buffer {
  const entries = parts.map(
    (tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escaped(tag)}</ETag></Part>`,
  );
  return Buffer.from(
    `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${entries.join('')}</CompleteMultipartUpload>`,
  );
}

function rootOf(xml: string, name: string): XmlElement {
  let root: XmlElement | null;
  try {
    root = parseXml(xml).root;
  } catch (cause) {
    throw strange('its answer is not XML', cause);
  }
  if (root?.name !== name) throw strange(`its answer is not a ${name}`);
  return root;
}

const strange = (problem: string, cause?: unknown): CapstanError =>
  new CapstanError('failed', `the store does not speak as S3 does: ${problem}`, { cause });

const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child): child is XmlElement => child instanceof XmlElement && child.name === name);

const textIn = (element: XmlElement, name: string): string | undefined => childrenOf(element, name)[0]?.text;

/** Keys are asked for in URL encoding, so that any byte can be in them. */
function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
