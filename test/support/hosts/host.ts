import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../eventually.js';
import { makeCgroups, removeCgroups } from './cgroups.js';
import { type CommandOptions, command } from './command.js';
import { firstBelow } from './process-tree.js';

export interface HostOptions {
  /** Folders and files of this machine that the host sees and cannot write: path there → path here. */
  readonly sees?: Readonly<Record<string, string>>;
  /** The size of its disk, as `truncate` takes it. On this machine it takes up what was written on it only. */
  readonly disk?: string;
  /** Its own in a network of the rack's, such as `10.88.0.1`; left out, it shares the rack's loopback with all like it. */
  readonly address?: string;
}

/** What a rack gives to a host. */
export interface HostPlace {
  /** The first process of the namespaces that the rack's hosts run in. */
  readonly keeper: number;
  /** The file system above which the host writes. */
  readonly base: string;
  /** Where its disk lies. */
  readonly dir: string;
  readonly cgroups: readonly string[];
  /** What hosts with addresses of their own are plugged into. */
  readonly bridge: string;
}

/** How systemd-nspawn says that the host is to be started again. */
const rebootCode = 133;
const bootLimitMs = 30_000;
const haltLimitMs = 60_000;

/**
 * One host that runs systemd. Its disk is an ext4 of its own, with a Debian below that it shares with the others. As on a
 * real machine, what was not synced is lost when its power is cut.
 */
export class Host {
  readonly name: string;
  readonly #place: HostPlace;
  readonly #sees: Readonly<Record<string, string>>;
  readonly #address: string | undefined;
  #machine: ChildProcess | undefined;
  #first = 0;

  private constructor(name: string, place: HostPlace, { sees = {}, address }: HostOptions) {
    this.name = name;
    this.#place = place;
    this.#sees = sees;
    this.#address = address;
  }

