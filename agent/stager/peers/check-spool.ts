import { readdirSync } from 'node:fs';
import { isHex } from '../../../shared/release/digest.js';
import type { SpoolJob, SpoolResult } from '../protocol.js';
import { checkSpooled, removeSpooled, type SpooledPack } from './spool-files.js';

/** Looks through a spool: reads every byte back, and removes packs of which nothing is sound, or that are too old. */
export function checkSpool({ spoolDir: dir, oldestAt }: SpoolJob): SpoolResult {
  const names = new Set(namesIn(dir).map((name) => name.replace(/\.(?:pack|index)$/, '')));
  const packs: SpooledPack[] = [];
  for (const hex of names) {
    if (!isHex(hex)) continue;
    const pack = checkSpooled(dir, hex);
    if (pack === undefined || pack.addedAt < oldestAt) removeSpooled(dir, hex);
    else packs.push(pack);
  }
  return { kind: 'result', job: 'spool', packs };
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return []; // nothing was ever fetched
  }
}
