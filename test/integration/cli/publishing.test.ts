import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { startHttpServer } from '../../../coordinator/io/http/server.js';
import { createUploadTickets } from '../../../coordinator/io/http/upload-tickets.js';
import { capstan } from '../../support/capstan.js';
import { cleanUp } from '../../support/cleanup.js';
import { tempDir } from '../../support/temp-dir.js';
import { recordedCoordinator } from './recorded-coordinator.js';

describe('capstan, publishing', () => {
  it('publish sends a release to a store, and exporting gives the same tree back', async () => {
    const dir = await tempDir();
    await mkdir(join(dir, 'tree'));
    await writeFile(join(dir, 'tree', 'index.html'), 'hello\n');
    const store = `file:${join(dir, 'store')}`;
    let registered: Readonly<Record<string, unknown>> | undefined;
    const coordinator = await recordedCoordinator({
      unary: {
        BeginPublish: () => ({ uploadUrl: store, existingDigest: registered?.['digest'] ?? '' }),
        ClaimObjects: () => ({}),
        RegisterRelease: ({ release }) => {
          registered = release as Readonly<Record<string, unknown>>;
          return { release: { app: 'web', release }, existed: false };
        },
        GetRelease: () => ({ app: 'web', release: registered, stores: [store] }),
      },
    });
    const { address } = coordinator;
    const argv = ['publish', join(dir, 'tree'), '--app', 'web', '--version', '1.4.0'];
    const published = await capstan(argv, { address });
    expect(published.code, published.stderr).to.equal(0);
    expect(published.stdout).to.match(/^Published web@1\.4\.0 sha256:[0-9a-f]{12}: 1 file, 6 B, .* sent in /);
    expect(published.stderr).to.match(/uploading/);

    const again = await capstan(argv, { address });
    expect(again.code).to.equal(0);
    expect(again.stdout).to.match(/published already with the same content/);

    const tar = join(dir, 'web.tar');
    expect((await capstan(['release', 'export', 'web@1.4.0', tar], { address })).code).to.equal(0);
    expect((await readFile(tar)).includes('hello\n')).to.equal(true);
    const astray = await capstan(['release', 'export', 'web@1.4.0', join(dir, 'no', 'x.tar')], { address });
    expect(astray.code).to.equal(2);
    expect(astray.stderr).to.match(/x\.tar cannot be written \(ENOENT\)\.\nName a file/);
    const piped = await capstan(['release', 'export', 'web@1.4.0', '-'], { address });
    expect(piped.stdout).to.equal((await readFile(tar)).toString());

    const stopped = await capstan(['release', 'export', 'web@1.4.0', tar], {
      address,
      interrupted: AbortSignal.abort(),
    });
    expect([stopped.code, stopped.stderr]).to.deep.equal([
      130,
      'capstan: The export was stopped; nothing was written.\n',
    ]);

    await writeFile(join(dir, 'tree', 'index.html'), 'changed\n');
    const before = coordinator.requests.length;
    const taken = await capstan(argv, { address });
    expect(taken.code).to.equal(4);
    expect(taken.stderr).to.match(/web@1\.4\.0 is published already with other content/);
    expect(coordinator.requests.slice(before).map(({ method }) => method)).to.deep.equal(['BeginPublish']);
  });

  it('publish refuses a capstan.yml that names what the release does not have', async () => {
    const dir = await tempDir();
    await writeFile(
      join(dir, 'capstan.yml'),
      'apiVersion: capstan/v1\nkind: Release\nhooks:\n  afterStart: { run: [bin/nothere] }\n',
    );
    const { address, requests } = await recordedCoordinator({
      unary: { BeginPublish: () => ({ uploadUrl: `file:${dir}/store` }) },
    });
    const argv = ['publish', dir, '--app', 'web', '--version', '1.4.0'];
    const { code, stderr } = await capstan(argv, { address });
    expect(stderr).to.include('capstan.yml:4:23: hooks.afterStart.run[0]: the release has no "bin/nothere".');
    expect(code).to.equal(2);
    expect(requests.map(({ method }) => method)).to.deep.equal(['BeginPublish']);
  });

  it('publish asks for another upload ticket where the first has ended, once', async () => {
    const dir = await tempDir();
    await mkdir(join(dir, 'tree'));
    // More than fits between a server that refuses it and who sends it.
    await writeFile(join(dir, 'tree', 'large'), randomBytes(20 * 1024 * 1024));
    await writeFile(
      join(dir, 'tree', 'capstan.yml'),
      'apiVersion: capstan/v1\nkind: Release\nassets: { dirs: [web] }\n',
    );
    await mkdir(join(dir, 'tree', 'web'));
    await writeFile(join(dir, 'tree', 'web', 'a.js'), 'a()');
    let hour = 0;
    const tickets = createUploadTickets({ secret: randomBytes(32), now: () => hour * 3_600_000 });
    const http = await startHttpServer({
      ...{ host: '127.0.0.1', port: 0, storeDir: join(dir, 'store'), assetsDir: join(dir, 'assets') },
      ...{ tickets, logger: { info: () => undefined, warn: () => undefined, error: () => undefined } },
    });
    cleanUp(() => http.close({ drainMs: 0 }));
    const origin = `http://127.0.0.1:${http.port}`;
    let good = true;
    const coordinator = await recordedCoordinator({
      unary: {
        BeginPublish() {
          const ticket = good ? tickets.issue() : 'none';
          return { uploadUrl: `${origin}/store/v1`, assetsUploadUrl: `${origin}/public/v1`, ticket };
        },
        ClaimObjects() {
          hour += 1;
          return {};
        },
        RegisterRelease: ({ release }) => ({ release: { app: 'web', release }, existed: false }),
      },
    });
    const { address } = coordinator;
    const publish = (version: string) =>
      capstan(['publish', join(dir, 'tree'), '--app', 'web', '--version', version], { address });
    const begun = (): number => coordinator.requests.filter(({ method }) => method === 'BeginPublish').length;
    const done = await publish('1.0.0');
    expect(done.code, done.stderr).to.equal(0);
    expect(begun(), 'at the beginning, for assets and for the rest').to.equal(3);
    good = false;
    await writeFile(join(dir, 'tree', 'large'), randomBytes(20 * 1024 * 1024));
    const refused = await publish('1.0.1');
    expect(refused.code).to.equal(4);
    expect(refused.stderr).to.contain('(status 401)');
    expect(begun()).to.equal(5);
  });

  it('Ctrl-C stops publishing and work on the store, says so and exits 130', async () => {
    const dir = await tempDir();
    await writeFile(join(dir, 'a'), 'hello');
    const store = `file:${join(dir, 'store')}`;
    const { address } = await recordedCoordinator({
      unary: { BeginPublish: () => ({ uploadUrl: store }) },
      streams: {
        async *VerifyStore() {
          yield await Promise.resolve({ phase: 'objects' });
        },
        async *CollectGarbage() {
          yield await Promise.resolve({ phase: 'objects' });
        },
      },
    });
    const interrupted = AbortSignal.abort();
    for (const [argv, says] of [
      [['publish', dir, '--app', 'web', '--version', '1'], /publish again to go on/],
      [['store', 'verify'], /It was stopped/],
      [['store', 'gc'], /It was stopped/],
    ] as const) {
      const { code, stderr } = await capstan(argv, { address, interrupted });
      expect(code, stderr).to.equal(130);
      expect(stderr).to.match(says);
    }
  });

  it('publish makes no store where there is none, and calls nobody for a slip', async () => {
    const dir = await tempDir();
    await writeFile(join(dir, 'a'), 'hello');
    const { address, requests } = await recordedCoordinator({ unary: {} });
    const missing = join(dir, 'no', 'store');
    for (const [store, says] of [
      ['file:store', /--store must be absolute, as in file:\/absolute\/path/],
      [`file:${missing}`, /--store: there is no directory .*leave --store out/s],
      ['https://h/x?token=hunter2', /--store must end with its path/],
      ['https://h/x', /--store: nothing is sent through a web server.*--store file:\/path/s],
    ] as const) {
      const argv = ['publish', dir, '--app', 'web', '--version', '1.4.0', '--store', store];
      const { code, stderr } = await capstan(argv, { address });
      expect(code, stderr).to.equal(2);
      expect(stderr).to.match(says).and.not.contain('hunter2');
    }
    expect(requests).to.deep.equal([]);
    expect(existsSync(join(dir, 'no'))).to.equal(false);
  });

  it('publish builds on the newest release, on another if told to, or on none', async () => {
    const dir = await tempDir();
    const store = `file:${join(dir, 'store')}`;
    const tree = join(dir, 'tree');
    await mkdir(tree);
    await writeFile(join(tree, 'same'), randomBytes(300_000));
    const releases = new Map<string, Readonly<Record<string, unknown>>>();
    const { address, requests } = await recordedCoordinator({
      unary: {
        BeginPublish: () => ({ uploadUrl: store, store, bases: [...releases.values()].slice(-1) }),
        ClaimObjects: () => ({}),
        RegisterRelease: ({ release }) => {
          const registered = release as Readonly<Record<string, unknown>>;
          releases.set(String(registered['version']), registered);
          return { release: { app: 'web', release: registered }, existed: false };
        },
        GetRelease: ({ version }) => ({
          app: 'web',
          release: releases.get(String(version)),
          stores: [store],
        }),
      },
    });
    const publish = async (version: string, ...more: readonly string[]) => {
      await writeFile(join(tree, 'changed'), version);
      const options = ['--app', 'web', '--version', version, '--output', 'json', ...more];
      const { code, stdout, stderr } = await capstan(['publish', tree, ...options], { address });
      expect(code, stderr).to.equal(0);
      const printed = JSON.parse(stdout) as Readonly<Record<string, number>>;
      const deltas = releases.get(version)?.['deltas'] as readonly Readonly<Record<string, unknown>>[];
      const from = deltas.map(
        (delta) => [...releases.values()].find(({ digest }) => digest === delta['from'])?.['version'],
      );
      return { newBytes: printed['newBytes'] ?? 0, reusedBytes: printed['reusedBytes'] ?? 0, from };
    };
    const first = await publish('1.0.0');
    expect(first.newBytes).to.be.above(300_000);
    expect(first.reusedBytes).to.equal(0);
    const second = await publish('2.0.0');
    expect(second.newBytes).to.be.below(1000);
    expect(second.reusedBytes).to.equal(first.newBytes);
    expect(second.from).to.deep.equal(['1.0.0']);
    expect((await publish('3.0.0', '--base', '1.0.0')).from).to.deep.equal(['1.0.0', '2.0.0']);
    const alone = await publish('4.0.0', '--base', 'none');
    expect(alone).to.deep.include({ reusedBytes: 0, from: [] });
    const claims = requests.filter(({ method }) => method === 'ClaimObjects');
    expect(claims.map(({ request }) => request)[0])
      .to.have.property('paths')
      .with.length(3);
  });

  it('publish refuses a wrong capstan.yml with its place, before anything is sent', async () => {
    const dir = await tempDir();
    await mkdir(join(dir, 'tree'));
    await writeFile(
      join(dir, 'tree', 'capstan.yml'),
      'apiVersion: capstan/v1\nkind: Release\nservice:\n  process: { comand: [a] }\n',
    );
    const coordinator = await recordedCoordinator({
      unary: { BeginPublish: () => ({ uploadUrl: `file:${join(dir, 'store')}` }) },
    });
    const { code, stderr } = await capstan(['publish', join(dir, 'tree'), '--app', 'web', '--version', '1'], {
      address: coordinator.address,
    });
    expect(code).to.equal(2);
    expect(stderr).to.match(/^capstan: capstan\.yml:4:14: .*unknown key "comand"; did you mean "command"\?/);
    expect(coordinator.requests.map(({ method }) => method)).to.deep.equal(['BeginPublish']);
  });
});
