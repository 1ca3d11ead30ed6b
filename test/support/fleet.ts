import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { capstan as capstanHere, type Outcome } from './capstan.js';
import { freePorts } from './free-ports.js';
import type { Backend } from './load-balancer.js';
import {
  type Exit,
  type Finished,
  killProcessesIn,
  type Program,
  type ProgramName,
  runProgram,
  startProgram,
} from './processes.js';

/** A daemon that can be killed and started again on the same ports and folders. */
export interface Daemon {
  readonly name: string;
  /** The run of now, or the last one. */
  program(): Program;
  /** Starts it (again) and waits until it says that it listens. */
  start(): Promise<void>;
  /** SIGKILL: no chance to put anything in order. */
  kill(): Promise<void>;
  /** SIGTERM. */
  stop(): Promise<Exit>;
}

export interface FleetNode extends Daemon {
  readonly zone: string;
  /** The address that the agent and the application listen on. */
  readonly host: string;
  /** The agent's own endpoint. */
  readonly agentUrl: string;
  /** Where the application of this node listens once it runs. */
  readonly port: number;
  readonly stateDir: string;
  readonly root: string;
}

export interface Fleet {
  readonly dir: string;
  /** host:port for agents. */
  readonly agentAddress: string;
  /** host:port for operators. */
  readonly operatorAddress: string;
  readonly coordinator: Daemon;
  readonly nodes: readonly FleetNode[];
  /** What is behind a load balancer for the application. */
  backends(app: string, healthPath: string): readonly Backend[];
  /** The environment variables that make `bin/capstan` speak to this coordinator. */
  readonly operatorEnv: Readonly<Record<string, string>>;
  /** Runs `bin/capstan` to its end. */
  capstan(args: readonly string[], options?: { readonly timeoutMs?: number }): Promise<Finished>;
  /** Runs `capstan` in this process, which is ten times as fast; paths must be absolute. */
  ask(args: readonly string[]): Promise<Outcome>;
  /**
   * Asks a question, `capstan … --output json`, and reads the answer; rejects if it fails. In this process: a test
   * that waits for something would else spend its time on starting programs.
   */
  json<T>(args: readonly string[]): Promise<T>;
  /** Ends everything, services and their shims included. The folder stays. */
  destroy(): Promise<void>;
}

export interface FleetOptions {
  /** An empty folder; everything of the fleet is below it. */
  readonly dir: string;
  readonly nodes: number;
  /** Nodes are dealt to them in turn. */
  readonly zones?: readonly string[];
  /**
   * As hosts have it: every node has an address of its own, 127.0.1.1 and so on (the application is given it as HOST), and
   * all of them listen on the same three ports: the application, the agent's endpoint, its agent-check.
   */
  readonly ports?: readonly [app: number, endpoint: number, agentCheck: number];
  /** More arguments for the coordinator. */
  readonly coordinatorArgs?: readonly string[];
}

/**
 * A coordinator and its agents as real processes on loopback, all connected. Every port is chosen before, so
 * that each can be started again on the same one.
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { dir, nodes: count, zones = ['a', 'b', 'c'], coordinatorArgs = [] } = options;
  const [samePort, sameEndpoint, agentCheck] = options.ports ?? [];
  const ports = await freePorts(3 + 2 * count);
  const port = (index: number): number => ports[index] ?? 0;
  const address = (index: number): string => `127.0.0.1:${port(index)}`;
  const home = join(dir, 'home');
  const tmp = join(dir, 'tmp'); // so that nothing stays elsewhere, whatever is killed
  await Promise.all([home, tmp].map(async (folder) => mkdir(folder, { recursive: true })));
  const operatorEnv = {
    CAPSTAN_COORDINATOR: address(1),
    CAPSTAN_INSECURE_LOOPBACK: '1',
    HOME: home, // no contexts of the person who runs the tests
    TMPDIR: tmp,
  };
  const coordinator = daemon('coordinator', 'capstan-coordinator', tmp, [
    '--insecure-loopback',
    ...['--data-dir', join(dir, 'coordinator')],
    ...['--agent-listen', address(0)],
    ...['--operator-listen', address(1)],
    ...['--http-listen', address(2)],
    ...coordinatorArgs,
  ]);
  const width = String(count).length;
  const nodes = Array.from({ length: count }, (_, index): FleetNode => {
    const name = `web-${String(index + 1).padStart(width, '0')}`;
    const zone = zones[index % zones.length] ?? 'a';
    const stateDir = join(dir, 'nodes', name, 'state');
    const root = join(dir, 'nodes', name, 'srv');
    const host = agentCheck === undefined ? '127.0.0.1' : `127.0.1.${index + 1}`;
    const listen = `${host}:${sameEndpoint ?? port(3 + 2 * index)}`;
    const appPort = samePort ?? port(4 + 2 * index);
    const args = [
      '--insecure-loopback',
      '--allow-unsigned',
      ...['--name', name],
      ...['--label', `zone=${zone}`, '--label', 'role=web', '--label', 'env=production'],
      ...['--coordinator', address(0)],
      ...['--state-dir', stateDir],
      ...['--root', root],
      ...['--conf-dir', join(dir, 'nodes', name, 'conf.d')],
      ...['--listen', listen],
      ...['--env', `PORT=${appPort}`, '--env', `HOST=${host}`],
      ...(agentCheck === undefined ? [] : ['--agent-check', `${host}:${agentCheck}`]),
    ];
    return {
      ...daemon(name, 'capstan-agent', tmp, args),
      zone,
      host,
      agentUrl: `http://${listen}`,
      port: appPort,
      stateDir,
      root,
    };
  });
  const capstan: Fleet['capstan'] = async (args, { timeoutMs = 60_000 } = {}) =>
    runProgram('capstan', args, { env: operatorEnv, cwd: dir, timeoutMs });
  const ask: Fleet['ask'] = async (args) =>
    capstanHere(args, { env: operatorEnv, home, user: userInfo().username });
  const fleet: Fleet = {
    dir,
    agentAddress: address(0),
    operatorAddress: address(1),
    coordinator,
    nodes,
    operatorEnv,
    capstan,
    ask,
    backends: (app, healthPath) =>
      nodes.map(({ name, host, port: appPort, agentUrl }) => ({
        name,
        host,
        port: appPort,
        healthPath,
        readyUrl: `${agentUrl}/ready/${app}`,
      })),
    async json<T>(args: readonly string[]): Promise<T> {
      const { code, stdout, stderr } = await ask([...args, '--output', 'json']);
      if (code !== 0) throw new Error(`capstan ${args.join(' ')} exited ${String(code)}: ${stderr}${stdout}`);
      return JSON.parse(stdout) as T;
    },
    destroy: () => killProcessesIn(dir),
  };
  await coordinator.start();
  await Promise.all(nodes.map(async (node) => node.start()));
  return fleet;
}

function daemon(name: string, program: ProgramName, tmp: string, args: readonly string[]): Daemon {
  let run: Program | undefined;
  const current = (): Program => {
    if (run === undefined) throw new Error(`${name} was never started`);
    return run;
  };
  return {
    name,
    program: current,
    async start() {
      run = startProgram(program, args, { env: { TMPDIR: tmp } });
      await run.waitFor('listening', undefined, 30_000);
    },
    async kill() {
      await current().stop('SIGKILL');
    },
    stop: async () => current().stop('SIGTERM'),
  };
}
