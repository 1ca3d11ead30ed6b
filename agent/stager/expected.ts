import { parentOf } from '../../shared/release/path-rules.js';

/** What is in a release's directory though its manifest does not say so: links to what is shared, rendered files. */
export interface ExpectedPaths {
  /** True for such a path, and for all that is below one. */
  has(path: string): boolean;
  /** True for a folder on the way to such a path. It may be there, though no manifest names it. */
  leadsTo(path: string): boolean;
}

export function expectedPaths(paths: readonly string[]): ExpectedPaths {
  const ends = new Set(paths);
  const ways = new Set<string>();
  for (const path of paths) {
    for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder)) ways.add(folder);
  }
  return {
    has: (path) => {
      if (ends.size === 0) return false;
      for (let at = path; at !== ''; at = parentOf(at)) if (ends.has(at)) return true;
      return false;
    },
    leadsTo: (path) => ways.has(path),
  };
}