  /** A host with an empty disk that was never started. */
  static async make(name: string, place: HostPlace, options: HostOptions): Promise<Host> {
    const host = new Host(name, place, options);
    const image = host.#path('disk.img');
    for (const folder of ['disk', 'root']) await mkdir(host.#path(folder), { recursive: true });
    await command('truncate', ['-s', options.disk ?? '2G', image]);
    await command('mkfs.ext4', ['-q', image]);
    await host.#plugIn();
    await mkdir(host.path('/etc'), { recursive: true });
    await writeFile(host.path('/etc/hostname'), `${name}\n`);
    // Without one it would take this for its first start ever and enable whatever it finds.
    await writeFile(host.path('/etc/machine-id'), `${randomBytes(16).toString('hex')}\n`);
    return host;
  }

  /** Where this machine sees what the host has at `path`, as long as its disk is plugged in: until `powerCut` or `stop`. */
  path(path: string): string {
    return join(`/proc/${this.#place.keeper}/root`, this.#path('root'), path);
  }

  /** Switches it on, and waits until its units are up or have failed. */
  async start(): Promise<void> {
    const { keeper, cgroups, bridge } = this.#place;
    await this.#plugIn();
    await makeCgroups(cgroups);
    const binds = Object.entries(this.#sees).map(([there, here]) => `--bind-ro=${here}:${there}`);
    const nspawn = [
      ...['systemd-nspawn', '--quiet', '--boot', '--register=no', '--keep-unit', ...binds],
      ...[`--directory=${this.#path('root')}`, `--machine=${this.name}`, '--kill-signal=SIGRTMIN+3'],
      ...['--resolv-conf=off', '--timezone=off', '--link-journal=no', '--console=pipe'],
      ...(this.#address === undefined ? [] : [`--network-bridge=${bridge}`]),
    ];
    const enter = ['nsenter', `--target=${keeper}`, '--mount', '--net', '--pid', '--', ...nspawn];
    const script = 'for group in $1; do echo $$ >"$group/cgroup.procs"; done; shift; exec "$@"';
    const console = await open(this.#path('console.log'), 'a');
    this.#machine = spawn('sh', ['-ec', script, 'sh', cgroups.join(' '), ...enter], {
      stdio: ['ignore', console.fd, console.fd],
      detached: true, // an interrupt at the terminal is not for it
    });
    await console.close();
    await eventually(() => this.#isUp(), { timeoutMs: bootLimitMs, what: `${this.name} to be up` });
    if (this.#address === undefined) return;
    const plug = 'ip address add "$1/24" dev host0 && ip link set host0 up';
    await this.exec('sh', ['-ec', plug, 'sh', this.#address]);
  }

  /** Runs a program in it, as root. */
  exec(program: string, args: readonly string[] = [], options?: CommandOptions): Promise<string> {
    return command('nsenter', [`--target=${this.#first}`, '--all', '--', program, ...args], options);
  }

  /** Has it shut down and start again. */
  async reboot(): Promise<void> {
    await this.exec('systemctl', ['reboot']);
    const code = await this.#ended();
    if (code !== rebootCode) throw new Error(`${this.name} did not want to start again: ${code}`);
    await this.start();
  }

  /** Pulls the plug: nothing in it hears of that, and its disk keeps what was synced. */
  async powerCut(): Promise<void> {
    await this.#outside('xfs_io', ['-x', '-c', 'shutdown', this.#path('disk')]);
    process.kill(this.#first, 'SIGKILL');
    await this.#ended();
    await this.#plugOut();
  }

  /** Has it shut down. */
  async stop(): Promise<void> {
    await this.exec('systemctl', ['poweroff']);
    await this.#ended();
    await this.#plugOut();
  }

  /** Takes it away for good, with its disk; it must be stopped. */
  async wipe(): Promise<void> {
    await this.#plugOut();
    await rm(this.#place.dir, { recursive: true });
  }

  async #isUp(): Promise<boolean> {
    const machine = this.#machine;
    if (machine?.exitCode !== null || machine.signalCode !== null) {
      throw new Error(`${this.name} has ended: ${await readFile(this.#path('console.log'), 'utf8')}`);
    }
    this.#first = (await firstBelow(machine.pid ?? 0)) ?? 0;
    if (this.#first === 0) return false;
    const state = await this.exec('sh', ['-c', 'systemctl is-system-running || :'], { timeoutMs: 5_000 });
    return state === 'running' || state === 'degraded';
  }

  /** @returns the exit code of systemd-nspawn */
  async #ended(): Promise<number | null> {
    const machine = this.#machine;
    if (machine === undefined) return null;
    if (machine.exitCode === null && machine.signalCode === null) {
      await once(machine, 'exit', { signal: AbortSignal.timeout(haltLimitMs) });
    }
    await removeCgroups(this.#place.cgroups);
    return machine.exitCode;
  }

  async #plugIn(): Promise<void> {
    const script = `if ! mountpoint -q root; then
      mount -o loop disk.img disk && mkdir -p disk/upper disk/work &&
      mount -t overlay -o lowerdir="$1",upperdir=disk/upper,workdir=disk/work,redirect_dir=on "$2" root
    fi`;
    await this.#outside('sh', [
      '-ec',
      `cd "$3"; ${script}`,
      'sh',
      this.#place.base,
      this.name,
      this.#place.dir,
    ]);
  }

  async #plugOut(): Promise<void> {
    const script = 'for each; do if mountpoint -q "$each"; then umount "$each"; fi; done';
    await this.#outside('sh', ['-ec', script, 'sh', this.#path('root'), this.#path('disk')]);
  }

  /** Runs a program of this machine with the mounts of the hosts in sight. */
  #outside(program: string, args: readonly string[]): Promise<string> {
    return command('nsenter', [`--target=${this.#place.keeper}`, '--mount', '--pid', '--', program, ...args]);
  }

  #path(name: string): string {
    return join(this.#place.dir, name);
  }
}
