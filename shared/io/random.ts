import { randomBytes, randomFillSync } from 'node:crypto';
import type { Random } from '../ports/random.js';

const eachBytes = 6;
/** Drawn at once, since the way to the system's source costs far more than a number. */
const pool = Buffer.alloc(eachBytes * 128);
let used = pool.length;

export const systemRandom: Random = {
  next() {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const number = pool.readUIntBE(used, eachBytes) / 2 ** (8 * eachBytes);
    used += eachBytes;
    return number;
  },
  hex: (bytes) => randomBytes(bytes).toString('hex'),
};
