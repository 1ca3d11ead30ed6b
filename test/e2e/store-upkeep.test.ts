import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Outcome, capstan as run } from '../support/capstan.js';
import { startProgram } from '../support/processes.js';
import { s3Env, startS3Stub } from '../support/s3-stub.js';
import { tempDir } from '../support/temp-dir.js';

/** Worth a patch where a little is added to it. */
const noise = randomBytes(200_000);

interface Coordinator {
  /** Base URL that agents get. */
  readonly store: string;
  /** In this process: what is tried here is the coordinator's part. */
  readonly capstan: (...args: readonly string[]) => Promise<Outcome>;
  /** Publishes a tree with this text as `web@VERSION`. */
  readonly publish: (version: string, text?: string, ...more: readonly string[]) => Promise<Outcome>;
}

const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - { name: production, selector: "env=production" }
`;

async function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Coordinator> {
  const dir = await tempDir();
  const listen = ['--agent-listen', '--operator-listen', '--http-listen'].flatMap((flag) => [
    flag,
    '127.0.0.1:0',
  ]);
  const program = startProgram(
    'capstan-coordinator',
    ['--insecure-loopback', '--data-dir', join(dir, 'data'), ...listen, ...args],
    { env },
  );
  const line = await program.waitFor('listening');
  const capstan = (...words: readonly string[]): Promise<Outcome> =>
    run(words, { address: String(line['operator']), env, home: dir });
  const file = join(dir, 'web.yml');
  await writeFile(file, spec);
  expect((await capstan('apply', '-f', file)).code).to.equal(0);
  return {
    store: String(line['store']),
    capstan,
    async publish(version, text = version, ...more) {
      const tree = await tempDir();
      await writeFile(join(tree, 'index.html'), text);
      await writeFile(join(tree, 'large.txt'), `${text}\n`.repeat(50_000));
      await writeFile(join(tree, 'noise.bin'), Buffer.concat([noise, Buffer.from(text)]));
      return capstan('publish', tree, '--app', 'web', '--version', version, ...more);
    },
  };
}

const json = (finished: Outcome): unknown => {
  expect(finished.stderr).to.not.contain('capstan:');
  return JSON.parse(finished.stdout);
};

describe('the store of a coordinator', function () {
  this.timeout(60_000);

  it('gives up old releases, collects what they had, and takes them back when they are published again', async () => {
    const { capstan, publish } = await start(['--keep-releases', '2']);
    for (const version of ['1.0.0', '1.0.1', '1.0.2', '1.0.3'])
      expect((await publish(version)).code).to.equal(0);
    const dry = json(await capstan('store', 'gc', '--grace', '0s', '--dry-run', '--output', 'json'));
    expect(dry).to.deep.include({ dryRun: true, retired: ['web@1.0.0', 'web@1.0.1'] });
    const report = json(await capstan('store', 'gc', '--grace', '0s', '--output', 'json'));
    expect(report).to.have.nested.property('removed.byKind.packs.objects').that.is.greaterThan(0);
    expect(report).to.have.nested.property('young.objects', 0);
    expect((await capstan('store', 'gc', '--dry-run')).stdout).to.match(/^Would give up no release\.\n/);
    const verified = json(await capstan('store', 'verify', '--output', 'json'));
    expect(verified).to.deep.include({ releases: 2, problems: [] });
    const refused = await capstan('deploy', 'web@1.0.0', '--env', 'production', '--allow-empty');
    expect(refused.code).to.equal(4);
    expect(refused.stderr).to.match(/was given up on .*: the store no longer has all of it/);
    expect((await capstan('release', 'list', 'web')).stdout).to.match(/1\.0\.0 .*given up/);
    const exported = await capstan('release', 'export', 'web@1.0.0', '-');
    expect(exported.code).to.equal(4);
    expect(exported.stderr).to.match(/web@1\.0\.0 was given up on .*: the store no longer has all of it/);
    // A version never comes to mean another content, and the same content comes back.
    expect((await publish('1.0.0', 'other')).code).to.equal(4);
    expect((await publish('1.0.0')).code).to.equal(0);
    expect(json(await capstan('store', 'verify', '--output', 'json'))).to.deep.include({
      releases: 3,
      problems: [],
    });
    expect((await capstan('deploy', 'web@1.0.0', '--env', 'production', '--allow-empty')).code).to.equal(0);
  });

  it('keeps what an environment asked for last, however old', async () => {
    const { capstan, publish } = await start(['--keep-releases', '1']);
    await publish('1.0.0');
    expect((await capstan('deploy', 'web@1.0.0', '--env', 'production', '--allow-empty')).code).to.equal(0);
    await publish('1.0.1');
    await publish('1.0.2');
    const report = json(await capstan('store', 'gc', '--grace', '0s', '--output', 'json'));
    expect(report).to.deep.include({ retired: ['web@1.0.1'] });
  });

  it('is verified with an exit code, and names the releases that a fault hits', async () => {
    const dir = await tempDir();
    const { capstan, publish } = await start(['--store', `file:${dir}`]);
    await publish('1.0.0');
    const [manifest] = await readdir(join(dir, 'manifests'));
    await writeFile(join(dir, 'manifests', manifest ?? ''), 'rubbish');
    const text = await capstan('store', 'verify');
    expect(text.code).to.equal(1);
    expect(text.stdout).to.contain(
      `fault: manifests/${manifest} does not hold what it is named by (needed by web@1.0.0)`,
    );
    const problems = JSON.parse((await capstan('store', 'verify', '--output', 'json')).stdout) as object;
    expect(problems).to.have.nested.property('problems[0].releases').that.deep.equals(['web@1.0.0']);
  });

  it('may be in S3: publishers write there themselves, with credentials of their own', async () => {
    const stub = await startS3Stub();
    const { capstan, publish, store } = await start(['--store', stub.url, '--keep-releases', '1'], s3Env);
    expect(store).to.equal(stub.url);
    expect((await publish('1.0.0')).code).to.equal(0);
    expect((await publish('1.0.1')).code).to.equal(0);
    expect([...stub.objects.keys()].every((key) => key.startsWith('fleet/'))).to.equal(true);
    const before = stub.objects.size;
    const report = json(await capstan('store', 'gc', '--grace', '0s', '--output', 'json'));
    expect(report).to.deep.include({ retired: ['web@1.0.0'] });
    expect(stub.objects.size).to.be.lessThan(before);
    expect(json(await capstan('store', 'verify', '--output', 'json'))).to.deep.include({
      releases: 1,
      problems: [],
    });
    const tar = await capstan('release', 'export', 'web@1.0.1', '-');
    expect(tar.stdout).to.contain('index.html');
  });

  it('may be one that the coordinator has no credentials for: it is said whose are missing', async () => {
    const stub = await startS3Stub();
    const { capstan } = await start(['--store', stub.url]);
    for (const job of ['verify', 'gc']) {
      const { code, stderr } = await capstan('store', job);
      expect(code, stderr).to.equal(4);
      expect(stderr).to.match(
        /the coordinator cannot use its store: .*\nwhere the coordinator runs: there are no/,
      );
    }
  });

  it('may be a web server, which takes nothing in: that is said', async () => {
    const dir = await tempDir();
    const behind = await start(['--store', `file:${dir}`]);
    const { capstan, publish, store } = await start(['--store', behind.store]);
    expect(store).to.equal(behind.store);
    const refused = await publish('1.0.0');
    expect(refused.code).to.equal(4);
    expect(refused.stderr).to.contain('web server, which takes nothing in').and.contain('--store file:/path');
    expect((await publish('1.0.0', '1.0.0', '--store', `file:${dir}`)).code).to.equal(0);
    expect((await capstan('store', 'verify')).code).to.equal(0);
    const collected = await capstan('store', 'gc');
    expect(collected.code).to.equal(4);
    expect(collected.stderr).to.contain('can only be read');
  });

  it('gets back what it lost when the same is published again under the same version', async () => {
    const dir = await tempDir();
    const { capstan, publish } = await start(['--store', `file:${dir}`]);
    await publish('1.0.0');
    await publish('1.0.1');
    for (const lost of [['layouts', 'packs', 'deltas', 'patches'], ['manifests']]) {
      for (const folder of lost) await rm(join(dir, folder), { recursive: true, force: true });
      expect((await publish('1.0.1', 'other')).code).to.equal(4);
      for (const version of ['1.0.0', '1.0.1']) {
        const { code, stdout, stderr } = await publish(version);
        expect(code, stderr).to.equal(0);
        if (version === '1.0.1') expect(stdout).to.match(/published already.*the store has all of it again/);
      }
      expect(json(await capstan('store', 'verify', '--output', 'json')), lost.join()).to.deep.include({
        releases: 2,
        problems: [],
      });
    }
    expect((await publish('1.0.1')).stdout).to.contain('nothing was changed');
    expect((await capstan('deploy', 'web@1.0.1', '--env', 'production', '--allow-empty')).code).to.equal(0);
  });

  it('may lose what a release was once compared to', async () => {
    const { capstan, publish } = await start(['--keep-releases', '1']);
    await publish('1.0.0');
    await publish('1.0.1');
    const collected = json(await capstan('store', 'gc', '--grace', '0s', '--output', 'json'));
    expect(collected).to.deep.include({ retired: ['web@1.0.0'] });
    const again = await publish('1.0.1');
    expect(again.code, again.stderr).to.equal(0);
    expect(again.stdout).to.contain('nothing was changed');
    expect(again.stderr).to.not.contain('lost something');
  });

  it('is named beside the other one when a release was sent elsewhere', async () => {
    const { publish, store } = await start([]);
    const elsewhere = `file:${await tempDir()}`;
    const { code, stderr } = await publish('1.0.0', '1.0.0', '--store', elsewhere);
    expect(code).to.equal(5);
    expect(stderr).to.contain(`It was sent to ${elsewhere}, but the coordinator's store is ${store}`);
  });
});

