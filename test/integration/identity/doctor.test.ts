import { createPublicKey, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { doctor } from '../../../agent/stager/doctor/doctor.js';
import type { Finding } from '../../../agent/stager/doctor/finding.js';
import { checkIdentity } from '../../../agent/stager/doctor/identity-checks.js';
import { checkConfDir, checkInotify } from '../../../agent/stager/doctor/kernel-checks.js';
import { enrol } from '../../../agent/stager/identity/enrol.js';
import {
  readIdentity,
  type StoredIdentity,
  writeIdentity,
} from '../../../agent/stager/identity/identity-file.js';
import { openAuthority } from '../../../coordinator/io/ca/authority.js';
import type { NodeName } from '../../../shared/model/ids.js';
import { tempDir } from '../../support/temp-dir.js';
import { newKey, type Site, startSite } from './site.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Report {
  readonly exitCode: number;
  find(check: string): Finding;
}

async function examine(dir: string, ...more: readonly string[]): Promise<Report> {
  const answer = await doctor(
    [
      ...['--state-dir', join(dir, 'state'), '--root', dir, '--conf-dir', join(dir, 'conf.d')],
      ...['--listen', '127.0.0.1:0', '--output', 'json', ...more],
    ],
    {},
  );
  if (answer.kind !== 'text') throw new Error('it printed nothing');
  const { checks } = JSON.parse(answer.text) as { checks: readonly Finding[] };
  return {
    exitCode: answer.exitCode,
    find(name) {
      const found = checks.find(({ check }) => check.startsWith(name));
      if (found === undefined) throw new Error(`nothing was said about ${name}`);
      return found;
    },
  };
}

async function joined(site: Site, dir: string, name: string): Promise<StoredIdentity> {
  const state = join(dir, 'state');
  const args = ['--coordinator', site.operators, '--pin', site.pin, '--token-file', '-', '--name', name];
  await enrol([...args, '--state-dir', state], await site.token(), {});
  const identity = readIdentity(state);
  if (identity === undefined) throw new Error('it has not enrolled');
  return identity;
}

