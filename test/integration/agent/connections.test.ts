import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { connectionsTo } from '../../../agent/io/services/ports/connections.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { tempDir } from '../../support/temp-dir.js';

interface Service {
  readonly pid: number;
  readonly ports: readonly number[];
}

describe('the connections that a service has', () => {
  it('are those of others to the ports it listens on, of both families, and not those it has to others', async () => {
    const one = await serve(["listen('::')", "listen('127.0.0.1')"]);
    const other = await serve(["listen('127.0.0.1')"]);
    expect(await connectionsTo([one.pid])).to.equal(0);
    const [both = 0, plain = 0] = one.ports;
    const clients = await hold([
      ...[`${both}`, `${both} ::1`, `${plain}`],
      ...other.ports.map((port) => `${port}`),
    ]);
    await eventually(async () => (await connectionsTo([one.pid])) === 3);
    expect(await connectionsTo([other.pid])).to.equal(1);
    expect(await connectionsTo([one.pid, clients.pid ?? 0]), 'what a service has to itself').to.equal(0);
    clients.kill('SIGKILL');
    await eventually(async () => (await connectionsTo([one.pid])) === 0);
  });

  it("do not include the agent's own, whose probes keep some", async () => {
    const service = await serve(["listen('127.0.0.1')"]);
    const socket: Socket = connect(service.ports[0] ?? 0, '127.0.0.1');
    cleanUp(() => void socket.destroy());
    await once(socket, 'connect');
    expect(await connectionsTo([service.pid])).to.equal(0);
  });

  it('cannot be known of a service that listens on no port, on a UNIX socket too, or is not there', async () => {
    const path = JSON.stringify(join(await tempDir(), 'socket'));
    const both = await serve([`listen(${path})`, "listen('127.0.0.1')"]);
    expect(await connectionsTo([both.pid])).to.equal(undefined);
    expect(await connectionsTo([(await serve([])).pid])).to.equal(undefined);
    expect(await connectionsTo([2 ** 22 + 1])).to.equal(undefined);
  });
});

/** A process that listens: `listen(host)` on a free port, or at a path. */
async function serve(listens: readonly string[]): Promise<Service> {
  const source = `
const { createServer } = require('node:net');
const listen = (at) => new Promise((resolve) => {
  const server = createServer(() => {});
  const where = at.startsWith('/') ? { path: at } : { host: at, port: 0 };
  server.listen(where, () => resolve(server.address().port ?? 0));
});
(async () => console.log(JSON.stringify([${listens.map((each) => `await ${each}`).join(', ')}])))();
setInterval(() => {}, 60_000);
`;
  const child = run(source);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { pid: child.pid ?? 0, ports: JSON.parse(line.toString()) as number[] };
}

/** A process that keeps connections to these ports (and hosts). */
async function hold(targets: readonly string[]): Promise<ChildProcess> {
  const child = run(`
const { connect } = require('node:net');
let open = 0;
for (const target of ${JSON.stringify(targets)}) {
  const [port, host = '127.0.0.1'] = target.split(' ');
  connect(Number(port), host, () => { open += 1; if (open === ${targets.length}) console.log('open'); });
}
`);
  await once(child.stdout, 'data');
  return child;
}

function run(source: string) {
  const child = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanUp(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
}
