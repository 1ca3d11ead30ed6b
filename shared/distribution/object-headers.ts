import type { ObjectKey } from './object-key.js';

/** What is under a name never changes: any cache may keep it for good. */
export const forever = 'public, max-age=31536000, immutable';

/** The HTTP headers that an object is served with. Browsers have to know what an asset is. */
export function objectHeaders(key: ObjectKey): Readonly<Record<string, string>> {
  if (key.kind !== 'assets') return { 'content-type': 'application/octet-stream' };
  return { 'content-type': contentTypeOf(key.path), 'cache-control': forever };
}

/** By the name of a file, as web servers do it; what is not known is for downloading only. */
function contentTypeOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const extension = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : '';
  return contentTypes.get(extension) ?? 'application/octet-stream';
}

const contentTypes: ReadonlyMap<string, string> = new Map([
  ['avif', 'image/avif'],
  ['css', 'text/css; charset=utf-8'],
  ['csv', 'text/csv; charset=utf-8'],
  ['eot', 'application/vnd.ms-fontobject'],
  ['gif', 'image/gif'],
  ['htm', 'text/html; charset=utf-8'],
  ['html', 'text/html; charset=utf-8'],
  ['ico', 'image/x-icon'],
  ['jpeg', 'image/jpeg'],
  ['jpg', 'image/jpeg'],
  ['js', 'text/javascript; charset=utf-8'],
  ['json', 'application/json'],
  ['m4a', 'audio/mp4'],
  ['map', 'application/json'],
  ['md', 'text/markdown; charset=utf-8'],
  ['mjs', 'text/javascript; charset=utf-8'],
  ['mp3', 'audio/mpeg'],
  ['mp4', 'video/mp4'],
  ['ogg', 'audio/ogg'],
  ['otf', 'font/otf'],
  ['pdf', 'application/pdf'],
  ['png', 'image/png'],
  ['svg', 'image/svg+xml'],
  ['ttf', 'font/ttf'],
  ['txt', 'text/plain; charset=utf-8'],
  ['wasm', 'application/wasm'],
  ['wav', 'audio/wav'],
  ['webm', 'video/webm'],
  ['webmanifest', 'application/manifest+json'],
  ['webp', 'image/webp'],
  ['woff', 'font/woff'],
  ['woff2', 'font/woff2'],
  ['xml', 'text/xml; charset=utf-8'],
  ['zip', 'application/zip'],
]);