describe('capstan-agent doctor on a node with certificates', function () {
  this.timeout(60_000);

  it('knows whose node it is, until when, and whether the coordinator is the one', async () => {
    const dir = await tempDir();
    const fresh = await examine(dir);
    expect(fresh.exitCode).to.equal(1);
    expect(fresh.find('identity')).to.include({ state: 'bad' });
    expect(fresh.find('identity').hint).to.contain('capstan token create');

    const site = await startSite(join(dir, 'coordinator'));
    const identity = await joined(site, dir, 'web-a');
    const well = await examine(dir);
    expect(well.exitCode).to.equal(0);
    expect(well.find('identity').detail)
      .to.match(/^web-a, by the authority sha256:/)
      .and.to.contain(site.pin)
      .and.to.match(/certificate until \d{4}-[^ ]+Z, for 23h/);
    expect(well.find('coordinator').detail).to.match(/^answers in \d+ ms, and proves to be of the authority/);
    expect(well.find('clock')).to.include({ state: 'ok' });
    expect(well.find('key')).to.include({ state: 'ok' });
    expect(well.find('inotify')).to.include({ state: 'ok' });

    const port = site.agents.split(':')[1] ?? '';
    const nowhere = await examine(dir, '--coordinator', `nowhere.invalid:${port}`);
    expect(nowhere.find('coordinator').hint).to.contain('getent hosts nowhere.invalid');
    const alias = await examine(dir, '--coordinator', `127.0.0.2:${port}`);
    expect(alias.find('coordinator')).to.include({ state: 'bad' });
    const operators = await examine(dir, '--coordinator', site.operators);
    expect(operators.find('coordinator').detail).to.contain('does not serve agents');

    const other = await startSite(join(dir, 'other'));
    const another = await examine(dir, '--coordinator', other.agents);
    expect(another.find('coordinator').hint).to.contain('capstan ca show');
    await chmod(join(dir, 'state/identity.json'), 0o644);
    expect((await examine(dir)).find('key')).to.include({ state: 'bad' });
    await site.operator.call('DecommissionNode', {
      name: identity.name,
      reason: 'test',
      idempotencyKey: 'd',
    });
    const gone = await examine(dir);
    expect(gone.find('coordinator').detail).to.match(/^The node web-a was decommissioned/);
    expect(gone.exitCode).to.equal(1);
  });

  it('sees a certificate that ends, that has ended, that has yet to begin, and one of somebody else', async () => {
    const dir = await tempDir();
    const authority = await openAuthority(dir, { now: Date.now });
    const key = newKey();
    const issued = (lifeMs: number, own = key): StoredIdentity => ({
      name: 'web-a' as NodeName,
      key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      certificate: new X509Certificate(
        authority.issue(
          { kind: 'node', node: 'web-a' as NodeName, identity: 'c'.repeat(32) },
          createPublicKey(own),
          lifeMs,
        ),
      ).toString(),
      ca: authority.certificate,
      ...{ coordinators: [], aheadMs: 0 },
    });
    await mkdir(join(dir, 'state'));
    await writeIdentity(join(dir, 'state'), issued(dayMs));
    const judged = (identity: StoredIdentity, afterMs: number): string => {
      const [found] = checkIdentity(identity, join(dir, 'state'), Date.now() + afterMs);
      return `${found?.state ?? ''}: ${found?.detail ?? ''}`;
    };
    const good = issued(dayMs);
    expect(judged(good, 0)).to.match(/^ok: /);
    expect(judged(good, 17 * hourMs)).to.match(/^note: .* for 6h[^ ]*: it is due to be renewed$/);
    expect(judged(good, 25 * hourMs)).to.match(/^bad: .* has expired/);
    expect(judged({ ...good, aheadMs: 25 * hourMs }, 25 * hourMs)).to.match(/^ok: /);
    expect(judged(good, -2 * hourMs)).to.match(/^bad: .* is not valid yet/);
    expect(judged(issued(dayMs, newKey()), 0)).to.match(/^bad: .* is for another key/);
    const stranger = await openAuthority(join(dir, 'stranger'), { now: Date.now });
    expect(judged({ ...good, ca: stranger.certificate }, 0)).to.match(/^bad: .* is not of the authority/);
    expect(judged({ ...good, certificate: 'rubbish' }, 0)).to.match(/^bad: .* cannot be read/);
  });

  it('sees who else may write what a node allows, and whether that can be watched', async () => {
    const dir = await tempDir();
    expect(await checkConfDir(join(dir, 'none'))).to.include({ state: 'ok' });
    const file = join(dir, 'trust.yml');
    await writeFile(file, '');
    expect(await checkConfDir(dir)).to.include({ state: 'ok' });
    await chmod(file, 0o664);
    expect(await checkConfDir(dir)).to.include({
      state: 'bad',
      hint: `chmod go-w ${file}, and look through them`,
    });
    expect(checkInotify(dir).detail).to.match(/^a user may have \d+ watchers and \d+ watches$/);
    const failing = (code: string) => (): void => {
      throw Object.assign(new Error(code), { code });
    };
    expect(checkInotify(dir, failing('EMFILE')).hint).to.contain('fs.inotify.max_user_instances=');
    expect(checkInotify(dir, failing('ENOSPC')).hint).to.contain('fs.inotify.max_user_watches=');
  });

  it('is told when it is to enrol with another coordinator than its own', async () => {
    const dir = await tempDir();
    const first = await startSite(join(dir, 'first'));
    await joined(first, dir, 'web-a');
    const before = await readFile(join(dir, 'state/identity.json'), 'utf8');
    const second = await startSite(join(dir, 'second'));
    const refused: unknown = await joined(second, dir, 'web-a').catch((error: unknown) => error);
    expect(refused).to.have.property('message', 'This server is the node web-a of another coordinator.');
    expect(await readFile(join(dir, 'state/identity.json'), 'utf8')).to.equal(before);
  });
});
