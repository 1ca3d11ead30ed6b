import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile, syncFile } from './replace-file.js';

/**
 * Which unit keeps an application's service, and what was written to the host for it: `keeper.json` in the service's
 * folder. It is on disk before any of that is done, and names whatever may run. Without it, the shim keeps the service.
 */
export interface UnitRecord {
  readonly unit: string;
  /** Made by the agent with systemd-run; else the host has it, or the release brought it. */
  readonly transient: boolean;
  /** The directory of the release that it was started for; '' once it was stopped. */
  readonly dir: string;
  /** The boot in which systemd has taken the order to start it; '' if it has not yet. */
  readonly bootId: string;
  /** Its control group, by which it is known to run before systemd has been asked; '' if not known. */
  readonly cgroup: string;
  /** Digest of the values that it was given. */
  readonly values: string;
  /** Files that were written for it below systemd's own folder. Absolute paths. */
  readonly wrote: readonly string[];
}

const fileOf = (folder: string): string => join(folder, 'keeper.json');

export function readUnitRecord(folder: string): UnitRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(fileOf(folder), 'utf8'));
  } catch {
    // It is replaced as a whole: what cannot be read was never written.
    return undefined;
  }
  return isUnitRecord(value) ? value : undefined;
}

const texts = ['unit', 'dir', 'bootId', 'cgroup', 'values'] as const;

function isUnitRecord(value: unknown): value is UnitRecord {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const wrote = fields.get('wrote');
  return (
    texts.every((name) => typeof fields.get(name) === 'string') &&
    typeof fields.get('transient') === 'boolean' &&
    Array.isArray(wrote) &&
    wrote.every((path) => typeof path === 'string')
  );
}

/** Replaces it as a whole, without waiting for the disk. */
export const writeUnitRecord = (folder: string, record: UnitRecord): void => {
  replaceFile(fileOf(folder), JSON.stringify(record));
};

/** Puts it on disk for good. */
export const syncUnitRecord = (folder: string): Promise<void> => syncFile(fileOf(folder));

export const removeUnitRecord = (folder: string): void => {
  rmSync(fileOf(folder), { force: true });
};