describe('what publish tells', function () {
  this.timeout(60_000);

  it('names the patch, the URLs of assets, and an application that was likely meant', async () => {
    const { capstan, publish } = await start(['--assets-store', `file:${await tempDir()}`]);
    await publish('1.0.0', 'one');
    const second = await publish('1.0.1', 'two');
    expect(second.stdout).to.match(/, patch from 1\.0\.0: [\d.]+ (K?B)\.\n$/);
    expect(second.stderr).to.not.contain('There is no application');
    const third = JSON.parse((await publish('1.0.2', 'three', '--output', 'json')).stdout) as object;
    expect(third).to.include({ patchFrom: '1.0.1' }).and.have.property('patchBytes').that.is.greaterThan(0);
    const none = await publish('1.0.3', 'four', '--no-patches', '--output', 'json');
    expect(JSON.parse(none.stdout)).to.not.have.any.keys('patchFrom', 'patchBytes');

    const tree = await tempDir();
    await mkdir(join(tree, 'public'));
    await writeFile(join(tree, 'public', 'a.js'), 'a');
    await writeFile(
      join(tree, 'capstan.yml'),
      'apiVersion: capstan/v1\nkind: Release\nassets: { dirs: [public] }\n',
    );
    const typo = await capstan('publish', tree, '--app', 'wep', '--version', '1.0.0');
    expect(typo.code, typo.stderr).to.equal(0);
    expect(typo.stderr).to.contain('There is no application "wep" yet; there is "web".');
    expect(typo.stdout).to.match(/^assets public: http:\/\/\S+\/assets\/[0-9a-f]{64}$/m);
    const again = await capstan('publish', tree, '--app', 'wep', '--version', '1.0.0', '--output', 'json');
    expect(JSON.parse(again.stdout)).to.have.nested.property('assets.public');
  });

  it('that a release brings its database along, and that nothing goes back past that', async () => {
    const { capstan } = await start([]);
    const tree = await tempDir();
    await mkdir(join(tree, 'bin'));
    await writeFile(join(tree, 'bin', 'migrate'), '#!/bin/sh\n', { mode: 0o755 });
    const step = '{ run: [bin/migrate, --secret], timeout: 30m, reversible: false }';
    const spec = `apiVersion: capstan/v1\nkind: Release\ndatabase: ${step}\n`;
    await writeFile(join(tree, 'capstan.yml'), spec);
    const { code, stderr } = await capstan('publish', tree, '--app', 'web', '--version', '1.0.0');
    expect(code, stderr).to.equal(0);
    const shown = await capstan('release', 'show', 'web@1.0.0');
    expect(shown.stdout).to.match(
      /^database +a step that one node runs first, within 30m; nothing goes back past it$/m,
    );
    const { stdout } = await capstan('release', 'show', 'web@1.0.0', '--output', 'json');
    expect(JSON.parse(stdout)).to.deep.include({ database: { reversible: false, timeoutMs: 1_800_000 } });
    expect(stdout, 'what it runs is the release’s own').to.not.contain('secret');
  });
});
