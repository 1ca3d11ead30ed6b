import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createGunzip } from 'node:zlib';
import { CapstanError } from '../model/errors.js';
import { maxLayoutBytes } from '../release/layout.js';
import { type ContentKey, type ObjectKey, objectPath } from './object-key.js';

/**
 * Checks, while the bytes of an object pass by, that they are what the object is named after: the bytes themselves
 * for a pack, what unpacks from them for a manifest or layout. A delta or patch is checked by who uses it, an asset by who
 * sends it.
 */
interface DigestCheck {
  write(chunk: Buffer): Promise<void>;
  /** @throws CapstanError `corrupt` */
  end(): Promise<void>;
  /** Frees what an abandoned check holds. */
  abandon(): void;
}

export function digestCheck(key: ObjectKey): DigestCheck {
  if ('from' in key || key.kind === 'assets') return noCheck;
  return key.kind === 'packs' ? plainCheck(key) : gzipCheck(key);
}

const noCheck: DigestCheck = {
  write: () => Promise.resolve(),
  end: () => Promise.resolve(),
  abandon: () => undefined,
};

function plainCheck(key: ContentKey): DigestCheck {
  const hash = createHash('sha256');
  return {
    write(chunk) {
      hash.update(chunk);
      return Promise.resolve();
    },
    end() {
      return hash.digest('hex') === key.hex ? Promise.resolve() : Promise.reject(wrongDigest(key));
    },
    abandon: () => undefined,
  };
}

function gzipCheck(key: ContentKey): DigestCheck {
  const hash = createHash('sha256');
  const gunzip = createGunzip();
  let size = 0;
  let failure: Error | undefined;
  gunzip.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxLayoutBytes)
      gunzip.destroy(new Error('it unpacks to more than any manifest or layout has'));
    else hash.update(chunk);
  });
  gunzip.on('error', (error) => {
    failure = error;
  });
  const fail = (): CapstanError =>
    new CapstanError('corrupt', `what was sent as ${objectPath(key)} is not sound gzip`, { cause: failure });
  return {
    async write(chunk) {
      if (failure !== undefined || gunzip.destroyed) throw fail();
      if (!gunzip.write(chunk))
        await Promise.race([once(gunzip, 'drain'), once(gunzip, 'close')]).catch(() => undefined);
    },
    async end() {
      const closed = once(gunzip, 'close').catch(() => undefined);
      if (!gunzip.destroyed) gunzip.end();
      if (!gunzip.closed) await closed;
      if (failure !== undefined) throw fail();
      if (hash.digest('hex') !== key.hex) throw wrongDigest(key);
    },
    abandon: () => void gunzip.destroy(),
  };
}

const wrongDigest = (key: ObjectKey): CapstanError =>
  new CapstanError('corrupt', `what was sent as ${objectPath(key)} has another digest`);
