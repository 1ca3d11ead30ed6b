import type { Origin } from '../../shared/model/application.js';

/**
 * The stores for a node, best first: those of its own zone, those of none, those of other zones, and last the one that
 * everybody has. Within each group as they were written.
 * @returns base URLs, each once; none if there are no origins: then what everybody has does
 */
export function storesForZone(
  origins: readonly Origin[],
  zone: string | undefined,
  everybodys: readonly string[],
): readonly string[] {
  if (origins.length === 0) return [];
  const near = origins.filter((origin) => origin.zone !== undefined && origin.zone === zone);
  const anywhere = origins.filter((origin) => origin.zone === undefined);
  const far = origins.filter((origin) => origin.zone !== undefined && origin.zone !== zone);
  return [...new Set([...[...near, ...anywhere, ...far].map(({ url }) => url), ...everybodys])];
}
