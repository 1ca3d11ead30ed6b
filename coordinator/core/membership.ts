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

export declare function membershipOf(application: ApplicationSpec, labels: Labels): Membership;
/** The nodes that belong to this environment and to no other of the application. */
export declare function membersOf<N extends LabelledNode>(
  application: ApplicationSpec,
  environment: EnvName,
  nodes: Iterable<N>,
): readonly N[];
/** Nodes that more than one environment of the application selects: refused at apply. */
export declare function overlapsOf(
  application: ApplicationSpec,
  nodes: Iterable<LabelledNode>,
): readonly Overlap[];
