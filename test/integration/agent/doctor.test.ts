import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Http2Server } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { doctor } from '../../../agent/stager/doctor/doctor.js';
import type { Finding } from '../../../agent/stager/doctor/finding.js';
import {
  checkPatches,
  checkServices,
  checkSpace,
  checkWritable,
} from '../../../agent/stager/doctor/local-checks.js';
import { checkSignatures } from '../../../agent/stager/doctor/signature-checks.js';
import { checkUsers } from '../../../agent/stager/doctor/user-checks.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, PublicKey } from '../../../shared/model/ids.js';
import { noRules, type SigningRules } from '../../../shared/model/node-rules.js';
import { cleanUp } from '../../support/cleanup.js';
import { tempDir } from '../../support/temp-dir.js';

/** Answers every request with these headers. */
async function answering(headers: Record<string, string>): Promise<string> {
  const server: Http2Server = createServer();
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200, ...headers });
    stream.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp(async () => {
    for (const session of sessions) session.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** As a coordinator answers who is no node. */
const grpc = { 'content-type': 'application/grpc', 'grpc-status': '7' };

interface Report {
  readonly exitCode: number;
  readonly checks: readonly Finding[];
}

async function examine(dir: string, coordinator: string, ...more: readonly string[]): Promise<Report> {
  const settings = [
    ...['--insecure-loopback', '--name', 'n1', '--coordinator', coordinator],
    ...['--state-dir', join(dir, 'state'), '--root', join(dir, 'srv'), '--listen', '127.0.0.1:0'],
  ];
  const answer = await doctor([...settings, '--output', 'json', ...more], {});
  if (answer.kind !== 'text') throw new Error('it printed nothing');
  const { ok, checks } = JSON.parse(answer.text) as { ok: boolean; checks: Finding[] };
  expect(answer.exitCode).to.equal(ok ? 0 : 1);
  return { exitCode: answer.exitCode, checks };
}

const find = ({ checks }: Report, name: string): Finding => {
  const found = checks.find(({ check }) => check.startsWith(name));
  if (found === undefined) throw new Error(`nothing was said about ${name}`);
  return found;
};

describe('capstan-agent doctor', () => {
  it('finds a node well that is', async () => {
    const dir = await tempDir();
    await mkdir(join(dir, 'srv'));
    const report = await examine(dir, await answering(grpc), '--agent-check', '127.0.0.1:0');
    expect(report.checks.filter(({ state }) => state === 'bad')).to.deep.equal([]);
    expect(report.exitCode).to.equal(0);
    expect(find(report, 'coordinator').detail).to.match(/^answers in \d+ ms$/);
    expect(find(report, 'clock').state).to.equal('ok');
    expect(find(report, 'patches').detail).to.match(/^zstd from /);
    expect(find(report, 'links').detail).to.match(/^hard links work, reflinks /);
    expect(find(report, 'root').detail).to.contain('can be written');
    expect(find(report, 'services').detail).to.match(/programs (?:are kept by the shim|run in units)/);
    expect(find(report, 'state-dir').detail).to.equal(`${join(dir, 'state')} can be made in ${dir}`);
  });

  it('says what to do about each thing that is not', async () => {
    const dir = await tempDir();
    const taken = await answering({});
    const report = await examine(dir, '127.0.0.1:1', '--reserve-mb', '10000000', '--agent-check', taken);
    expect(report.exitCode).to.equal(1);
    for (const name of ['coordinator', 'space', 'agent-check']) {
      expect(find(report, name).state, name).to.equal('bad');
    }
    for (const { check, state, hint } of report.checks) {
      expect(hint === undefined, check).to.equal(state === 'ok');
    }
    expect(find(report, 'coordinator').detail).to.contain('ECONNREFUSED');
  });

  it('tells a coordinator from what is none, and a clock that is off', async () => {
    const dir = await tempDir();
    const page = await examine(dir, await answering({ 'content-type': 'text/html' }));
    expect(find(page, 'coordinator').detail).to.contain('not a coordinator');
    const dated = async (ms: number): Promise<Finding> => {
      const date = new Date(Date.now() - ms).toUTCString();
      return find(await examine(dir, await answering({ ...grpc, date })), 'clock');
    };
    expect(await dated(20_000)).to.include({ state: 'note' });
    expect(await dated(600_000)).to.include({ state: 'bad' });
    expect((await dated(600_000)).detail).to.match(/^within (9m5\ds|10m)/);
  });

  it('tries what is not there yet in the directory that it will be made in, and leaves nothing', async () => {
    const dir = await tempDir();
    const report = await examine(dir, '127.0.0.1:1', '--state-dir', '/proc/capstan');
    expect(find(report, 'state-dir')).to.include({ state: 'bad' });
    expect(find(report, 'links').detail).to.match(/^hard links work, .* in /);
    expect(await readdir(dir)).to.deep.equal([]);
  });

  it('says whether it can listen, and whether the agent that runs does', async () => {
    const dir = await tempDir();
    const listenOn = async (address: string): Promise<Finding> =>
      find(await examine(dir, '127.0.0.1:1', '--peer-listen', address), 'peer-listen');
    const other = createTcpServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    const held = await listenOn(address);
    expect(held).to.include({ state: 'bad', detail: `${address} is held by another program` });
    expect(held.hint).to.contain('--peer-listen');
    await mkdir(join(dir, 'state'));
    const lock = join(dir, 'state/lock');
    await symlink(`${process.pid}:1:boot`, lock);
    expect(await listenOn(address)).to.include({ state: 'ok' });
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(stranger, 'spawn');
    await rm(lock);
    await symlink(`${stranger.pid ?? 0}:1:boot`, lock);
    expect(await listenOn(address)).to.include({ state: 'bad' });
    stranger.kill();
    await new Promise((resolve) => other.close(resolve));
    expect(await listenOn(address)).to.include({ state: 'ok', detail: `${address} is free` });
  });

  it('asks the stores that the coordinator has named', async () => {
    const dir = await tempDir();
    await mkdir(join(dir, 'state'));
    await mkdir(join(dir, 'store'));
    const here = `file:${join(dir, 'store')}`;
    const desired = {
      stores: [here, `file:${join(dir, 'unmounted')}`],
      assignments: [{ stores: [here, 'http://127.0.0.1:1/store', 7] }],
    };
    await writeFile(join(dir, 'state/desired.json'), JSON.stringify(desired));
    const { checks } = await examine(dir, await answering(grpc));
    const found = checks.filter(({ check }) => check.startsWith('store '));
    expect(found.map(({ state }) => state)).to.deep.equal(['ok', 'bad', 'bad']);
    await writeFile(join(dir, 'state/desired.json'), '[1');
    const none = find(await examine(dir, '127.0.0.1:1'), 'stores');
    expect(none).to.include({ state: 'note', detail: 'not looked at: the coordinator has named none yet' });
  });

  it('prints a table', async () => {
    const dir = await tempDir();
    const answer = await doctor(
      ['--insecure-loopback', '--name', 'n1', '--coordinator', '127.0.0.1:1', '--root', dir],
      {},
    );
    expect(answer).to.include({ kind: 'text', exitCode: 1 });
    const lines = answer.kind === 'text' ? answer.text.split('\n') : [];
    expect(lines).to.include(`ok    root                     ${dir} can be written`);
    expect(lines.find((line) => line.startsWith('BAD'))).to.contain('127.0.0.1:1');
  });

  it('refuses settings that the agent would refuse, and explains itself', async () => {
    const refused: unknown = await doctor(['--output', 'yaml'], {}).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(CapstanError).with.property('code', 'invalid');
    const unset: unknown = await doctor(['--insecure-loopback'], {}).catch((error: unknown) => error);
    expect(unset).to.have.property('message', 'No coordinator is given.');
    const dir = await tempDir();
    await writeFile(join(dir, 'node.yml'), 'kind: Nod\n');
    const faulty: unknown = await examine(dir, '127.0.0.1:1', '--conf-dir', dir).catch(
      (error: unknown) => error,
    );
    expect(faulty).to.be.instanceOf(CapstanError).with.property('code', 'invalid');
    const help = await doctor(['--help'], {});
    expect(help.kind === 'text' ? help.text : '').to.contain('Example:\n  capstan-agent doctor --config');
    expect(help).to.include({ kind: 'text', exitCode: 0 });
  });

  it('says who keeps services on a node', async () => {
    const booted = await tempDir();
    expect(checkServices(booted, 0)).to.include({ state: 'ok' });
    expect(checkServices(booted, 1000)).to.include({ state: 'note' });
    expect(checkServices(join(booted, 'gone'), 0).detail).to.equal(
      'no systemd here: programs are kept by the shim',
    );
  });

  it('says whether programs can run as those whom conf.d names', () => {
    const check = (user: string | undefined, users: readonly string[], uid: number): Finding =>
      checkUsers({ rules: [['web' as AppName, { user, users, installUnits: false }]] }, '/etc/conf.d', uid);
    expect(check(undefined, [], 1000)).to.include({ state: 'ok' });
    expect(check('nobody', [], 0)).to.include({
      state: 'ok',
      detail: 'programs of releases may run as nobody',
    });
    const none = check('nobody', ['capstan-not-there'], 0);
    expect(none).to.include({ state: 'bad' });
    expect(none.detail).to.match(/^capstan-not-there: named under .*\/etc\/conf.d, and not known/);
    expect(check('nobody', [], 1000)).to.include({
      state: 'bad',
      detail: 'the agent is not root, and cannot run programs as nobody',
    });
  });

  it('says which releases run here, by their signatures', () => {
    const trust = { keys: [`ed25519:${'A'.repeat(43)}=` as PublicKey], threshold: 1 };
    const check = (signing: SigningRules, web: SigningRules, allowUnsigned = false): Finding =>
      checkSignatures(
        { signing, rules: [['web' as AppName, { ...noRules, ...web }]] },
        { confDir: '/etc/conf.d', allowUnsigned },
      );
    expect(check({}, {})).to.deep.equal({
      ...{ check: 'signatures', state: 'note' },
      detail: 'no release runs here: no key is trusted, and unsigned releases are not allowed',
      hint: "name publishers' keys under trust in a file of /etc/conf.d",
    });
    expect(check({ trust }, {})).to.include({ state: 'ok' });
    expect(check({}, { trust })).to.deep.equal({
      ...{ check: 'signatures', state: 'ok' },
      detail: 'what key 66687aadf862bd77 signed runs here; of web only',
    });
    expect(check({ trust }, { allowUnsigned: true }).detail).to.equal(
      'releases of web run that nobody signed',
    );
    expect(check({}, {}, true)).to.include({
      state: 'note',
      detail: 'releases of all applications run that nobody signed',
    });
  });

  it('knows a Node.js without zstd, a full disk and a file in place of a directory', async () => {
    const none = await checkPatches(async () => await Promise.resolve(undefined));
    expect(none).to.include({ state: 'note' });
    const dir = await tempDir();
    expect(checkSpace(dir, Number.MAX_SAFE_INTEGER)).to.include({ state: 'bad' });
    await writeFile(join(dir, 'file'), '');
    await chmod(join(dir, 'file'), 0o600);
    expect(checkWritable('root', join(dir, 'file'), '--root')).to.include({ state: 'bad' });
  });
});
