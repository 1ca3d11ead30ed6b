/**
 * What a path in a release may look like: relative, `/` between names, no `.` or `..`, nothing a Linux file system
 * could not hold (codedeploy#428: paths out of the tree). Any other name is legal, however odd.
 */

/** Bytes of one name, a limit of Linux file systems. */
const maxNameBytes = 255;
/** Bytes of a whole path: Linux takes 4096, of which some must be left for the folder the release lies in. */
const maxPathBytes = 3072;
/** Bytes of a symbolic link's target, a limit of Linux. */
const maxTargetBytes = 4095;

/** Most paths are of this kind, of which nothing else need be asked but the length. */
const plainPath = /^(?:[\w@+-][\w.@+-]{0,199}\/)*[\w@+-][\w.@+-]{0,199}$/;
const loneSurrogate = /\p{Surrogate}/u;

/** What is wrong with a path, as the end of a sentence that begins with the path; undefined: nothing. */
export function pathProblem(path: string): string | undefined {
  if (path.length <= maxPathBytes && plainPath.test(path)) return undefined;
  if (path === '') return 'is empty';
  if (path.startsWith('/')) return 'is absolute';
  const text = textProblem(path);
  if (text !== undefined) return text;
  if (Buffer.byteLength(path) > maxPathBytes) return `is longer than ${maxPathBytes} bytes`;
  for (const name of path.split('/')) {
    if (name === '..') return 'climbs out of its folder with ".."';
    if (name === '' || name === '.') return 'is not in its simplest form';
    if (name.length > maxNameBytes / 4 && Buffer.byteLength(name) > maxNameBytes) {
      return `has a name that is longer than ${maxNameBytes} bytes`;
    }
  }
  return undefined;
}

/** As `pathProblem`, for the text of a symbolic link's target; where it leads is `linkProblem`'s business. */
export function targetProblem(target: string): string | undefined {
  if (target === '') return 'points nowhere: its target is empty';
  if (target.startsWith('/')) return `points out of the tree, to the absolute path ${quoted(target)}`;
  const text = textProblem(target);
  if (text !== undefined) return `has a target that ${text}`;
  if (Buffer.byteLength(target) > maxTargetBytes) return `has a target longer than ${maxTargetBytes} bytes`;
  return undefined;
}

function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'contains a NUL character';
  if (loneSurrogate.test(text)) return 'is not valid UTF-8';
  return undefined;
}

/** Order of the UTF-8 bytes, which is the order of code points (and not that of `<`, for astral characters). */
export function comparePaths(a: string, b: string): number {
  if (!highUnit.test(a)) return a < b ? -1 : Number(a > b);
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Where one of two differing units is below these, both orders are the same. */
const highUnit = /[\ud800-\uffff]/;

/** Lifts surrogates (code points above U+FFFF) over the rest of the 16-bit range. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** A path for an error message, on one line whatever is in it. */
export const quoted = (path: string): string =>
  JSON.stringify(path.length > 300 ? `${path.slice(0, 300)}…` : path);

/** Pairs of paths that differ only in case: legal on Linux, lost on a Mac. The first five, as sentences. */
export function caseWarnings(paths: Iterable<string>): readonly string[] {
  const seen = new Map<string, string>();
  const warnings: string[] = [];
  for (const path of paths) {
    const folded = path.normalize('NFC').toLowerCase();
    const other = seen.get(folded);
    if (other === undefined) seen.set(folded, path);
    else if (warnings.length < 5) {
      warnings.push(`${quoted(other)} and ${quoted(path)} differ only in case or in how accents are written`);
    }
  }
  return warnings;
}
