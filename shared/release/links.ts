import { parentOf } from './path-rules.js';

/** What path resolution needs to know of a tree: the target of a symbolic link at a path, if there is one. */
type LinkTargets = ReadonlyMap<string, string>;

/** As in Linux: more links on the way than this and the kernel gives up, so nothing is reached. */
const maxLinks = 40;

/**
 * True if following the symbolic link would leave the tree at any moment. Other links on the way are followed, since
 * the text alone does not tell: `b -> a/..` leaves the tree if `a` is a link to `.`. What does not exist, or loops,
 * leads nowhere and is harmless.
 */
export function leavesTree(link: string, links: LinkTargets): boolean {
  let at = parentOf(link);
  let followed = 1;
  const rest = (links.get(link) ?? '').split('/').reverse();
  for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (at === '') return true;
      at = parentOf(at);
      continue;
    }
    const next = at === '' ? name : `${at}/${name}`;
    const target = links.get(next);
    if (target === undefined) {
      at = next;
      continue;
    }
    if (target.startsWith('/')) return true;
    followed += 1;
    if (followed > maxLinks) return false;
    rest.push(...target.split('/').reverse());
  }
  return false;
}
