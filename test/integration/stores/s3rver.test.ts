import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import S3rver from 's3rver';
import { type ObjectKey, objectPath } from '../../../shared/distribution/object-key.js';
import { openManagedStore } from '../../../shared/distribution/open-store.js';
import { bufferSource, type ManagedStore } from '../../../shared/distribution/store.js';
import { sha256 } from '../../../shared/release/digest.js';
import { cleanUp } from '../../support/cleanup.js';
import { resolveLocalNames } from '../../support/local-names.js';
import { tempDir } from '../../support/temp-dir.js';

const packOf = (bytes: Buffer): ObjectKey => ({ kind: 'packs', hex: sha256(bytes) });

async function start(style: 'path' | 'virtual'): Promise<ManagedStore> {
  if (style === 'virtual') resolveLocalNames();
  const server = new S3rver({
    ...{ address: '127.0.0.1', port: 0, directory: await tempDir(), silent: true },
    ...{ vhostBuckets: style === 'virtual', serviceEndpoint: 'localhost' },
    configureBuckets: [{ name: 'releases', configs: [] }],
  });
  const { port } = await server.run();
  cleanUp(async () => {
    const closed = server.close();
    server.httpServer.closeAllConnections();
    await closed;
  });
  const env = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };
  const host = style === 'path' ? '127.0.0.1' : 's3.localhost';
  return openManagedStore(`s3://releases/a/b?endpoint=http://${host}:${port}&style=${style}`, { env });
}

describe('s3rver as a store', () => {
  for (const style of ['path', 'virtual'] as const) {
    it(`takes, gives back, lists and removes, in ${style} style`, async () => {
      const store = await start(style);
      const [large, small] = [randomBytes(17 * 1024 * 1024), randomBytes(100)];
      for (const bytes of [large, small]) {
        expect(await store.has(packOf(bytes))).to.equal(false);
        await store.put(packOf(bytes), bufferSource(bytes));
      }
      expect((await store.get(packOf(small), 100)).equals(small)).to.equal(true);
      const chunks: Buffer[] = [];
      const range = { offset: 9_000_000, length: 1_000_000, objectSize: large.length };
      for await (const chunk of store.getRange(packOf(large), range)) chunks.push(chunk);
      expect(Buffer.concat(chunks).equals(large.subarray(9_000_000, 10_000_000))).to.equal(true);
      const listed: string[] = [];
      for await (const { key } of store.list('packs')) listed.push(objectPath(key));
      expect(listed.sort()).to.deep.equal([large, small].map((bytes) => objectPath(packOf(bytes))).sort());
      await store.sweep(Date.now());
      await store.remove(packOf(large));
      expect(await store.has(packOf(large))).to.equal(false);
    });
  }
});
