import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { fillScript } from '../../../coordinator/io/http/install/install-script.js';
import { shellQuoted, shellWord } from '../../../shared/core/shell-word.js';
import { pinOf } from '../../../shared/identity/pin.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import { runProgram, startProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';
import { type Site, startSite } from './site.js';

const run = promisify(execFile);

const scriptFile = join(packageRoot(), 'systemd/install.sh');

const facts = {
  coordinator: 'deploy.example.com:7601',
  pin: `sha256:${'1'.repeat(64)}`,
  serverPin: `sha256:${'2'.repeat(64)}`,
  origin: 'https://deploy.example.com:7602',
};

interface Answer {
  readonly status: number | undefined;
  readonly body: Buffer;
}

async function get(site: Site, path: string): Promise<Answer> {
  const asked = request(`https://${site.http}${path}`, { ca: site.ca, agent: false });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: await buffer(response) };
}

/** As curl sees it. */
async function shownKey(site: Site): Promise<string> {
  const [host = '', port] = site.http.split(':');
  const socket = connect({ host, port: Number(port), ca: site.ca });
  await once(socket, 'secureConnect');
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return pinOf(new X509Certificate(raw));
}

const capstan = (site: Site, ...args: readonly string[]) => printing(site, 'json', args);

async function printing(site: Site, output: 'json' | 'table', args: readonly string[]) {
  const trust = ['--ca-file', join(site.dir, 'ca/ca.crt'), '--token-file', join(site.dir, 'admin.token')];
  return runProgram('capstan', [...args, '--coordinator', site.operators, ...trust, '--output', output]);
}

describe('the command that installs an agent', function () {
  this.timeout(60_000);

  it('is bound to the key that the coordinator shows, and stays good when that starts anew', async () => {
    const dir = await tempDir();
    const packagesDir = join(dir, 'packages');
    const site = await startSite(join(dir, 'data'), ['--packages-dir', packagesDir]);
    const none = await capstan(site, 'install-command');
    expect([none.code, none.stderr]).to.satisfy(
      ([code, said]: [number, string]) => code === 5 && said.includes('--packages-dir'),
    );
    const release = `ed25519:${Buffer.alloc(32, 7).toString('base64')}`;
    const token = await capstan(site, 'token', 'create', '--trust', release);
    expect(JSON.parse(token.stdout))
      .to.include({ coordinator: site.operators })
      .and.not.have.property('install');
    expect(token.stderr).to.contain('has no package of it').and.to.contain(`trust: { keys: ["${release}"] }`);
    const at = `--coordinator ${site.operators} `;
    expect((await printing(site, 'table', ['token', 'create'])).stdout).to.contain(
      `capstan-agent enrol ${at}--pin sha256:`,
    );
    const ann = ['operator', 'create', 'ann', '--role', 'viewer'];
    expect((await printing(site, 'table', ann)).stdout).to.contain(`capstan login ${at}--ca-pin sha256:`);

    await mkdir(packagesDir);
    const bytes = Buffer.from('the package');
    for (const version of ['0.9.0', '0.10.0~rc1', '0.10.0']) {
      await writeFile(
        join(packagesDir, `capstan-agent_${version}_amd64.deb`),
        version === '0.10.0' ? bytes : version,
      );
    }
    await writeFile(join(packagesDir, 'capstan-coordinator_1.0_amd64.deb'), 'another');
    const key = `ed25519:${Buffer.alloc(32, 7).toString('base64')}`;
    const made = JSON.parse((await capstan(site, 'token', 'create', '--trust', key)).stdout) as {
      readonly token: string;
      readonly install: string;
    };
    const pin = Buffer.from((await shownKey(site)).slice('sha256:'.length), 'hex').toString('base64');
    expect(made.install).to.equal(
      `curl -fsSk --pinnedpubkey sha256//${pin} https://${site.http}/install.sh | CAPSTAN_JOIN_TOKEN=${made.token} sh -s -- --trust ${key}`,
    );

    const script = (await get(site, '/install.sh')).body.toString();
    expect(script)
      .to.include(`\ncoordinator='${site.operators}'\npin='${site.pin}'\n`)
      .and.not.to.match(/@[A-Z]/);
    const digest = createHash('sha256').update(bytes).digest('hex');
    const file = 'capstan-agent_0.10.0_amd64.deb';
    expect(script).to.include(`\npackages='amd64 ${digest} 0.10.0 ${file}'\n`);
    expect(await get(site, `/packages/${file}`)).to.deep.equal({ status: 200, body: bytes });
    for (const path of [
      '..%2fdata%2fca%2fca.key',
      'capstan-coordinator_1.0_amd64.deb',
      'capstan-agent_2_amd64.deb',
    ])
      expect((await get(site, `/packages/${path}`)).status, path).to.equal(404);
    await rm(join(packagesDir, file));
    expect((await get(site, '/install.sh')).body.toString()).to.include(' 0.10.0~rc1 ');

    const before = await shownKey(site);
    await site.program.stop();
    expect(await shownKey(await startSite(join(dir, 'data')))).to.equal(before);
  });

  it('is not there without TLS', async () => {
    const dir = await tempDir();
    const settings = ['--insecure-loopback', '--data-dir', dir, '--http-listen', '127.0.0.1:0'];
    const program = startProgram('capstan-coordinator', [
      ...settings,
      ...['--agent-listen', '127.0.0.1:0', '--operator-listen', '127.0.0.1:0'],
    ]);
    const { http } = await program.waitFor('listening');
    expect((await fetch(`http://${String(http)}/install.sh`)).status).to.equal(404);
  });
});

