import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { type Program, runProgram, startProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';
import { type Site, startSite } from './site.js';

const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: role=web
      strategy: { health: { minHealthyTime: 200ms, deadline: 10s } }
`;

describe('an agent that enrols', function () {
  this.timeout(60_000);

  const enrol = (site: Site, stateDir: string, token: string, ...more: readonly string[]) =>
    runProgram(
      'capstan-agent',
      [
        ...['enrol', '--coordinator', site.operators, '--pin', site.pin, '--token-file', '-'],
        ...['--state-dir', stateDir, '--name', 'web-a', ...more],
      ],
      { input: `${token}\n` },
    );

  const startAgent = (dir: string): Program =>
    startProgram('capstan-agent', [
      ...['--state-dir', join(dir, 'state'), '--root', join(dir, 'srv'), '--conf-dir', join(dir, 'conf.d')],
      ...[
        '--listen',
        '127.0.0.1:0',
        '--peer-listen',
        '0.0.0.0:0',
        '--peer-from-mb',
        '1MB',
        '--allow-unsigned',
      ],
    ]);

  const healthy = (site: Site, nodes: number) =>
    eventually(
      async () => {
        const { environments } = await site.operator.call('Status', { app: 'web' });
        return environments[0]?.healthy === nodes;
      },
      { what: 'the release to be live', timeoutMs: 30_000 },
    );

  it('takes a release over TLS from what CI dropped, and polls on while its certificate is renewed', async () => {
    const dir = await tempDir();
    const drops = join(dir, 'drops');
    await mkdir(join(drops, 'build'), { recursive: true });
    const site = await startSite(join(dir, 'coordinator'), [
      ...['--certificate-life', '12s', '--poll-hold', '40s', '--drop-dir', drops],
    ]);
    await writeFile(join(drops, 'build', 'capstan.yml'), 'apiVersion: capstan/v1\nkind: Release\n');
    await writeFile(join(drops, 'build', 'data'), randomBytes(1_500_000));
    const description = 'apiVersion: capstan/v1\nkind: Build\napp: web\nversion: "1"\nsource: build\n';
    await writeFile(join(drops, 'web-1.build.yml'), description);
    await site.operator.call('Apply', { files: [{ name: 'web.yml', text: spec }], idempotencyKey: 'a' });

    const state = join(dir, 'state');
    const token = await site.token({ labels: { role: 'web' }, uses: 2 });
    const enrolled = await enrol(site, state, token);
    expect(enrolled.stdout, enrolled.stderr).to.match(/^This server is the node web-a now\./);
    const file = join(state, 'identity.json');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    const first = await readFile(file, 'utf8');
    const again = await enrol(site, state, token);
    expect([again.code, again.stdout]).to.deep.equal([
      0,
      'This server is the node web-a already; --again would enrol it anew.\n',
    ]);

    const agent = startAgent(dir);
    await agent.waitFor('coordinator.connected');
    await site.program.waitFor('drop.published');
    await agent.waitFor('certificate.renewed', undefined, 30_000);
    expect(await readFile(file, 'utf8')).not.to.equal(first);
    // The poll that tells of it was held before, and what is reported goes over the new connection.
    await site.operator.call('Deploy', {
      ...{ app: 'web', version: '1', env: 'production', reason: 'test', idempotencyKey: 'd' },
    });
    await healthy(site, 1);
    const { serving } = await site.operator.call('GetNode', { name: 'web-a' });
    expect(serving?.url).to.match(/^https:\/\/127\.0\.0\.1:\d+$/);
    const troubles = agent.logs().filter(({ level }) => level !== 'info');
    expect(troubles.map(({ event }) => event)).to.deep.equal([]);

    // Another node has it from this one, which shows its renewed certificate by now.
    const other = join(dir, 'other');
    await enrol(site, join(other, 'state'), token, '--name', 'web-b');
    startAgent(other);
    await healthy(site, 2);
    const { apps } = await site.operator.call('GetNode', { name: 'web-b' });
    expect(apps[0]?.fetchedFrom.map(({ source }) => source)).to.include('peer web-a');

    await site.operator.call('DecommissionNode', { name: 'web-a', reason: 'test', idempotencyKey: 'e' });
    const refusal = await agent.waitFor('coordinator.refused');
    expect(refusal['message']).to.match(/^The node web-a was decommissioned/);
  });

  it('says what to do where it cannot start or enrol', async () => {
    const dir = await tempDir();
    const state = join(dir, 'state');
    const start = (...more: readonly string[]) =>
      runProgram('capstan-agent', ['--state-dir', state, '--conf-dir', join(dir, 'conf.d'), ...more]);
    const nameless = await start();
    expect(nameless.code).to.equal(2);
    expect(nameless.stderr).to.contain('This server is no node yet').and.to.contain('capstan-agent enrol');
    const site = await startSite(join(dir, 'coordinator'));
    const wrongPin = await enrol(site, state, await site.token(), '--pin', `sha256:${'0'.repeat(64)}`);
    expect(wrongPin.stderr).to.contain('is not the coordinator with the pin');
    const asNode = await enrol(site, state, await site.token(), '--coordinator', site.agents);
    expect([asNode.code, asNode.stderr]).to.satisfy(
      ([code, said]: [number, string]) =>
        code === 2 &&
        said.includes(`${site.agents} is the port`) &&
        said.includes('--coordinator 127.0.0.1:7601'),
    );
    const noToken = await enrol(site, state, 'hunter2');
    expect(noToken.code).to.equal(2);
    expect(noToken.stderr).to.contain('That is not a join token').and.not.to.contain('hunter2');
    const unknown = await enrol(site, state, `capstan_join_${'0'.repeat(64)}`);
    expect(unknown.stderr).to.contain('not known here').and.to.contain('capstan token create');
    await enrol(site, state, await site.token());
    const doctor = await runProgram('capstan-agent', [
      ...['doctor', '--state-dir', state, '--root', dir, '--conf-dir', join(dir, 'conf.d')],
      ...['--listen', '127.0.0.1:0'],
    ]);
    expect(doctor.stdout)
      .to.match(/^ok +coordinator 127\.0\.0\.1:\d+ +answers in/m)
      .and.to.match(/^ok +clock/m);
    const named = await start('--name', 'web-b');
    expect([named.code, named.stderr]).to.satisfy(([code, said]: [number, string]) => {
      return code === 2 && said.includes('have no effect on a node that has enrolled');
    });
    await site.program.stop();
    const { hint } = await startAgent(dir).waitFor('coordinator.unreachable');
    expect(hint).to.contain('`capstan-agent enrol` has kept it');
  });
});
