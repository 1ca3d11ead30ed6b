import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Site, startSite } from '../../integration/identity/site.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { freePorts } from '../../support/free-ports.js';
import { type Program, runProgram, startProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';
import { writeTinyApp } from '../../support/tiny-app.js';

const wanted = 10_000;
/** Before one that was cut comes back. Milliseconds. */
const redialMs = 3000;
/** The agents' own address among them. */
const sources = Array.from({ length: 10 }, (_, n) => `127.0.0.${n + 1}`);

const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: role=web
      strategy: { maxUnavailable: 1, health: { minHealthyTime: 500ms, deadline: 20s } }
`;

/** As many as this machine lets a process have, and says so if it is fewer than wanted. */
async function possible(): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8');
  const files = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 1024);
  const most = Math.min(wanted, files - 1000);
  if (most < wanted)
    console.log(`        ONLY ${most} CONNECTIONS: a process here may have ${files} open files`);
  return most;
}

/** Connections that never say a word, dialled again whenever one is cut. */
class HalfOpen {
  readonly #address: string;
  readonly #open = new Set<Socket>();
  #ended = false;
  dialled = 0;
  cut = 0;

  constructor(address: string) {
    this.#address = address;
    cleanUp(() => this.end());
  }

  async hold(count: number): Promise<void> {
    for (let n = 0; n < count; n += 200) {
      await Promise.all(Array.from({ length: Math.min(200, count - n) }, () => this.#dial()));
    }
  }

  end(): void {
    this.#ended = true;
    for (const socket of this.#open) socket.destroy();
  }

  async #dial(): Promise<void> {
    const [host, port] = this.#address.split(':');
    const localAddress = sources[this.dialled % sources.length] ?? '127.0.0.1';
    this.dialled += 1;
    const socket = connect({ host, port: Number(port), localAddress });
    socket.on('error', () => undefined).resume();
    socket.once('close', () => {
      this.#open.delete(socket);
      this.cut += 1;
      if (!this.#ended) setTimeout(() => void this.#dial(), redialMs);
    });
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
    if (!socket.destroyed) this.#open.add(socket);
    if (this.#ended) socket.destroy();
  }
}

describe('10,000 half-open connections', function () {
  this.timeout(180_000);

  const scene = async (args: readonly string[]) => {
    const dir = await tempDir();
    const site = await startSite(join(dir, 'coordinator'), args);
    await site.operator.call('Apply', { files: [{ name: 'web.yml', text: spec }], idempotencyKey: 'a' });
    const token = await site.token({ labels: { role: 'web' }, uses: 3 });
    const ports = await freePorts(3);
    const start = (n: number): Promise<Program> =>
      startAgent(join(dir, `n${n}`), site, { name: `web-${n}`, token, port: ports[n] ?? 0 });
    const agents = await Promise.all([start(0), start(1)]);
    const capstan = (...words: readonly string[]) =>
      runProgram('capstan', words, {
        timeoutMs: 120_000,
        env: {
          CAPSTAN_COORDINATOR: site.operators,
          CAPSTAN_CA_FILE: join(site.dir, 'ca', 'ca.crt'),
          CAPSTAN_TOKEN: site.adminToken,
          HOME: dir,
        },
      });
    for (const version of ['1', '2']) {
      const release = join(dir, `release-${version}`);
      await writeTinyApp(release, { version });
      const { code, stderr } = await capstan('publish', release, '--app', 'web', '--version', version);
      expect(code, stderr).to.equal(0);
    }
    const deploy = async (version: string): Promise<number> => {
      const began = performance.now();
      const { code, stdout, stderr } = await capstan(
        ...['deploy', `web@${version}`, '--env', 'production', '--wait', '--timeout', '90s'],
      );
      expect(code, `${stderr}${stdout}`).to.equal(0);
      return performance.now() - began;
    };
    return { site, agents, deploy, join: () => start(2) };
  };

  const startAgent = async (
    dir: string,
    site: Site,
    { name, token, port }: { readonly name: string; readonly token: string; readonly port: number },
  ): Promise<Program> => {
    const state = join(dir, 'state');
    const enrolled = await runProgram(
      'capstan-agent',
      [
        ...['enrol', '--coordinator', site.operators, '--pin', site.pin, '--token-file', '-'],
        ...['--state-dir', state, '--name', name],
      ],
      { input: `${token}\n` },
    );
    expect(enrolled.code, enrolled.stderr).to.equal(0);
    const agent = startProgram('capstan-agent', [
      ...['--state-dir', state, '--root', join(dir, 'srv'), '--conf-dir', join(dir, 'conf.d')],
      ...['--listen', '127.0.0.1:0', '--allow-unsigned', '--env', `PORT=${port}`],
    ]);
    await agent.waitFor('coordinator.connected');
    return agent;
  };

  const memoryOf = async ({ program }: Site): Promise<number> => {
    const status = await readFile(`/proc/${program.pid}/status`, 'utf8');
    return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024);
  };

  /** Connections and all else that the coordinator has open. */
  const heldBy = async ({ program }: Site): Promise<number> =>
    (await readdir(`/proc/${program.pid}/fd`)).length;

  const told = (agents: readonly Program[]): readonly string[] =>
    agents.flatMap((agent) => agent.logs().map(({ event }) => event));

  for (const [what, args, share] of [
    ['of which the coordinator holds half, by default', [], 0.5],
    ['of which it holds them all', ['--max-unknown-connections', '12000', '--handshake-timeout', '5m'], 1],
  ] as const) {
    it(`${what}: a rollout goes on, no agent is disconnected, and a new one connects`, async () => {
      const { site, agents, deploy, join: joinFleet } = await scene(args);
      const calm = await deploy('1');
      const memory = await memoryOf(site);
      const attack = new HalfOpen(site.agents);
      const count = await possible();
      await attack.hold(count);
      await eventually(async () => (await heldBy(site)) >= count * share * 0.9);
      const began = performance.now();
      const newcomer = await joinFleet();
      const joinedMs = performance.now() - began;
      const attacked = await deploy('2');
      const held = await heldBy(site);
      const now = await memoryOf(site);
      expect(held, 'still held').to.be.within(count * share * 0.9, count * share + 200);
      const lost = told(agents).filter((event) => /coordinator\.(refused|unreachable)/.test(event));
      expect(lost).to.deep.equal([]);
      expect(told([newcomer])).to.include('coordinator.connected');
      const { environments } = await site.operator.call('Status', { app: 'web' });
      expect(environments[0]).to.include({ healthy: 3 });
      attack.end();
      console.log(
        `        ${held} of ${count} held (${attack.dialled} dialled, ${attack.cut} cut): a rollout over 3 nodes took ` +
          `${Math.round(attacked)} ms, over 2 before ${Math.round(calm)} ms; a new node joined in ${Math.round(joinedMs)} ms; ` +
          `${now} MB, ${memory} MB before`,
      );
    });
  }
});