describe('the script that installs an agent', () => {
  it('does nothing at all when its end did not come', async () => {
    const dir = await tempDir();
    const script = fillScript(await readFile(scriptFile, 'utf8'), facts, []);
    await mkdir(join(dir, 'bin'));
    // Whatever it would call notes that it was called.
    for (const name of ['id', 'cat', 'dpkg', 'curl', 'systemctl', 'grep', 'cksum', 'mktemp', 'sha256sum']) {
      await writeFile(join(dir, 'bin', name), `#!/bin/sh\necho ${name} >>"${dir}/called"\n`);
      await chmod(join(dir, 'bin', name), 0o755);
    }
    const ends = [...Array(60).keys()].map((at) => Math.floor((script.length * at) / 60));
    const last = script.trimEnd().length;
    for (const end of [...ends, ...Array.from({ length: 30 }, (_, back) => last - 1 - back)]) {
      const file = join(dir, 'part.sh');
      await writeFile(file, script.slice(0, end));
      await run('/bin/sh', [file], { env: { PATH: join(dir, 'bin') } }).catch(() => undefined);
    }
    expect(await readFile(join(dir, 'called'), 'utf8').catch(() => 'nothing')).to.equal('nothing');
    await writeFile(join(dir, 'whole.sh'), script);
    await run('/bin/sh', [join(dir, 'whole.sh')], { env: { PATH: join(dir, 'bin') } }).catch(() => undefined);
    expect(await readFile(join(dir, 'called'), 'utf8')).to.match(/^id\n/);
  });

  it('has every value as one word, whatever is in it', async () => {
    const hostile = fc.array(
      fc.string({
        unit: fc.constantFrom(
          "'",
          '"',
          '$',
          '`',
          '\\',
          '\n',
          ' ',
          '(',
          ')',
          ';',
          '&',
          '@',
          'a',
          '$(id)',
          '@PIN@',
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (texts) => {
        const template = "printf '%s.' @COORDINATOR@ @PIN@ @ORIGIN@\n";
        const [coordinator = '', pin = '', origin = ''] = texts;
        const filled = fillScript(template, { ...facts, coordinator, pin, origin }, []);
        const { stdout } = await run('sh', ['-c', filled]);
        expect(stdout).to.equal(`${coordinator}.${pin}.${origin}.`);
        const words = texts.map((text) => `${shellQuoted(text)} ${shellWord(text)}`).join(' ');
        const said = await run('sh', ['-c', `printf '<%s>' ${words}`]);
        if (texts.length > 0)
          expect(said.stdout).to.equal(texts.map((text) => `<${text}><${text}>`).join(''));
      }),
      { numRuns: 40 },
    );
  });

  it('shows what can be chosen, and refuses what it does not know', async () => {
    const file = join(await tempDir(), 'install.sh');
    await writeFile(file, fillScript(await readFile(scriptFile, 'utf8'), facts, []));
    expect((await run('sh', [file, '--help'])).stdout).to.match(/^Usage: /);
    const refused = async (...args: readonly string[]): Promise<string> =>
      run('sh', [file, ...args]).then(
        () => 'it was taken',
        (error: unknown) => (error as { readonly stderr: string }).stderr,
      );
    expect(await refused('--token', 'x')).to.match(/^capstan install: "--token" is not known here; .*\n$/);
    expect(await refused('--name')).to.match(/^capstan install: --name needs a value; .*\n$/);
    for (const key of ['hunter2', 'ed25519:A"]\n}', 'ed25519:$(id)'])
      expect(await refused('--trust', key)).to.match(/^capstan install: "[^]*" is no public key; .*\n$/);
  });
});
