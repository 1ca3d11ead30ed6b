import { readFileSync } from 'node:fs';
import { type Guard, parseAs } from '../../../shared/core/shapes.js';

/** What a file says as JSON; undefined if there is none, or it says something else. */
export function readAs<T>(guard: Guard<T>, path: string): T | undefined {
  try {
    return parseAs(guard, readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
