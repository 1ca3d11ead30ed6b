import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../test/support/eventually.js';
import { killProcessesIn, programPath } from '../../test/support/processes.js';
import { type Outcome, run, type Server, startServer } from '../support/command.js';
import type { Host } from '../support/fabric.js';
import type { Bed, Spreads } from './bed.js';
import { type Spread, spread } from './spread.js';

const agentPort = 7600;
const operatorPort = 7601;
const httpPort = 7602;
const endpointPort = 7650;
const peerPort = 7651;

const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: role=web
      strategy: { type: live }
`;

/** The real programs: a coordinator at the origin, which keeps the releases, and an agent on every node. */
interface HostFleet {
  publish(tree: string, version: string): Promise<void>;
  /** Stages a release on all nodes, and compares what is there afterwards with the tree. */
  stage(tree: string, version: string): Promise<Spread>;
  end(): Promise<void>;
}

/** With a coordinator, and agents that fetch from each other or from the coordinator only. */
export async function spreadByFleet(bed: Bed, peers: boolean): Promise<Spreads> {
  const fleet = await startFleet(bed, peers);
  await fleet.publish(bed.trees.v1, '1.0.0');
  const cold = await fleet.stage(bed.trees.v1, '1.0.0');
  await fleet.publish(bed.trees.v2, '2.0.0');
  const update = await fleet.stage(bed.trees.v2, '2.0.0');
  await fleet.end();
  return [cold, update];
}

async function startFleet({ dir, origin, nodes, limitMs }: Bed, peers: boolean): Promise<HostFleet> {
  await mkdir(join(dir, 'tmp'), { recursive: true });
  const at = (port: number): string => `${origin.address}:${port}`;
  const env = {
    ...{ CAPSTAN_COORDINATOR: at(operatorPort), CAPSTAN_INSECURE_LOOPBACK: '1' },
    ...{ HOME: dir, TMPDIR: join(dir, 'tmp') },
  };
  const capstan = (...args: readonly string[]): Promise<Outcome> =>
    run({ argv: origin.on([programPath('capstan'), ...args]), cwd: dir, env });
  const servers: Server[] = [];
  const start = (host: Host, argv: readonly string[]): void => {
    servers.unshift(startServer({ argv: host.on(argv), cwd: dir, env }));
  };

  start(origin, [
    programPath('capstan-coordinator'),
    ...['--insecure-loopback', '--data-dir', join(dir, 'coordinator')],
    ...[
      '--agent-listen',
      at(agentPort),
      '--operator-listen',
      at(operatorPort),
      '--http-listen',
      at(httpPort),
    ],
  ]);
  await writeFile(join(dir, 'web.yml'), spec);
  await eventually(async () => capstan('apply', '-f', 'web.yml'), {
    timeoutMs: 30_000,
    what: 'the coordinator',
  });
  for (const node of nodes)
    start(
      node,
      agentCommand(
        node,
        join(dir, node.name),
        at(agentPort),
        peers ? ['--peer-listen', `${node.address}:${peerPort}`] : [],
      ),
    );
  await eventually(async () => (await connected(capstan)) === nodes.length, {
    ...{ timeoutMs: 60_000, everyMs: 500, what: 'all agents to connect' },
  });

  return {
    async publish(tree, version) {
      await capstan('publish', tree, '--app', 'web', '--version', version);
    },
    async stage(tree, version) {
      const proofs = nodes.map((node) => () => hasRecord(join(dir, node.name), version));
      const result = await spread(origin, proofs, limitMs, () =>
        capstan('stage', `web@${version}`, '--env', 'production'),
      );
      for (const node of nodes) {
        const releases = join(dir, node.name, 'srv/web/releases');
        const name = readdirSync(releases).find((each) => each.startsWith(`${version}-`)) ?? '';
        await run({ argv: ['diff', '-r', tree, join(releases, name)], cwd: dir });
      }
      return result;
    },
    async end() {
      for (const server of servers) await server.end();
      await killProcessesIn(dir);
      await rm(dir, { recursive: true });
    },
  };
}

function agentCommand(
  node: Host,
  dir: string,
  coordinator: string,
  further: readonly string[],
): readonly string[] {
  return [
    programPath('capstan-agent'),
    ...['--insecure-loopback', '--allow-unsigned', '--name', node.name, '--label', 'role=web'],
    ...['--coordinator', coordinator, '--listen', `127.0.0.1:${endpointPort}`],
    ...['--state-dir', join(dir, 'state'), '--root', join(dir, 'srv'), '--conf-dir', join(dir, 'conf.d')],
    ...further,
  ];
}

async function connected(capstan: (...args: readonly string[]) => Promise<Outcome>): Promise<number> {
  const { stdout } = await capstan('node', 'list', '--output', 'json');
  const nodes = JSON.parse(stdout) as readonly { readonly liveness?: string }[];
  return nodes.filter((node) => node.liveness === 'connected').length;
}

/** The record is written last, after all of the release is on disk. */
function hasRecord(dir: string, version: string): boolean {
  const records = join(dir, 'state/releases/web');
  if (!existsSync(records)) return false;
  return readdirSync(records).some((name) => name.startsWith(`${version}-`) && name.endsWith('.json'));
}
