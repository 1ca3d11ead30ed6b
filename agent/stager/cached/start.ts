import { hash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { cacheFlag } from './places.js';

/** Of the text that was compiled, before what V8 wrote. */
const digestBytes = 32;

/**
 * Runs the stager beside this file with what was compiled of it when it was built, which is most of what a small job
 * would take otherwise. V8 takes none that another version of it has made, and looks no further than at the length of
 * the text: whether it is the same one is for us to know.
 * @param writeTo where to keep what is compiled by the end of this run; undefined: nowhere
 */
function start(folder: string, writeTo: string | undefined): void {
  const filename = join(folder, 'capstan-stager.cjs');
  const text = readFileSync(filename);
  const digest = Buffer.from(hash('sha256', text, 'hex'), 'hex');
  const cachedData = readCache(join(folder, 'capstan-stager.cache'), digest);
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${text.toString('latin1')}\n})`;
  const script = new Script(wrapped, { filename, ...(cachedData === undefined ? {} : { cachedData }) });
  if (writeTo !== undefined) {
    process.once('exit', () => {
      const draft = `${writeTo}.new`;
      // On disk before it has its name: V8 trusts all that comes after the first lines of it.
      writeFileSync(draft, Buffer.concat([digest, script.createCachedData()]), { flush: true });
      renameSync(draft, writeTo);
    });
  }
  const module = { exports: {} };
  const run = script.runInThisContext() as (...args: readonly unknown[]) => void;
  run(module.exports, createRequire(filename), module, filename, folder);
}

function readCache(path: string, digest: Buffer): Buffer | undefined {
  try {
    const kept = readFileSync(path);
    return kept.subarray(0, digestBytes).equals(digest) ? kept.subarray(digestBytes) : undefined;
  } catch {
    return undefined;
  }
}

start(__dirname, process.argv[2] === cacheFlag ? process.argv[3] : undefined);
