import { matches } from '../../shared/core/selector.js';
import type { ApplicationSpec, EnvironmentSpec } from '../../shared/model/application.js';
import type { AppName, EnvName, NodeName } from '../../shared/model/ids.js';
import type { Labels } from '../../shared/model/labels.js';

/** Which environment of an application a node belongs to. */
export type Membership =
  | { readonly kind: 'none' }
  | { readonly kind: 'member'; readonly environment: EnvironmentSpec }
  /** More than one selects it: it holds what it has. */
  | { readonly kind: 'overlap'; readonly environments: readonly EnvironmentSpec[] };

export interface LabelledNode {
  readonly name: NodeName;
  readonly labels: Labels;
}

export interface Overlap {
  readonly app: AppName;
  readonly node: NodeName;
  readonly environments: readonly EnvName[];
}

export function membershipOf(application: ApplicationSpec, labels: Labels): Membership {
  const environments = application.environments.filter(({ selector }) => matches(selector, labels));
  const [environment] = environments;
  if (environment === undefined) return { kind: 'none' };
  return environments.length === 1 ? { kind: 'member', environment } : { kind: 'overlap', environments };
}

/** The nodes that belong to this environment and to no other of the application. */
export function membersOf<N extends LabelledNode>(
  application: ApplicationSpec,
  environment: EnvName,
  nodes: Iterable<N>,
): readonly N[] {
  return [...nodes].filter((node) => {
    const membership = membershipOf(application, node.labels);
    return membership.kind === 'member' && membership.environment.name === environment;
  });
}

/** Nodes that more than one environment of the application selects: refused at apply (hawkbit#863). */
export function overlapsOf(application: ApplicationSpec, nodes: Iterable<LabelledNode>): readonly Overlap[] {
  const overlaps: Overlap[] = [];
  for (const { name, labels } of nodes) {
    const membership = membershipOf(application, labels);
    if (membership.kind === 'overlap') {
      const environments = membership.environments.map((environment) => environment.name);
      overlaps.push({ app: application.name, node: name, environments });
    }
  }
  return overlaps;
}
