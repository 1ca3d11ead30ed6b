import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../test/support/eventually.js';
import { killProcessesIn, programPath } from '../../test/support/processes.js';
import { type Command, type Outcome, run, type Server, startServer } from './command.js';
import type { Host } from './fabric.js';
import { specOf } from './operate.js';

const agentPort = 7600;
const operatorPort = 7601;
const httpPort = 7602;
const endpointPort = 7650;

/**
 * As systemd starts it on a server: without the authorities that this machine has for its own ways out, which each
 * Node.js reads at its start, and takes longer for that than for the rest of it.
 */
const program = (name: Parameters<typeof programPath>[0]): readonly string[] => [
  ...['env', '-u', 'NODE_EXTRA_CA_CERTS'],
  programPath(name),
];

/** Where an agent has its folders, as its host sees them. */
export interface AgentFolders {
  readonly state: string;
  readonly root: string;
  readonly conf: string;
}

export interface FabricFleetOptions {
  /** For what the coordinator and the operator write; it goes with the fleet. */
  readonly dir: string;
  /** Where the coordinator runs, which keeps the releases, and whoever gives commands. */
  readonly origin: Host;
  readonly nodes: readonly Host[];
  readonly folders: (node: Host) => AgentFolders;
  /** More arguments for an agent. */
  readonly agentArgs?: (node: Host) => readonly string[];
}

/** The real programs on the hosts of a fabric, with the application `web`. */
export interface FabricFleet {
  /** `bin/capstan` with these words, to be run at the origin. */
  readonly command: (...words: readonly string[]) => Command;
  /** Runs it to its end. */
  readonly capstan: (...words: readonly string[]) => Promise<Outcome>;
  end(): Promise<void>;
}

/** Starts a coordinator, and an agent on every node; all of them are connected when it is done. */
export async function startFabricFleet(options: FabricFleetOptions): Promise<FabricFleet> {
  const { dir, origin, nodes } = options;
  await mkdir(join(dir, 'tmp'), { recursive: true });
  const at = (port: number): string => `${origin.address}:${port}`;
  const env = {
    ...{ CAPSTAN_COORDINATOR: at(operatorPort), CAPSTAN_INSECURE_LOOPBACK: '1' },
    ...{ HOME: dir, TMPDIR: join(dir, 'tmp') },
  };
  const servers: Server[] = [];
  // In a session of its own, as every daemon: processors are shared out among sessions, and logins have one each too.
  const start = (host: Host, argv: readonly string[]): void => {
    servers.unshift(startServer({ argv: host.on(['setsid', ...argv]), cwd: dir, env }));
  };
  const fleet: FabricFleet = {
    command: (...words) => ({ argv: origin.on([...program('capstan'), ...words]), cwd: dir, env }),
    capstan: (...words) => run(fleet.command(...words)),
    async end() {
      for (const server of servers) await server.end();
      await killProcessesIn(dir);
      await rm(dir, { recursive: true });
    },
  };

  start(origin, [
    ...program('capstan-coordinator'),
    ...['--insecure-loopback', '--data-dir', join(dir, 'coordinator')],
    ...['--agent-listen', at(agentPort), '--operator-listen', at(operatorPort)],
    ...['--http-listen', at(httpPort)],
  ]);
  await writeFile(join(dir, 'web.yml'), specOf('web'));
  await eventually(() => fleet.capstan('apply', '-f', 'web.yml'), {
    ...{ timeoutMs: 30_000, what: 'the coordinator' },
  });
  for (const node of nodes) start(node, agentCommand(node, at(agentPort), options));
  await eventually(async () => (await connected(fleet)) === nodes.length, {
    ...{ timeoutMs: 60_000, everyMs: 500, what: 'all agents to connect' },
  });
  return fleet;
}

function agentCommand(node: Host, coordinator: string, options: FabricFleetOptions): readonly string[] {
  const { state, root, conf } = options.folders(node);
  return [
    ...program('capstan-agent'),
    ...['--insecure-loopback', '--allow-unsigned', '--name', node.name, '--label', 'role=web'],
    ...['--coordinator', coordinator, '--listen', `127.0.0.1:${endpointPort}`],
    ...['--state-dir', state, '--root', root, '--conf-dir', conf],
    ...(options.agentArgs?.(node) ?? []),
  ];
}

async function connected({ capstan }: FabricFleet): Promise<number> {
  const { stdout } = await capstan('node', 'list', '--output', 'json');
  const nodes = JSON.parse(stdout) as readonly { readonly liveness?: string }[];
  return nodes.filter((node) => node.liveness === 'connected').length;
}
