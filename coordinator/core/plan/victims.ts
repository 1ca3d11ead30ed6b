import { matches } from '../../../shared/core/selector.js';
import type { Amount } from '../../../shared/model/application.js';
import type { NodeName } from '../../../shared/model/ids.js';
import type { Selector } from '../../../shared/model/selector.js';
import { atLeast } from '../rollout/amounts.js';
import type { PlanNode } from '../rollout/types/plan.js';

/** Which nodes something is supposed of. */
export type Victims =
  | { readonly kind: 'selector'; readonly selector: Selector }
  | { readonly kind: 'amount'; readonly amount: Amount };

/** The nodes meant; a number or a share of them is spread evenly over their names, so that it is always the same ones. */
export function victimsOf(victims: Victims, nodes: readonly PlanNode[]): readonly NodeName[] {
  switch (victims.kind) {
    case 'selector':
      return nodes.filter((node) => matches(victims.selector, node)).map(({ name }) => name);
    case 'amount': {
      const names = nodes.map(({ name }) => name).sort();
      const count = atLeast(victims.amount, names.length);
      const picked = Array.from({ length: count }, (_, at) =>
        names.at(Math.floor(((at + 0.5) * names.length) / count)),
      );
      return picked.filter((name) => name !== undefined);
    }
  }
}
