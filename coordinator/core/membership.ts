import { type Attributed, isFactKey } from '../../shared/core/attributes.js';
import { matches } from '../../shared/core/selector.js';
import type { ApplicationSpec, EnvironmentSpec } from '../../shared/model/application.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { AppName, EnvName, NodeName } from '../../shared/model/ids.js';

/** Which environment of an application a node belongs to. */
export type Membership =
  | { readonly kind: 'none' }
  | { readonly kind: 'member'; readonly environment: EnvironmentSpec }
  /** More than one selects it: it holds what it has. */
  | { readonly kind: 'overlap'; readonly environments: readonly EnvironmentSpec[] };

export interface NamedNode extends Attributed {
  readonly name: NodeName;
}

export interface Overlap {
  readonly app: AppName;
  readonly node: NodeName;
  readonly environments: readonly EnvName[];
}

export function membershipOf(application: ApplicationSpec, node: Attributed): Membership {
  const environments = application.environments.filter(({ selector }) => matches(selector, node));
  const [environment] = environments;
  if (environment === undefined) return { kind: 'none' };
  return environments.length === 1 ? { kind: 'member', environment } : { kind: 'overlap', environments };
}

/** Environments that may be the node's once it tells its facts: by its labels it belongs to them. */
export function awaitingFacts(application: ApplicationSpec, node: Attributed): readonly EnvName[] {
  if (node.facts !== undefined) return [];
  return application.environments.flatMap(({ name, selector }) => {
    const ofLabels = selector.requirements.filter(({ key }) => !isFactKey(key));
    const goesByFacts = ofLabels.length < selector.requirements.length;
    return goesByFacts && matches({ ...selector, requirements: ofLabels }, node) ? [name] : [];
  });
}

/**
 * Who belongs to which environment of an application, and to no other of it; kept as nodes come, go and change. Another
 * spec takes another index.
 */
export interface MemberIndex {
  readonly ofNode: Map<NodeName, EnvName>;
  readonly ofEnvironment: Map<EnvName, Set<NodeName>>;
}

export function indexMembers(application: ApplicationSpec, nodes: Iterable<NamedNode>): MemberIndex {
  const index: MemberIndex = { ofNode: new Map(), ofEnvironment: new Map() };
  for (const node of nodes) placeMember(index, application, node.name, node);
  return index;
}

/**
 * Puts a node where it belongs now.
 * @param node undefined: it is gone
 * @returns where it belonged before, and where it does now
 */
export function placeMember(
  { ofNode, ofEnvironment }: MemberIndex,
  application: ApplicationSpec,
  name: NodeName,
  node: Attributed | undefined,
): { readonly before: EnvName | undefined; readonly after: EnvName | undefined } {
  const membership = node === undefined ? undefined : membershipOf(application, node);
  const before = ofNode.get(name);
  const after = membership?.kind === 'member' ? membership.environment.name : undefined;
  if (before === after) return { before, after };
  if (before !== undefined) ofEnvironment.get(before)?.delete(name);
  if (after === undefined) {
    ofNode.delete(name);
    return { before, after };
  }
  ofNode.set(name, after);
  const members = ofEnvironment.get(after);
  if (members === undefined) ofEnvironment.set(after, new Set([name]));
  else members.add(name);
  return { before, after };
}

/** Nodes that more than one environment of the application selects: refused at apply (hawkbit#863). */
export function overlapsOf(application: ApplicationSpec, nodes: Iterable<NamedNode>): readonly Overlap[] {
  const overlaps: Overlap[] = [];
  for (const node of nodes) {
    const { name } = node;
    const membership = membershipOf(application, node);
    if (membership.kind === 'overlap') {
      const environments = membership.environments.map((environment) => environment.name);
      overlaps.push({ app: application.name, node: name, environments });
    }
  }
  return overlaps;
}

/** What its agent is told. Another installation may have the name; all else that the agent knows still holds then. */
export const decommissioned = (node: NodeName): CapstanError =>
  new CapstanError('refused', `The node ${node} was decommissioned.`, {
    hint: 'To let this server join again, stop its agent, run `capstan-agent enrol --again` with a new token (under --insecure-loopback: remove the file "instance" of its state directory), and start it.',
  });
