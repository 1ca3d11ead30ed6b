import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createStager } from '../../../agent/io/stager-client.js';
import { readReleaseRecord } from '../../../agent/stager/record.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { getText } from '../../../shared/distribution/text-object.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { hexOf } from '../../../shared/release/digest.js';
import { parseLayout } from '../../../shared/release/layout.js';
import { lyingStore } from '../../support/lying-store.js';
import { noise, randomFrom } from '../../support/noise.js';
import { publish, readTree, stageJob } from '../../support/releases.js';
import { stagerBundle } from '../../support/stager-bundle.js';
import { tempDir } from '../../support/temp-dir.js';

/** How often to kill: a couple of dozen times by default. */
const kills = Number(process.env['CAPSTAN_KILLS'] ?? 24);
const connections = 4;

describe('a stager that is killed', function () {
  this.timeout(60_000 + kills * 3000);

  // teleport#42163: a truncated install was certified as whole.
  it(`${kills} times at random instants goes on where it was, and moves less than a frame per connection twice`, async () => {
    const seed = Date.now() % 1_000_000;
    const random = randomFrom(seed);
    const dir = await tempDir();
    const source = join(dir, 'source');
    await mkdir(join(source, 'small'), { recursive: true });
    for (let n = 0; n < 200; n++) await writeFile(join(source, 'small', String(n)), noise(n, 20_000));
    await writeFile(join(source, 'large'), noise(1000, 10_000_000));
    const directory = directoryStore(join(dir, 'store'));
    const ref = await publish(source, directory);
    const key = { kind: 'layouts', hex: hexOf(ref.layout.digest) } as const;
    const { text, compressed } = await getText(directory, key, ref.layout.size);
    const maxFrame = Math.max(...parseLayout(text).frames.map(({ length }) => length));
    const wanted = await readTree(source);

    const counted = join(dir, 'received');
    const [node = '', bundle = ''] = await stagerBundle();
    const preload = fileURLToPath(new URL('../../support/count-received.cjs', import.meta.url));
    const stager = createStager(['env', `CAPSTAN_COUNT_FILE=${counted}`, node, '--require', preload, bundle]);
    let killAfter = Number.POSITIVE_INFINITY;
    let stop = new AbortController();
    const store = await lyingStore(join(dir, 'store'), ({ response, object, from, to, ranged }) => {
      response.writeHead(ranged ? 206 : 200, {
        'content-length': to - from,
        'accept-ranges': 'bytes',
        ...(ranged ? { 'content-range': `bytes ${from}-${to - 1}/${object.length}` } : {}),
      });
      const pour = (at: number): void => {
        const piece = object.subarray(at, Math.min(to, at + 64 * 1024));
        killAfter -= piece.length;
        if (killAfter <= 0) stop.abort();
        if (response.destroyed) return;
        if (piece.length === 0) response.end();
        else response.write(piece, () => pour(at + piece.length));
      };
      pour(from);
    });
    const { kind, ...job } = stageJob(dir, ref, [store.url]);
    expect(kind).to.equal('stage');

    /** Some before, most in the middle, and some after all bytes have come. */
    const attempt = async (kill: boolean): Promise<boolean> => {
      stop = new AbortController();
      killAfter = kill && random() < 0.7 ? random() * 0.6 * ref.packSize : Number.POSITIVE_INFINITY;
      const late = kill ? setTimeout(() => stop.abort(), 50 + random() * 1000) : undefined;
      try {
        await stager.stage(job, { signal: stop.signal });
        return true;
      } catch (error) {
        expect(CapstanError.from(error).code, `seed ${seed}`).to.equal('cancelled');
        return false;
      } finally {
        clearTimeout(late);
      }
    };

    for (let left = kills; left > 0; ) {
      await writeFile(counted, '');
      let killed = 0;
      while (!(await attempt(left > 0))) {
        killed += 1;
        left -= 1;
        const there = await readdir(dirname(job.releaseDir)).catch(() => []);
        // Whole under its final name, or not there at all.
        if (there.length > 0) expect(await readTree(job.releaseDir), `seed ${seed}`).to.deep.equal(wanted);
      }
      if (killed === 0) left -= 1; // it was faster than its killer
      expect(existsSync(job.releaseDir) && (await readReleaseRecord(job.recordFile)) !== undefined).to.equal(
        true,
      );
      expect(await readTree(job.releaseDir), `seed ${seed}`).to.deep.equal(wanted);
      expect(await readdir(job.stagingDir), `seed ${seed}`).to.deep.equal([]);
      const lines = (await readFile(counted, 'utf8')).split('\n');
      const received = lines.reduce((sum, line) => sum + Number(line), 0);
      const once = ref.packSize + ref.manifestSize + compressed.length;
      const twice = killed * connections * maxFrame;
      expect(received, `seed ${seed}, killed ${killed} times`).to.be.at.most(once + twice);
      await rm(job.releaseDir, { recursive: true });
      await rm(dirname(job.recordFile), { recursive: true });
    }
  });
});
