import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../shared/io/package-root.js';
import { cleanUp } from '../../support/cleanup.js';
import { cleanEnvironment, type Program, programPath, startProgram } from '../../support/processes.js';
import type { Files, Node } from '../agent/harness.js';

/** How soon it is started again. Milliseconds. */
const restartMs = 50;

/**
 * The agent under something that does what systemd does for it: starts it again whenever it ends, and the watch with each
 * start unless it runs. As in a unit, the launcher is the one of this checkout, for the "package".
 */
export class AgentUnit {
  readonly updates: string;
  readonly #node: Node;
  readonly #env: Readonly<Record<string, string>>;
  #program: Program | undefined;
  #watch: ChildProcess | undefined;
  #over = false;
  /** What all that were started have written, oldest first. */
  readonly programs: Program[] = [];

  private constructor(node: Node, updates: string, env: Readonly<Record<string, string>>) {
    this.#node = node;
    this.updates = updates;
    this.#env = env;
  }

  static async start(node: Node): Promise<AgentUnit> {
    const updates = join(node.dir, 'updates');
    const bin = join(node.dir, 'fake-systemd');
    await mkdir(bin);
    // Releases of the agent find there what it does not have in its own files.
    await symlink(join(packageRoot(), 'node_modules'), join(node.dir, 'node_modules'));
    await writeFile(join(bin, 'systemctl'), systemctl(join(node.dir, 'pid')));
    await chmod(join(bin, 'systemctl'), 0o755);
    const env = { PATH: `${bin}:${cleanEnvironment()['PATH'] ?? ''}`, CAPSTAN_AGENT_UPDATES: updates };
    const unit = new AgentUnit(node, updates, env);
    cleanUp(() => unit.stop());
    await unit.#start();
    await unit.program.waitFor('listening');
    return unit;
  }

  /** The one that runs, or ran last. */
  get program(): Program {
    if (this.#program === undefined) throw new Error('it was never started');
    return this.#program;
  }

  /** What `current` leads to; undefined: nothing. */
  current(): Promise<string | undefined> {
    return readlink(join(this.updates, 'current')).catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#over = true;
    this.#program?.kill('SIGKILL');
    this.#watch?.kill('SIGKILL');
    await this.#program?.exited;
  }

  async #start(): Promise<void> {
    if (this.#over) return;
    const program = startProgram('capstan-agent', this.#node.args, { env: this.#env });
    this.#program = program;
    this.programs.push(program);
    await writeFile(join(this.#node.dir, 'pid'), String(program.pid));
    if (this.#watch === undefined || this.#watch.exitCode !== null || this.#watch.signalCode !== null) {
      const env = { ...cleanEnvironment(), ...this.#env };
      this.#watch = spawn(`${programPath('capstan-agent')}-watch`, { env, stdio: 'ignore' });
    }
    void program.exited.then(() => {
      setTimeout(() => void this.#start(), restartMs);
    });
  }
}

const systemctl = (pidFile: string): string => `#!/bin/sh
case $1 in
  show) echo LoadState=loaded ;;
  is-active) echo active ;;
  kill) kill -KILL "$(cat ${pidFile})" ;;
  *) exit 1 ;;
esac
`;

/** The files of a release of the agent, as its package has them, but for Node.js. */
export async function agentFiles(version: string, more: Files = {}): Promise<Files> {
  const root = packageRoot();
  const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
  const paths = ['bin/capstan-agent', 'bin/capstan-agent-watch'];
  const programs = ['agent', 'stager', 'shim'].map((name) => `dist/capstan-${name}.cjs`);
  const files = await Promise.all(
    [...paths, ...programs].map(async (path) => [path, await read(path)] as const),
  );
  const about = JSON.parse(await read('package.json')) as object;
  const spec = 'systemd/package/capstan-agent/files/usr/lib/capstan-agent/capstan.yml';
  return {
    ...Object.fromEntries(files),
    'capstan.yml': await read(spec),
    'package.json': JSON.stringify({ ...about, version }),
    ...more,
  };
}
