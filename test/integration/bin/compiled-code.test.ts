import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheFlag } from '../../../agent/stager/cached/places.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import { cleanUp } from '../../support/cleanup.js';

const dist = join(packageRoot(), 'dist');
const digestOf = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
const keptFor = (cache: string): Buffer => readFileSync(cache).subarray(0, 32);

describe('what is compiled of the stager', function () {
  this.timeout(30_000);

  const said = 'is not JSON';
  const other = 'is no  JSON';

  /** The programs in a folder of their own, from which they find their packages. */
  function scene() {
    const parent = join(packageRoot(), 'node_modules/.cache');
    mkdirSync(parent, { recursive: true });
    const dir = mkdtempSync(join(parent, 'capstan-compiled-'));
    cleanUp(() => {
      rmSync(dir, { recursive: true });
    });
    const [bundle, cache] = [join(dir, 'capstan-stager.cjs'), join(dir, 'capstan-stager.cache')];
    const starter = join(dir, 'capstan-stager-start.cjs');
    copyFileSync(join(dist, 'capstan-stager.cjs'), bundle);
    copyFileSync(join(dist, 'capstan-stager-start.cjs'), starter);
    const run = (...args: readonly string[]): string =>
      spawnSync(process.execPath, [starter, ...args], { input: 'nonsense\n', encoding: 'utf8' }).stdout;
    const change = (): void => {
      writeFileSync(bundle, readFileSync(bundle, 'latin1').replaceAll(said, other), 'latin1');
    };
    return { bundle, cache, run, change };
  }

  it('is kept for the stager that was built', () => {
    const bundle = readFileSync(join(dist, 'capstan-stager.cjs'));
    expect(keptFor(join(dist, 'capstan-stager.cache')).equals(digestOf(bundle))).to.equal(true);
  });

  it('is run, and made where there is none', () => {
    const { bundle, cache, run, change } = scene();
    const original = readFileSync(bundle);
    change();
    expect(run(cacheFlag, cache)).to.include(other);
    expect(keptFor(cache).equals(digestOf(readFileSync(bundle)))).to.equal(true);
    // Passed off as compiled of the original, it is what runs.
    writeFileSync(cache, Buffer.concat([digestOf(original), readFileSync(cache).subarray(32)]));
    writeFileSync(bundle, original);
    expect(run()).to.include(other);
  });

  it('is not run if it was compiled of another text, even one of the same length, or is damaged', () => {
    const { cache, run, change } = scene();
    run(cacheFlag, cache);
    change();
    expect(run()).to.include(other);
    writeFileSync(cache, readFileSync(cache).subarray(0, 1000));
    expect(run()).to.include(other);
    writeFileSync(cache, '');
    expect(run()).to.include(other);
  });
});
