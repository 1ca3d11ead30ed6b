import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { type ObjectKey, objectPath } from '../../../shared/distribution/object-key.js';
import { openManagedStore, openStore } from '../../../shared/distribution/open-store.js';
import { s3Client } from '../../../shared/distribution/s3-client.js';
import { parseS3Url } from '../../../shared/distribution/s3-location.js';
import { bufferSource } from '../../../shared/distribution/store.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { sha256 } from '../../../shared/release/digest.js';
import { skipLoudly } from '../../support/installed.js';
import { hasSwift, type Swift, startSwift, swiftHint } from '../../support/swift/swift.js';
import { expectWholeCycle } from './cycle.js';

const packOf = (bytes: Buffer): ObjectKey => ({ kind: 'packs', hex: sha256(bytes) });

async function failure(work: Promise<unknown>): Promise<CapstanError> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => CapstanError.from(error),
  );
}

describe('OpenStack Swift as a store, through its S3 interface', function () {
  this.timeout(120_000);
  let swift: Swift;

  before(async function () {
    if (!(await hasSwift())) skipLoudly(this, swiftHint);
    swift = await startSwift();
  });

  it('publishes in parts, stages, verifies, collects', async () => {
    const { url, env } = swift;
    await expectWholeCycle(openManagedStore(url, { env }), [url], env);
  });

  it('refuses a wrong secret and an unknown key', async () => {
    const { url, env } = swift;
    for (const wrong of [
      { ...env, AWS_SECRET_ACCESS_KEY: 'wrong' },
      { ...env, AWS_ACCESS_KEY_ID: 'capstan:nobody' },
    ]) {
      const store = openManagedStore(url, { env: wrong });
      const bytes = randomBytes(10);
      for (const work of [
        () => store.has(packOf(bytes)),
        () => store.get(packOf(bytes), 10),
        () => store.put(packOf(bytes), bufferSource(bytes)),
        () => store.remove(packOf(bytes)),
      ]) {
        const error = await failure(work());
        expect(error).to.include({ code: 'refused' });
        expect(error.hint).to.be.a('string');
      }
    }
  });

  it('refuses a request of another time', async () => {
    const { url, env, endpoint } = swift;
    const client = s3Client(parseS3Url(url), env, 1);
    const date = new Date(Date.now() - 3_600_000).toISOString().replace(/[:-]|\.\d{3}/g, '');
    const headers = { 'x-amz-date': date };
    const error = await failure(client.call({ method: 'GET', url: `${endpoint}/releases/x`, headers }));
    expect(error).to.include({ code: 'refused' });
    expect(error.message).to.contain("this machine's clock is");
  });

  it('names a bucket that is not there', async () => {
    const store = openStore(swift.url.replace('releases', 'missing'), { env: swift.env });
    const error = await failure(store.get(packOf(Buffer.from('x')), 10));
    expect(error).to.include({
      code: 'refused',
      message: `there is no bucket "missing" at ${swift.endpoint}`,
    });
  });

  it('takes well that another publisher was faster, and leaves no parts behind', async () => {
    const { url, env } = swift;
    const bytes = randomBytes(17 * 1024 * 1024);
    const [one, two] = [openManagedStore(url, { env }), openManagedStore(url, { env })];
    await Promise.all([one, two].map((store) => store.put(packOf(bytes), bufferSource(bytes))));
    expect((await one.get(packOf(bytes), bytes.length)).equals(bytes)).to.equal(true);
    expect(await one.sweep(Date.now() + 60_000)).to.equal(0);
  });

  it('lets unfinished uploads be swept', async () => {
    const { url, env, endpoint } = swift;
    const client = s3Client(parseS3Url(url), env, 1);
    const object = `${endpoint}/releases/fleet/${objectPath(packOf(randomBytes(8)))}`;
    await client.call({ method: 'POST', url: `${object}?uploads=` });
    const store = openManagedStore(url, { env });
    expect(await store.sweep(Date.now() - 3_600_000)).to.equal(0);
    expect(await store.sweep(Date.now() + 3_600_000)).to.equal(1);
    expect(await store.sweep(Date.now() + 3_600_000)).to.equal(0);
  });
});
