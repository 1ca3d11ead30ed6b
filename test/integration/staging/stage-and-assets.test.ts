import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Fleet, type FleetOptions, startFleet } from '../../support/fleet.js';
import { tempDir } from '../../support/temp-dir.js';
import { writeTinyApp } from '../../support/tiny-app.js';

interface StatusJson {
  readonly version: string;
  readonly versions: Readonly<Record<string, number>>;
  readonly nodes: { readonly healthy: number };
}

interface ReleaseJson {
  readonly assets?: Readonly<Record<string, string>>;
}

async function fleetOf(nodes: number, options: Partial<FleetOptions> = {}): Promise<Fleet> {
  const fleet = await startFleet({ dir: await tempDir(), nodes, ...options });
  const spec = join(fleet.dir, 'web.yml');
  await writeFile(
    spec,
    `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: role=web
      strategy: { type: live, maxUnavailable: 100%, health: { minHealthyTime: 100ms, deadline: 30s } }
`,
  );
  await succeed(fleet, 'apply', '-f', spec);
  return fleet;
}

async function succeed(fleet: Fleet, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await fleet.capstan(args);
  expect(code, `capstan ${args.join(' ')}:\n${stderr}${stdout}`).to.equal(0);
  return stdout;
}

const deploy = (fleet: Fleet, version: string): Promise<string> =>
  succeed(fleet, 'deploy', `web@${version}`, '--env', 'production', '--wait');

const publish = (fleet: Fleet, dir: string, version: string): Promise<string> =>
  succeed(fleet, 'publish', dir, '--app', 'web', '--version', version);

describe('capstan stage, with real agents', function () {
  this.timeout(120_000);

  it('brings a release onto the disks while the old one runs; the deploy then fetches nothing', async () => {
    const fleet = await fleetOf(2);
    for (const version of ['1.0.0', '2.0.0']) {
      const dir = join(fleet.dir, version);
      await writeTinyApp(dir, { version });
      await publish(fleet, dir, version);
    }
    await deploy(fleet, '1.0.0');
    const told = await succeed(fleet, 'stage', 'web@2.0.0', '--env', 'production', '--wait');
    expect(told).to.contain('staged on 2 of 2 nodes');
    const [status] = await fleet.json<readonly StatusJson[]>(['status', 'web']);
    expect(status).to.deep.include({ version: '1.0.0', versions: { '1.0.0': 2 } });
    expect(status?.nodes.healthy).to.equal(2);
    expect(await succeed(fleet, 'stage', 'web@2.0.0', '--env', 'production', '--wait')).to.contain(
      'every one of the 2 nodes has web 2.0.0 on disk',
    );

    // Nothing can be fetched any more.
    await rename(join(fleet.dir, 'coordinator', 'store'), join(fleet.dir, 'elsewhere'));
    await deploy(fleet, '2.0.0');
    const [after] = await fleet.json<readonly StatusJson[]>(['status', 'web']);
    expect(after?.versions).to.deep.equal({ '2.0.0': 2 });

    const unknown = await fleet.capstan(['stage', 'web@9.9.9', '--env', 'production']);
    expect([unknown.code, unknown.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 5 && text.includes('no release 9.9.9'),
    );
    await fleet.destroy();
  });
});

/** A release that answers the URL of its assets, with a folder of them. */
async function writeSite(dir: string, version: string, script: string): Promise<void> {
  await writeTinyApp(dir, { version, more: 'assets: { dirs: [public/build] }\n' });
  const server = await readFile(join(dir, 'server.js'), 'utf8');
  const page = "response.end(process.env.CAPSTAN_ASSETS_URL + ' ' + process.env.CAPSTAN_ASSETS_MAP)";
  await writeFile(join(dir, 'server.js'), server.replace(/else response\.end\([^)]*\)/, `else ${page}`));
  await mkdir(join(dir, 'public/build/[id]'), { recursive: true });
  await writeFile(join(dir, 'public/build/main.js'), script);
  await writeFile(join(dir, 'public/build/[id]/a b+c%#?.css'), 'body { color: navy }\n');
  await writeFile(join(dir, 'public/build/.well-known'), 'known\n');
}

