import type { StagerEvent } from './protocol.js';

const kinds: Readonly<Record<StagerEvent['kind'], true>> = {
  progress: true,
  note: true,
  findPeers: true,
  spooled: true,
  error: true,
  result: true,
};

/**
 * Reads a line that the child wrote; undefined if it is none of its events, as a line cut short by a kill. Both ends
 * are one package, so what a known kind holds is taken on trust; a schema here would cost the agent megabytes for good.
 */
export function readEvent(line: string): StagerEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEvent(value: unknown): value is StagerEvent {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  return typeof value.kind === 'string' && Object.hasOwn(kinds, value.kind);
}
