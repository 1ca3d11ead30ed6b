import { createPublicKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect } from 'chai';
import { openAuthority } from '../../../coordinator/io/ca/authority.js';
import { readIdentityUri } from '../../../shared/identity/identity-uri.js';
import type { NodeName } from '../../../shared/model/ids.js';
import { eventually } from '../../support/eventually.js';
import { runProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';
import { agentOf, failure, newKey, question, startSite, within } from './site.js';

const clock = { now: Date.now };

describe('the certificate authority', function () {
  this.timeout(60_000);

  it('is made once, its key for its owner alone, and has the same pin after a crash in the middle', async () => {
    const dir = await tempDir();
    const made = await openAuthority(dir, clock);
    const keyFile = join(dir, 'ca', 'ca.key');
    expect((await stat(keyFile)).mode & 0o777).to.equal(0o600);
    expect(await openAuthority(dir, clock)).to.include({ pin: made.pin, certificate: made.certificate });
    await rm(join(dir, 'ca', 'ca.crt'));
    expect((await openAuthority(dir, clock)).pin).to.equal(made.pin);
  });

  it('is not used when others can read its key, when that is gone, or when it is another one', async () => {
    const dir = await tempDir();
    await openAuthority(dir, clock);
    const keyFile = join(dir, 'ca', 'ca.key');
    await chmod(keyFile, 0o640);
    expect(await failure(openAuthority(dir, clock))).to.match(/^invalid: .*ca\.key can be read by others/);
    await writeFile(keyFile, newKey().export({ type: 'pkcs8', format: 'pem' }));
    await chmod(keyFile, 0o600);
    expect(await failure(openAuthority(dir, clock))).to.match(/^failed: .*is not the key of the certificate/);
    await writeFile(keyFile, 'rubbish');
    expect(await failure(openAuthority(dir, clock))).to.match(/^failed: .*is damaged/);
    await rm(keyFile);
    expect(await failure(openAuthority(dir, clock))).to.match(/^failed: .*or is not there/);
  });

  it("issues certificates that say what they are for, and a node's says whose it is", async () => {
    const authority = await openAuthority(await tempDir(), clock);
    const root = new X509Certificate(authority.certificate);
    const publicKey = createPublicKey(newKey());
    const identity = { node: 'web-a' as NodeName, identity: 'c'.repeat(32) };
    const node = new X509Certificate(authority.issue({ kind: 'node', ...identity }, publicKey, 60_000));
    expect([node.verify(root.publicKey), node.checkIssued(root), node.ca]).to.deep.equal([true, true, false]);
    // For clients, and for servers; those know each other by the name of the node, and no host has its subject for a name.
    expect(node.keyUsage).to.deep.equal(['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1']);
    expect([node.subject, node.checkHost('web-a')]).to.deep.equal(['CN=node web-a', undefined]);
    expect(readIdentityUri(node.subjectAltName)).to.deep.equal(identity);
    const hosts = ['deploy.example.com', '10.0.0.1', '::1'];
    const server = new X509Certificate(authority.issue({ kind: 'server', hosts }, publicKey, 60_000));
    expect(server.keyUsage).to.deep.equal(['1.3.6.1.5.5.7.3.1']); // for servers
    expect(server.checkHost('deploy.example.com')).to.equal('deploy.example.com');
    expect([server.checkIP('10.0.0.1'), server.checkIP('::1')]).to.deep.equal(['10.0.0.1', '::1']);
    expect(server.checkIP('10.0.0.2')).to.equal(undefined);
    for (const names of [
      undefined,
      '',
      `URI:capstan://node/A/${'c'.repeat(32)}`,
      `${node.subjectAltName ?? ''}, DNS:x`,
    ]) {
      expect(readIdentityUri(names)).to.equal(undefined);
    }
  });

  it("renews the coordinator's certificate on every port, without a restart and without a broken connection", async () => {
    const site = await startSite(await tempDir(), ['--certificate-life', '4s']);
    const client = agentOf(site.agents, await site.enrol(await site.token(), 'web-a'));
    await client.poll(question(1), within());
    const shown = async (address: string): Promise<string | undefined> => {
      const [host, port] = address.split(':');
      const socket = connect({ ...(host === undefined ? {} : { host }), port: Number(port), ca: site.ca });
      await once(socket, 'secureConnect');
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    const ports = [site.agents, site.operators, site.http];
    const before = await Promise.all(ports.map(shown));
    const held = client.poll(question(), within(20_000));
    await eventually(
      async () => (await Promise.all(ports.map(shown))).every((after, at) => after !== before[at]),
      { what: 'another certificate on every port', everyMs: 200 },
    );
    await site.program.stop();
    expect((await held).retryAfterMs).to.be.at.least(0); // it was answered, and not cut
  });

  it('is told to operators, who make, list and revoke tokens with a context of their own', async () => {
    const dir = await tempDir();
    const site = await startSite(join(dir, 'coordinator'));
    const config = join(dir, 'capstan', 'config.yml');
    const context = `{ coordinator: "${site.operators}", caPin: "${site.pin}", tokenFile: ${join(site.dir, 'admin.token')} }`;
    await mkdir(join(dir, 'capstan'));
    const capstan = async (...args: readonly string[]) => {
      const done = await runProgram('capstan', [...args, '--output', 'json'], {
        env: { XDG_CONFIG_HOME: dir },
      });
      expect(done.code, done.stderr).to.equal(0);
      return JSON.parse(done.stdout) as Record<string, unknown> & readonly Record<string, unknown>[];
    };
    await writeFile(config, `current: here\ncontexts: { here: ${context} }\n`);
    expect(await capstan('ca', 'show')).to.deep.equal({ pin: site.pin, certificate: site.ca });
    const made = await capstan(
      'token',
      'create',
      '--labels',
      'env=production,zone=a',
      '--uses',
      '2',
      '--ttl',
      '2h',
    );
    expect(made).to.include({ state: 'valid', uses: 2, used: 0, pin: site.pin });
    await site.enrol(String(made['token']), 'web-a');
    const [listed] = await capstan('token', 'list');
    expect(listed).to.include({ id: made['id'], used: 1 });
    expect(listed).not.to.have.property('token');
    expect(await capstan('token', 'revoke', String(made['id']))).to.include({ state: 'revoked' });
  });
});
