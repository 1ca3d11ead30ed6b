import { listenHint } from '../../shared/io/listen-failure.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { Address } from '../../shared/settings/kinds.js';
import { addressText } from '../../shared/settings/kinds.js';
import { type CoordinatorSettings, hostFor } from '../config.js';

/** Says what is to be done when the coordinator ends, the last one first. */
export type AtEnd = (close: () => Promise<void> | void) => void;

/** Where it listens: as it was asked for, and, once it does, what it got for a port of 0. */
export interface Ports {
  agent: number;
  operator: number;
  http: number;
}

/** How others reach a port that is listened at. */
export const reachedAt = (settings: CoordinatorSettings, listen: Address, port: number): string =>
  addressText({ host: hostFor(settings, listen), port });

/** Names the setting with which another address can be chosen. */
export async function listening<Server>(flag: string, starting: Promise<Server>): Promise<Server> {
  try {
    return await starting;
  } catch (thrown) {
    const { code, message } = CapstanError.from(thrown);
    throw new CapstanError(code, message, { hint: listenHint(flag), cause: thrown });
  }
}
