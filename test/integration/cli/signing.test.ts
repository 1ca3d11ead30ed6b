import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { shortKeyId } from '../../../shared/core/envelope.js';
import type { AppName, Digest, PublicKey, ReleaseVersion } from '../../../shared/model/ids.js';
import { refusalOf } from '../../../shared/signing/verify.js';
import { capstan } from '../../support/capstan.js';
import { tempDir } from '../../support/temp-dir.js';
import { recordedCoordinator } from './recorded-coordinator.js';

interface KeyJson {
  readonly file: string;
  readonly keyId: string;
  readonly publicKey: PublicKey;
}

async function keyIn(file: string): Promise<KeyJson> {
  const { code, stdout, stderr } = await capstan(['key', 'generate', file, '--output', 'json']);
  expect(code, stderr).to.equal(0);
  return JSON.parse(stdout) as KeyJson;
}

describe('capstan, signing', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await tempDir();
  });

  it('key generate makes a key that only its owner can read, and shows the public one; show does so again', async () => {
    const file = join(dir, 'release.key');
    const made = await keyIn(file);
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(await readFile(file, 'utf8')).to.match(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(made.publicKey).to.match(/^ed25519:[A-Za-z0-9+/]{43}=$/);
    const shown = await capstan(['key', 'show', file]);
    expect(shown).to.include({
      code: 0,
      stdout: `${made.publicKey}\n`,
      stderr: `key ${shortKeyId(made.keyId)} in ${file}\n`,
    });
    await chmod(file, 0o644);
    expect((await capstan(['key', 'show', file])).stderr).to.match(/warning: others can read .*release\.key/);
  });

  it('never replaces a key, and says what is wrong with a file that is none', async () => {
    const file = join(dir, 'release.key');
    await keyIn(file);
    const before = await readFile(file, 'utf8');
    const again = await capstan(['key', 'generate', file]);
    expect([again.code, again.stderr]).to.deep.equal([
      4,
      `capstan: ${file} is there already.\nGive another name; \`capstan key show\` says what it is.\n`,
    ]);
    expect(await readFile(file, 'utf8')).to.equal(before);
    const missing = await capstan(['key', 'show', join(dir, 'none')]);
    expect([missing.code, missing.stderr]).to.deep.equal([
      2,
      `capstan: The key ${dir}/none cannot be read (ENOENT).\nName the file of a private key; \`capstan key generate FILE\` makes one.\n`,
    ]);
    await writeFile(join(dir, 'text'), 'no key', { mode: 0o600 });
    expect((await capstan(['key', 'show', join(dir, 'text')])).stderr).to.match(
      /There is no private key in .*text/,
    );
    expect((await capstan(['key', 'generate', join(dir, 'no', 'x.key')])).code).to.equal(2);
  });

  it('key rotate makes the next one, and says which lines go where, in which order', async () => {
    const old = await keyIn(join(dir, 'old.key'));
    const { code, stdout } = await capstan(['key', 'rotate', join(dir, 'old.key'), join(dir, 'new.key')]);
    expect(code).to.equal(0);
    const shown = await capstan(['key', 'show', join(dir, 'new.key'), '--output', 'json']);
    const { publicKey } = JSON.parse(shown.stdout) as KeyJson;
    expect(publicKey).to.not.equal(old.publicKey);
    const steps = stdout.split('\n').filter((line) => /^\d\.|^ {5}/.test(line));
    expect(steps[0]).to.match(/^1\. On every node, add this line under trust\.keys/);
    expect(steps[1]).to.equal(`     - ${publicKey}`);
    expect(steps[3]).to.contain(`--key ${join(dir, 'new.key')}`);
    expect(steps[5]).to.equal(`     - ${old.publicKey}`);
    expect(stdout).to.not.contain('PRIVATE');
  });

  const release = (envelope: unknown) => ({
    app: 'web',
    release: { version: '1.4.0', digest: `sha256:${'ab'.repeat(32)}`, envelope },
  });

  it('release sign signs what the release is, and nothing else than --digest says', async () => {
    const key = await keyIn(join(dir, 'a.key'));
    const { address, requests } = await recordedCoordinator({
      unary: { GetRelease: () => release(''), SignRelease: ({ envelope }) => release(envelope) },
    });
    const argv = ['release', 'sign', 'web@1.4.0', '--key', join(dir, 'a.key')];
    const digest = `sha256:${'ab'.repeat(32)}` as Digest;
    const { code, stdout, stderr } = await capstan([...argv, '--digest', digest], { address });
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.contain(`signed     by key ${shortKeyId(key.keyId)}\n`);
    const sent = requests.at(-1)?.request;
    expect(sent).to.include({ app: 'web', version: '1.4.0' });
    const claim = { app: 'web' as AppName, version: '1.4.0' as ReleaseVersion, digest };
    const rules = { trust: { keys: [key.publicKey], threshold: 1 } };
    expect(refusalOf({ ...claim, envelope: String(sent?.['envelope']) }, rules)).to.equal('');

    const told = await capstan(argv, { address });
    expect(told.stderr).to.equal(
      `signing ${digest}, which the coordinator says is web@1.4.0: --digest makes sure of it\n`,
    );
    const before = requests.length;
    const other = await capstan([...argv, '--digest', `sha256:${'cd'.repeat(32)}`], { address });
    expect(other.code).to.equal(4);
    expect(other.stderr).to.contain(`web@1.4.0 is other content: ${digest}. Nothing was signed.`);
    expect(requests.slice(before).map(({ method }) => method)).to.deep.equal(['GetRelease']);
    expect((await capstan(['release', 'sign', 'web@1.4.0'], { address })).stderr).to.match(
      /^capstan: No key is given/,
    );
    expect((await capstan([...argv, '--digest', 'abc'], { address })).code).to.equal(2);
  });

  it('publish signs with each key that is named, or that the environment names', async () => {
    const [one, two] = [await keyIn(join(dir, '1.key')), await keyIn(join(dir, '2.key'))];
    const store = `file:${join(dir, 'store')}`;
    const { address, requests } = await recordedCoordinator({
      unary: {
        BeginPublish: () => ({ uploadUrl: store }),
        ClaimObjects: () => ({}),
        RegisterRelease: (request) => ({
          release: { app: 'web', release: request['release'] },
          existed: false,
        }),
      },
    });
    await mkdir(join(dir, 'tree'));
    await writeFile(join(dir, 'tree', 'index.html'), 'hello\n');
    const argv = [
      'publish',
      join(dir, 'tree'),
      '--app',
      'web',
      '--version',
      '1.4.0',
      '--output',
      'json',
      '--quiet',
    ];
    const signers = async (more: readonly string[], env: Readonly<Record<string, string>> = {}) => {
      const { code, stdout, stderr } = await capstan([...argv, ...more], { address, env });
      expect(code, stderr).to.equal(0);
      return (JSON.parse(stdout) as { readonly signedBy: readonly string[] }).signedBy;
    };
    expect(await signers([])).to.deep.equal([]);
    const [first, second] = [join(dir, '1.key'), join(dir, '2.key')];
    expect(await signers(['--sign-key', first, '--sign-key', second])).to.deep.equal([one.keyId, two.keyId]);
    expect(await signers(['--key', first])).to.deep.equal([one.keyId]);
    expect(await signers([], { CAPSTAN_SIGN_KEY_FILE: `${first},${second}` })).to.deep.equal([
      one.keyId,
      two.keyId,
    ]);
    expect(await signers(['--sign-key', second], { CAPSTAN_SIGN_KEY_FILE: first })).to.deep.equal([
      two.keyId,
    ]);
    const before = requests.length;
    const missing = await capstan([...argv, '--sign-key', join(dir, 'none')], { address });
    expect(missing.code).to.equal(2);
    expect(requests.slice(before), 'it is told before anything is done').to.deep.equal([]);
  });
});
