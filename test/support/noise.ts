/** Numbers in [0, 1) that look random and are the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Bytes that do not compress, and are the same for the same seed. */
export function noise(seed: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0, x = seed + 1; at + 4 <= size; at += 4) {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE((x ^ (x >>> 15)) >>> 0, at);
  }
  return bytes;
}
