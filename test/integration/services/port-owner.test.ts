import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { descendants } from '../../../agent/io/services/members.js';
import { listenersAt, ownAddresses } from '../../../agent/io/services/ports/listeners.js';
import { strangerAt } from '../../../agent/io/services/ports/port-owner.js';
import { cleanUp } from '../../support/cleanup.js';
import { tempDir } from '../../support/temp-dir.js';

/** A program that listens at an address, and says at which port. */
async function listener(address: string, script = listen(address)): Promise<{ pid: number; port: number }> {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanUp(() => ended(child));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { pid: child.pid ?? 0, port: Number(said.toString()) };
}

const listen = (address: string): string => `
const server = require('node:net').createServer().listen(0, ${JSON.stringify(address)}, () => {
  console.log(server.address().port);
});`;

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('who listens on a probed port', () => {
  const strangers = async (host: string, port: number, members: readonly number[]): Promise<string> =>
    strangerAt({ host, port }, () => members);

  it('is no stranger if it is one of the service', async () => {
    for (const address of ['127.0.0.1', '0.0.0.0', '::', '::1']) {
      const { pid, port } = await listener(address);
      const host = address === '::1' ? '::1' : '127.0.0.1';
      expect(await strangers(host, port, [process.pid, pid]), address).to.equal('');
      expect(await strangers('localhost', port, [pid]), address).to.equal('');
    }
  });

  it('is named if it is somebody else', async () => {
    for (const address of ['127.0.0.1', '0.0.0.0', '::']) {
      const { pid, port } = await listener(address);
      expect(await strangers('127.0.0.1', port, [process.pid])).to.equal(
        `pid ${pid} (node) listens on 127.0.0.1:${port}, and is not part of the service`,
      );
    }
  });

  it('is found among the descendants of the service, also once their parent has ended', async () => {
    const script = `
const { spawn } = require('node:child_process');
const middle = "require('node:child_process').spawn(process.execPath, ['-e', process.argv[1]], { stdio: 'inherit' }).unref(); process.exit();";
spawn(process.execPath, ['-e', middle, ${JSON.stringify(listen('127.0.0.1'))}], { stdio: 'inherit', detached: false });
setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    cleanUp(async () => {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const members = descendants(child.pid ?? 0);
    expect(members).to.include(child.pid);
    expect(await strangers('127.0.0.1', Number(said.toString()), members)).to.equal('');
  });

  it('is left open where it cannot be known', async () => {
    const { port } = await listener('127.0.0.1');
    expect(await strangers('192.0.2.1', port, [process.pid]), 'another host').to.equal('');
    expect(await strangers('web.example', port, [process.pid]), 'a name').to.equal('');
    expect(await strangers('127.0.0.2', port, [process.pid]), 'nobody listens there').to.equal('');
    expect(await strangers('127.0.0.1', port, []), 'nobody of the service is known').to.equal('');
  });

  it('is read from the sockets that listen, without reading all connections', async () => {
    const dir = await tempDir();
    const row = (local: string, state: string, inode: number): string =>
      `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0`;
    const head =
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
    const tcp = join(dir, 'tcp');
    const tcp6 = join(dir, 'tcp6');
    const wild6 = '0'.repeat(32);
    await writeFile(
      tcp,
      [head, row('0100007F:1F90', '0A', 11), row('0100007F:1F91', '0A', 12), row('0100007F:1F90', '01', 13)]
        .concat(row('0200007F:1F90', '0A', 14))
        .concat('')
        .join('\n'),
    );
    await writeFile(
      tcp6,
      [head, row(`${wild6}:1F90`, '0A', 21), row(`${wild6}:1F92`, '0A', 22), ''].join('\n'),
    );
    const at = async (host: string, port: number): Promise<readonly string[]> => [
      ...(await listenersAt(ownAddresses(host), port, { tcp, tcp6 })),
    ];
    expect(await at('127.0.0.1', 8080), 'the very address before any').to.deep.equal(['11']);
    expect(await at('127.0.0.1', 8082), 'IPv6 takes IPv4 as well').to.deep.equal(['22']);
    expect(await at('127.0.0.2', 8080), 'what comes after a connection is not read').to.deep.equal(['21']);
    expect(await at('localhost', 8080)).to.deep.equal(['11', '21']);
    expect(
      await listenersAt(['127.0.0.1'], 8080, { tcp: join(dir, 'none'), tcp6: join(dir, 'none') }),
    ).to.have.property('size', 0);
  });
});
