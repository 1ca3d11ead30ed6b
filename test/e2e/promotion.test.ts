import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { create } from 'tar';
import { eventually } from '../support/eventually.js';
import type { Fleet } from '../support/fleet.js';
import { tempDir } from '../support/temp-dir.js';
import { writeTinyApp } from '../support/tiny-app.js';
import { fleetOf, succeed } from './scene.js';
import type { StatusJson } from './shapes.js';

const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: staging
      selector: zone=a
      strategy: { health: { minHealthyTime: 200ms, deadline: 20s } }
      autoDeploy: { checks: [unit-tests] }
    - name: production
      selector: zone=b
      strategy: { health: { minHealthyTime: 200ms, deadline: 20s } }
      promotion: { from: staging, bake: 1s, checks: [smoke], approvals: 1 }
`;

const build = (version: string): string => `apiVersion: capstan/v1
kind: Build
app: web
version: ${version}
source: web-${version}.tar.gz
checks: { unit-tests: passed }
reason: build 231
`;

/** What CI leaves behind: an archive that is written slowly, and beside it what it is. */
async function drop(folder: string, version: string): Promise<void> {
  const tree = join(await tempDir(), version);
  await writeTinyApp(tree, { version });
  const whole = `${tree}.tar.gz`;
  await create({ gzip: true, cwd: tree, file: whole }, ['.']);
  await writeFile(join(folder, `web-${version}.build.yml`), build(version));
  const bytes = await readFile(whole);
  const target = join(folder, `web-${version}.tar.gz`);
  await appendFile(target, bytes.subarray(0, bytes.length / 2));
  await appendFile(target, bytes.subarray(bytes.length / 2));
}

const version = async (fleet: Fleet, env: string): Promise<string | null | undefined> => {
  const status = await fleet.json<readonly StatusJson[]>(['status', 'web']);
  return status.find((environment) => environment.env === env)?.version;
};

describe('one build from CI to production', function () {
  this.timeout(90_000);

  it('is dropped as a file, reaches staging by itself, and production when it is let in', async () => {
    const drops = await tempDir();
    const fleet = await fleetOf(2, { zones: ['a', 'b'], coordinatorArgs: ['--drop-dir', drops] });
    const file = join(fleet.dir, 'web.yml');
    await writeFile(file, spec);
    await succeed(fleet, 'apply', '-f', file);
    await drop(drops, '1.0.0');
    await eventually(async () => (await version(fleet, 'staging')) === '1.0.0', {
      ...{ timeoutMs: 40_000, everyMs: 250, what: '1.0.0 in staging' },
    });

    const deploy = ['deploy', 'web@1.0.0', '--env', 'production', '--wait', '--timeout', '30s'];
    const refused = await fleet.capstan(deploy);
    expect(refused.code).to.equal(4);
    expect(refused.stderr).to.contain('check smoke was not recorded; it has 0 of 1 approval');
    const early = await fleet.capstan(['promote', 'web@1.0.0', '--to', 'production']);
    expect(early.code).to.equal(4);
    await succeed(fleet, 'check', 'record', 'web@1.0.0', 'smoke', '--passed');
    await succeed(fleet, 'approve', 'web@1.0.0', '--to', 'production', '--reason', 'seen it');
    await eventually(() => succeed(fleet, 'promote', 'web@1.0.0', '--to', 'production'));
    await succeed(fleet, ...deploy);

    // The same build: the node in production has what was proven in staging, to the byte.
    const shown = await fleet.json<{ readonly digest: string; readonly environments: readonly string[] }>([
      ...['release', 'show', 'web@1.0.0'],
    ]);
    expect(shown.environments).to.deep.equal(['staging', 'production']);
    const left: unknown = JSON.parse(await readFile(join(drops, 'web-1.0.0.published.json'), 'utf8'));
    expect(left).to.deep.include({ app: 'web', version: '1.0.0', digest: shown.digest });
    await succeed(
      fleet,
      'check',
      'record',
      'web@1.0.0',
      'smoke',
      '--failed',
      '--reason',
      'it was the wrong one',
    );
    expect((await fleet.capstan(deploy)).code).to.equal(4);
  });
});
