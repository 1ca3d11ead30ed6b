import { randomBytes } from 'node:crypto';
import { createReadStream, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CapstanError } from '../../../shared/model/errors.js';

const pieceBytes = 256 * 1024;

/** Those that a coordinator was killed over. */
export function removeLeftCopies(dir: string): void {
  for (const name of readdirSync(dir)) {
    if (/^copy\.[0-9a-f]{12}\.tmp/.test(name)) rmSync(join(dir, name), { force: true });
  }
}

/** Copies of the database that is being served, for backups. */
export class DatabaseCopies {
  readonly #copyTo: (path: string) => Promise<void>;
  readonly #dir: string;
  #busy = false;

  /** @param dir where a copy lies while it is read */
  constructor(copyTo: (path: string) => Promise<void>, dir: string) {
    this.#copyTo = copyTo;
    this.#dir = dir;
  }

  /**
   * As it is at one instant, in pieces.
   * @throws CapstanError `unavailable` while somebody else is given one
   */
  async *read(): AsyncGenerator<Uint8Array> {
    if (this.#busy) {
      throw new CapstanError('unavailable', 'Another backup is being taken.', { retryAfterMs: 2000 });
    }
    this.#busy = true;
    const file = join(this.#dir, `copy.${randomBytes(6).toString('hex')}.tmp`);
    try {
      await this.#copyTo(file);
      for await (const piece of createReadStream(file, { highWaterMark: pieceBytes })) yield piece as Buffer;
    } finally {
      await rm(file, { force: true });
      this.#busy = false;
    }
  }
}
