import { CapstanError } from '../../../shared/model/errors.js';
import type { EnvName } from '../../../shared/model/ids.js';
import type { Labels } from '../../../shared/model/labels.js';
import { membershipOf } from '../../core/membership.js';
import type { World } from '../world.js';

interface Placed {
  readonly labels: Labels;
  /** The one name that its environments may have; undefined: any. */
  readonly env: EnvName | undefined;
}

/**
 * A token for one environment gives no way into another, whatever the selectors of applications say by now.
 * @throws CapstanError `refused` if nodes with these labels belong to an environment of another name
 */
export function requirePlace({ applications }: World, { labels, env }: Placed): void {
  if (env === undefined) return;
  for (const { spec } of applications.values()) {
    const membership = membershipOf(spec, { labels, facts: undefined });
    const places =
      membership.kind === 'none'
        ? []
        : membership.kind === 'member'
          ? [membership.environment]
          : membership.environments;
    const other = places.find(({ name }) => name !== env);
    if (other === undefined) continue;
    throw new CapstanError(
      'refused',
      `The token is for ${env}, and its labels make a node one of ${spec.name}/${other.name}.`,
      { hint: 'Make a token with other labels, or one for that environment.' },
    );
  }
}
