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

/** The nodes that belong to this environment and to no other of the application. */
export function membersOf<N extends NamedNode>(
  application: ApplicationSpec,
  environment: EnvName,
  nodes: Iterable<N>,
): readonly N[] {
  return [...nodes].filter((node) => {
    const membership = membershipOf(application, node);
    return membership.kind === 'member' && membership.environment.name === environment;
  });
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
    hint: 'To let this server join again, stop its agent, remove the file "instance" of its state directory and start it.',
  });
