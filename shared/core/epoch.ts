import type { Epoch, Generation, RestoreId } from '../model/ids.js';

/** 2025-01-01T00:00:00Z, in seconds since 1970: no coordinator was restored before. */
const originS = 1_735_689_600;

/**
 * How many generations lie between those of two epochs that begin a second apart: more than any coordinator gives in a
 * second, so that numbers alone say which epoch is the later one. With 31 bits for the seconds they are exact until 2093.
 */
const generationsPerSecond = 2 ** 22;

/** The last that has generations which are exact. */
export const lastEpoch: Epoch = originS + 2 ** 31 - 1;

/**
 * The epoch that a restore begins: later than the one that the backup knows of, and by the clock later than every one that began
 * since the backup was taken, of which nobody may know any more.
 * @param before the greatest that is known of
 * @param now milliseconds since 1970
 */
export const epochAfter = (before: Epoch, now: number): Epoch =>
  Math.max(before + 1, Math.floor(now / 1000), originS + 1);

/** The least generation of an epoch: above all of those before. */
export const firstGeneration = (epoch: Epoch): Generation =>
  epoch === 0 ? 1 : (epoch - originS) * generationsPerSecond;

/** `the epoch of 2026-11-22T03:00:00Z`: an epoch is called after when it began. */
export const epochText = (epoch: Epoch): string =>
  epoch === 0
    ? 'the first epoch'
    : `the epoch of ${new Date(epoch * 1000).toISOString().replace('.000Z', 'Z')}`;

/** Both are known, so that whoever names one of them is not the coordinator that named the other. */
export const areOfTwoRestores = (one: RestoreId = '', other: RestoreId = ''): boolean =>
  one !== '' && other !== '' && one !== other;