describe('assets, with a real agent', function () {
  this.timeout(120_000);

  it('are public and immutable before a node runs their release, and stay as long as one may', async () => {
    const dir = await tempDir();
    const store = join(dir, 'public');
    const fleet = await fleetOf(1, {
      dir: join(dir, 'fleet'),
      coordinatorArgs: ['--assets-store', `file:${store}`, '--keep-releases', '1'],
    });
    const urls: string[] = [];
    for (const version of ['1.0.0', '2.0.0', '3.0.0']) {
      const site = join(dir, version);
      await writeSite(site, version, `console.log('${version}')\n`);
      await publish(fleet, site, version);
      const release = await fleet.json<ReleaseJson>(['release', 'show', `web@${version}`]);
      urls.push(release.assets?.['public/build'] ?? '');
      if (version === '2.0.0') continue;
      await expectAsset(`${urls.at(-1) ?? ''}/main.js`, 'text/javascript; charset=utf-8', version);
      await deploy(fleet, version);
      const [node] = fleet.nodes;
      const page = await (await fetch(`http://127.0.0.1:${node?.port ?? 0}/`)).text();
      const url = urls.at(-1) ?? '';
      expect(page).to.equal(`${url} ${JSON.stringify({ 'public/build': url })}`);
    }
    expect(urls[0]).to.match(/^http:\/\/127\.0\.0\.1:\d+\/public\/v1\/assets\/[0-9a-f]{64}$/);
    expect(new Set(urls).size, 'another content, another URL').to.equal(3);
    const odd = `${urls[0] ?? ''}/${encodeURIComponent('[id]')}/${encodeURIComponent('a b+c%#?.css')}`;
    await expectAsset(odd, 'text/css; charset=utf-8', 'navy');
    expect((await fetch(`${urls[0] ?? ''}/.well-known`)).status).to.equal(200);
    expect((await fetch(`${urls[0] ?? ''}/nothing.js`)).status).to.equal(404);
    expect((await fetch(`${urls[0] ?? ''}/main.js`, { method: 'PUT', body: 'x' })).status).to.be.oneOf([
      401, 415,
    ]);

    // The same folder again in another release is the same URL, and nothing is sent.
    const again = join(dir, '4.0.0');
    await writeSite(again, '4.0.0', `console.log('3.0.0')\n`);
    await publish(fleet, again, '4.0.0');
    const same = await fleet.json<ReleaseJson>(['release', 'show', 'web@4.0.0']);
    expect(same.assets?.['public/build']).to.equal(urls[2]);

    await succeed(fleet, 'store', 'gc', '--grace', '24h');
    await expectAsset(`${urls[1] ?? ''}/main.js`, 'text/javascript; charset=utf-8', '2.0.0');
    await succeed(fleet, 'store', 'gc', '--grace', '0s');
    const left = await Promise.all(urls.map(async (url) => (await fetch(`${url}/main.js`)).status));
    expect(left, 'what a rollback goes to, never deployed, live').to.deep.equal([200, 404, 200]);
    await fleet.destroy();
  });

  it('are refused with a sentence where there is no store for them', async () => {
    const fleet = await fleetOf(0);
    const site = join(fleet.dir, 'site');
    await writeSite(site, '1.0.0', '');
    const args = ['publish', site, '--app', 'web', '--version', '1.0.0'];
    const none = await fleet.capstan(args);
    expect(none.code).to.equal(4);
    expect(none.stderr).to.contain('The release has assets, and the coordinator has no store for them.');
    expect(none.stderr).to.contain('--assets-store');
    await fleet.destroy();
  });
});

async function expectAsset(url: string, type: string, content: string): Promise<void> {
  const answer = await fetch(url);
  expect(answer.status, url).to.equal(200);
  expect(answer.headers.get('content-type')).to.equal(type);
  expect(answer.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
  expect(answer.headers.get('access-control-allow-origin')).to.equal('*');
  expect(await answer.text()).to.contain(content);
}
