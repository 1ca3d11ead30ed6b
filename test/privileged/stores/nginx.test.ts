import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { openManagedStore, openStore } from '../../../shared/distribution/open-store.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { hexOf } from '../../../shared/release/digest.js';
import { skipLoudly } from '../../support/installed.js';
import { hasNginx, nginxHint, startNginx } from '../../support/nginx.js';
import { publish } from '../../support/releases.js';
import { tempDir } from '../../support/temp-dir.js';
import { expectStaged, expectWholeCycle, problemsIn, registered, sampleTree } from './cycle.js';

async function failure(work: Promise<unknown>): Promise<CapstanError> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => CapstanError.from(error),
  );
}

describe('nginx in front of a directory', function () {
  this.timeout(120_000);
  before(async function () {
    if (!(await hasNginx())) skipLoudly(this, nginxHint);
  });

  it('serves a whole cycle: at its root, below a path, through redirects, without ranges', async () => {
    const root = await tempDir();
    const base = await startNginx(`
      location / { root ${root}; }
      location /sub/path/ { alias ${root}/; }
      location /moved/ { rewrite ^/moved/(.*)$ /sub/path/$1 redirect; }
      location /whole/ { alias ${root}/; max_ranges 0; }`);
    const readers = ['', '/sub/path/', '/moved', '/whole'].map((path) => `${base}${path}`);
    await expectWholeCycle(directoryStore(root), readers);
  });

  it('is verified as far as releases lead, and cannot be collected', async () => {
    const root = await tempDir();
    const base = await startNginx(`location / { root ${root}; }`);
    const release = registered(await publish(await sampleTree('one', 2_000_000), directoryStore(root)));
    expect(await problemsIn(openStore(base), undefined, [release])).to.deep.equal([]);
    await directoryStore(root).remove({ kind: 'layouts', hex: hexOf(release.layout.digest) });
    const problems = await problemsIn(openStore(base), undefined, [release]);
    expect(problems.map(({ problem }) => problem)).to.deep.equal(['is missing']);
    expect(() => openManagedStore(base)).to.throw(CapstanError, /can only be read/);
  });

  for (const [what, location] of [
    ['a page with status 200', 'try_files $uri /index.html;'],
    ['a page of its own with status 200 for what is not there', 'error_page 404 =200 /index.html;'],
  ] as const) {
    it(`is not believed when it answers ${what}: another store is asked`, async () => {
      const root = await tempDir();
      const [site, source] = [await tempDir(), await sampleTree('one', 2_000_000)];
      await writeFile(
        join(site, 'index.html'),
        `<!doctype html><title>Welcome</title>${'<p>Hello</p>'.repeat(500)}`,
      );
      const page = await startNginx(`root ${site}; location / { ${location} }`);
      const good = await startNginx(`location / { root ${root}; }`);
      const ref = await publish(source, directoryStore(root));
      await expectStaged(source, ref, [page, good]);
      const key = { kind: 'manifests', hex: hexOf(ref.digest) } as const;
      expect((await failure(openStore(page).get(key, 1_000_000))).code).to.not.equal('internal');
    });
  }

  it('is asked over TLS with a certificate authority of one’s own (NODE_EXTRA_CA_CERTS)', async () => {
    const [root, dir] = [await tempDir(), await tempDir()];
    const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
    ];
    const names = ['-subj', '/CN=capstan', '-addext', 'subjectAltName=IP:127.0.0.1'];
    await promisify(execFile)('openssl', [...request, ...names, '-keyout', key, '-out', cert]);
    const base = await startNginx(`location / { root ${root}; }`, { cert, key });
    const ref = await publish(await sampleTree('one', 2_000_000), directoryStore(root));
    const manifest = { kind: 'manifests', hex: hexOf(ref.digest) } as const;
    const refused = await failure(openStore(base).get(manifest, 1_000_000));
    expect(refused).to.include({ code: 'unreachable' });
    expect(refused.message).to.match(/certificate/);
    // Node reads the variable when it starts, as an agent does.
    const probe = `import { openStore } from './shared/distribution/open-store.js';
      const bytes = await openStore('${base}').get(${JSON.stringify(manifest)}, 1e6); process.stdout.write(bytes.toString('hex'));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import=tsx', '--input-type=module', '--eval', probe],
      { cwd: packageRoot(), env: { ...process.env, NODE_EXTRA_CA_CERTS: cert } },
    );
    const stored = await readFile(join(root, 'manifests', manifest.hex));
    expect(stdout).to.equal(stored.toString('hex'));
  });
});
