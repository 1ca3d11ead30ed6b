import type { AppName, EnvName, NodeName } from '../../../shared/model/ids.js';
import { indexMembers, type MemberIndex, placeMember } from '../../core/membership.js';
import { attributedOf, isMemberCandidate, type NodeEntry, type World } from '../world.js';

/** Made when first asked for, and then kept: only a node whose labels or facts change is judged by the selectors again. */
function memberIndex(world: World, app: AppName): MemberIndex | undefined {
  const known = world.members.get(app);
  if (known !== undefined) return known;
  const application = world.applications.get(app);
  if (application === undefined) return undefined;
  const nodes = [...world.nodes.values()].filter(isMemberCandidate).map(({ record }) => attributedOf(record));
  const index = indexMembers(application.spec, nodes);
  world.members.set(app, index);
  return index;
}

/** The environment of the application that the node belongs to. */
export const environmentOf = (world: World, app: AppName, node: NodeName): EnvName | undefined =>
  memberIndex(world, app)?.ofNode.get(node);

/** The nodes that belong to this environment and to no other of the application. */
export function memberEntries(world: World, app: AppName, env: EnvName): readonly NodeEntry[] {
  const members = memberIndex(world, app)?.ofEnvironment.get(env) ?? [];
  return [...members].flatMap((name) => world.nodes.get(name) ?? []);
}

/**
 * Puts a node where it belongs by what it is now.
 * @returns where it belonged before
 */
export function placeNode(world: World, app: AppName, entry: NodeEntry): EnvName | undefined {
  const index = memberIndex(world, app);
  const spec = world.applications.get(app)?.spec;
  if (index === undefined || spec === undefined) return undefined;
  const { record } = entry;
  const node = isMemberCandidate(entry) ? attributedOf(record) : undefined;
  return placeMember(index, spec, record.name, node).before;
}
