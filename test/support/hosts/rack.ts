import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanUp } from '../cleanup.js';
import { runs } from '../installed.js';
import { tempDir } from '../temp-dir.js';
import { cgroupDirs, makeCgroups, removeCgroups } from './cgroups.js';
import { command } from './command.js';
import { Host, type HostOptions } from './host.js';
import { childrenOf } from './process-tree.js';
import { rootfs } from './rootfs.js';

const keeperScript = fileURLToPath(new URL('keeper.sh', import.meta.url));

/**
 * What this machine lacks for hosts of its own; undefined: nothing. It takes half a minute the first time, when the
 * Debian of all hosts is made.
 */
export async function hostsLack(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'hosts for tests need root';
  const tools = [
    ['mmdebstrap', '--version'],
    ['systemd-nspawn', '--version'],
    ['xfs_io', '-V'],
    ['mkfs.ext4', '-V'],
    ['ip', '-V'],
  ] as const;
  for (const [tool, ...args] of tools) {
    if (await runs(tool, ...args)) continue;
    return `${tool} is not installed; on Debian: apt-get install mmdebstrap systemd-container xfsprogs e2fsprogs iproute2`;
  }
  if (!(await runs('unshare', '--mount', '--net', '--pid', '--fork', '--mount-proc', 'true'))) {
    return 'namespaces cannot be made here';
  }
  if (!(await runs('losetup', '--find'))) return 'there are no loop devices here';
  try {
    const cgroups = await cgroupDirs(`capstan-probe-${process.pid}`);
    await makeCgroups(cgroups);
    await removeCgroups(cgroups);
    await rootfs();
    return undefined;
  } catch (error) {
    return `hosts cannot be made here: ${String(error)}`;
  }
}

/**
 * Hosts with systemd and the one network that they share with each other and with nobody else. Mounts, network and
 * processes of it are in namespaces of their own, which end with the test whatever happens to it.
 */
export class Rack {
  /** Where everything of it lies. */
  readonly dir: string;
  /** The first process of the namespaces. */
  readonly pid: number;
  readonly #cgroups: readonly string[];
  readonly #base: string;

  private constructor(dir: string, pid: number, cgroups: readonly string[], base: string) {
    this.dir = dir;
    this.pid = pid;
    this.#cgroups = cgroups;
    this.#base = base;
  }

  /** It is taken down after the test, or after the suite if it is made in `before`. */
  static async open(): Promise<Rack> {
    const base = await rootfs();
    const dir = await tempDir();
    const cgroups = await cgroupDirs(rackName(process.pid, dir));
    await makeCgroups(cgroups);
    const keeper = spawn('bash', [keeperScript, dir, ...cgroups], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true, // an interrupt at the terminal is for the tests; this ends after them, and cleans up
    });
    cleanUp(async () => {
      keeper.stdin.end();
      if (keeper.exitCode === null && keeper.signalCode === null) await once(keeper, 'exit');
    });
    await ready(keeper);
    const [unshare] = await childrenOf(keeper.pid ?? 0);
    const [first] = await childrenOf(unshare ?? 0);
    if (first === undefined) throw new Error('the keeper of the hosts has ended');
    return new Rack(dir, first, cgroups, base);
  }

  /** Puts up a host; it is not started yet. */
  async host(name: string, options: HostOptions = {}): Promise<Host> {
    if (options.address !== undefined) await this.#makeBridge();
    const cgroups = this.#cgroups.map((group) => join(group, name));
    const place = { keeper: this.pid, base: this.#base, dir: join(this.dir, name), cgroups, bridge };
    return Host.make(name, place, options);
  }

  /** What to put before a command for it to run outside all hosts, but in their network. */
  get inNetwork(): readonly string[] {
    return ['nsenter', this.#network, '--'];
  }

  async #makeBridge(): Promise<void> {
    const script =
      'ip link add "$1" type bridge 2>/dev/null || ip link show "$1" >/dev/null; ip link set "$1" up';
    await command('nsenter', [this.#network, '--', 'sh', '-ec', script, 'sh', bridge]);
  }

  get #network(): string {
    return `--net=/proc/${this.pid}/ns/net`;
  }

  /**
   * What a server in the network of the hosts answers; it listens on loopback there.
   * @throws Error if nobody does
   */
  async get(port: number, path = '/'): Promise<{ readonly status: number; readonly body: string }> {
    const script = 'exec 3<>"/dev/tcp/127.0.0.1/$1"; printf "GET %s HTTP/1.0\\r\\n\\r\\n" "$2" >&3; cat <&3';
    const words = [this.#network, '--', 'bash', '-c', script, 'bash', String(port), path];
    const answer = await command('nsenter', words, { timeoutMs: 5_000 });
    const [, status, body = ''] = /^HTTP\/1\.1 (\d{3}).*?\r\n\r\n(.*)$/s.exec(answer) ?? [];
    return { status: Number(status), body };
  }
}

/** What hosts with addresses of their own are plugged into. */
const bridge = 'hosts';

/** What the control groups of a rack are called. */
export const rackName = (runner: number, dir: string): string => `capstan-rack-${runner}-${basename(dir)}`;

async function ready(keeper: ChildProcess): Promise<void> {
  const said = new Promise<void>((resolve, reject) => {
    keeper.stdout?.once('data', () => {
      resolve();
    });
    keeper.once('exit', (code) => {
      reject(new Error(`no namespaces for hosts could be made: exit code ${code ?? 'unknown'}`));
    });
  });
  await said;
}
