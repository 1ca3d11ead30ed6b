import { CapstanError } from '../model/errors.js';
import { parentOf } from './path-rules.js';

/** What path resolution needs to know of a tree: the target of a symbolic link at a path, if there is one. */
type LinkTargets = ReadonlyMap<string, string>;

/** As in Linux: more links on the way than this and the kernel gives up, so nothing is reached. */
const maxLinks = 40;
/** Names on the way of all links together; each may have many, so that few lines could keep a processor busy for hours. */
const maxSteps = (links: LinkTargets): number => 1_000_000 + 40 * links.size;

/** Judges the symbolic links of a tree, all of them with a bounded number of steps. */
export function linkJudge(links: LinkTargets): LinkJudge {
  let steps = maxSteps(links);
  const step = (): void => {
    steps -= 1;
    if (steps < 0) {
      throw new CapstanError(
        'invalid',
        'the symbolic links of the release lead through too many other links',
        {
          hint: 'let them point at what they mean, not at each other',
        },
      );
    }
  };
  return { leavesTree: (link) => leavesTree(link, links, step) };
}

export interface LinkJudge {
  /**
   * True if following the symbolic link would leave the tree at any moment.
   * @throws CapstanError `invalid` if it takes too long to find out
   */
  leavesTree(link: string): boolean;
}

/**
 * True if following the symbolic link would leave the tree at any moment. Other links on the way are followed, since
 * the text alone does not tell: `b -> a/..` leaves the tree if `a` is a link to `.`. What does not exist, or loops,
 * leads nowhere and is harmless.
 */
function leavesTree(link: string, links: LinkTargets, step: () => void): boolean {
  let at = parentOf(link);
  let followed = 1;
  const rest = (links.get(link) ?? '').split('/').reverse();
  for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
    step();
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
