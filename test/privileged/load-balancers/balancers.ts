import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import type { Fleet } from '../../support/fleet.js';
import { tempDir } from '../../support/temp-dir.js';
import { fromGuide, type Places } from './guide.js';

/** The ports of every node: the application, the agent's endpoint, its agent-check. */
export type NodePorts = readonly [app: number, endpoint: number, agentCheck: number];

/** A load balancer that serves, with its configuration from the guide. */
export interface Balancer {
  readonly url: string;
  /** Names of the nodes that it gives requests to. */
  serving(): Promise<ReadonlySet<string>>;
}

const hosts: Places[number] = ['10.0.0.', '127.0.1.'];

export interface Haproxy extends Balancer {
  readonly socket: string;
  /** UP, DRAIN and so on, of each node. */
  states(): Promise<readonly string[]>;
  /** How the last agent-check of each node ended. */
  agentChecks(): Promise<readonly string[]>;
}

/** HAProxy with a configuration of the guide. */
export async function startGuidesHaproxy(block: string, port: number, ports: NodePorts): Promise<Haproxy> {
  const [app, endpoint, agentCheck] = ports;
  const checks: Places = block.endsWith('agent-check')
    ? [['agent-port 7651', `agent-port ${agentCheck}`]]
    : [
        ['port 7650', `port ${endpoint}`],
        ['port 8080', `port ${app}`],
      ];
  const front: Places[number] = ['bind :80', `bind 127.0.0.1:${port}`];
  const config = await fromGuide(`# ${block}`, [hosts, [':8080', `:${app}`], front, ...checks]);
  return await startHaproxy(config, port);
}

/** HAProxy with a backend `web`, and a socket to ask for its state and change it. */
export async function startHaproxy(config: string, port: number): Promise<Haproxy> {
  const dir = await tempDir();
  const socket = join(dir, 'socket');
  const file = join(dir, 'haproxy.cfg');
  await writeFile(file, `global\n    stats socket ${socket} mode 600 level admin\n${config}`);
  runUntilTheEnd(spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'ignore'] }));
  const servers = async (): Promise<readonly Readonly<Record<string, string>>[]> => {
    const [names = '', ...rows] = (await talk(socket, 'show stat\n')).replace(/^# /, '').split('\n');
    const columns = names.split(',');
    return rows
      .map((row) => Object.fromEntries(row.split(',').map((value, at) => [columns[at] ?? '', value])))
      .filter((row) => row['pxname'] === 'web' && row['svname'] !== 'BACKEND');
  };
  return {
    url: `http://127.0.0.1:${port}/`,
    socket,
    states: async () => (await servers()).map((row) => row['status'] ?? ''),
    serving: async () => {
      const up = (await servers()).filter((row) => row['status'] === 'UP');
      return new Set(up.map((row) => row['svname'] ?? ''));
    },
    agentChecks: async () => (await servers()).map((row) => row['agent_status'] ?? ''),
  };
}

/** nginx and the script that watches the agents, as the guide has them. */
export async function startNginx(port: number, ports: NodePorts, fleet: Fleet): Promise<Balancer> {
  const [app, endpoint] = ports;
  const dir = await tempDir();
  await mkdir(join(dir, 'temp'));
  const links = join(dir, 'links');
  const paths: Places = [
    ['/run/nginx-', `${dir}/nginx-`],
    ['/run/capstan-nginx', links],
  ];
  const servers = await fromGuide('# nginx', [
    ...paths,
    hosts,
    [':8080', `:${app}`],
    ['listen 80', `listen 127.0.0.1:${port}`],
  ]);
  const script = await fromGuide('# watch-agents', [...paths, hosts, [':7650', `:${endpoint}`]]);
  const watcher = join(dir, 'watch-agents');
  await writeFile(watcher, script);
  await chmod(watcher, 0o755);
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${dir}/temp/${kind};`,
  );
  const config = join(dir, 'nginx.conf');
  await writeFile(
    config,
    `daemon off; user root; worker_processes 1; pid ${dir}/pid; error_log ${dir}/error.log crit;
events {}
http { access_log off; ${temp.join(' ')}
${servers}}
`,
  );
  keepRunning(watcher);
  runUntilTheEnd(spawn('/usr/sbin/nginx', ['-p', dir, '-c', config], { stdio: 'ignore' }));
  return {
    url: `http://127.0.0.1:${port}/`,
    serving: async () =>
      new Set((await readdir(links)).filter((name) => fleet.nodes.some((node) => node.name === name))),
  };
}

/** Ends it when the tests are over. */
function runUntilTheEnd(child: ChildProcess): void {
  const ended = once(child, 'exit');
  cleanUp(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await ended;
  });
}

/** Starts it again whenever it ends, as its unit with `Restart=always` does, until the tests are over. */
function keepRunning(program: string): void {
  let child: ChildProcess;
  let isOver = false;
  const start = (): void => {
    child = spawn(program, { stdio: ['ignore', 'ignore', 'inherit'], detached: true });
    child.once('exit', (code, signal) => {
      if (isOver) return;
      process.stderr.write(`      ${program} ended (${signal ?? code}) and is started again\n`);
      start();
    });
  };
  start();
  cleanUp(async () => {
    isOver = true;
    const { pid = 0, exitCode, signalCode } = child;
    if (pid === 0 || exitCode !== null || signalCode !== null) return;
    const ended = once(child, 'exit');
    process.kill(-pid, 'SIGTERM');
    await ended;
  });
}

async function talk(path: string, words: string): Promise<string> {
  return await eventually(async () => {
    const socket = createConnection(path);
    await once(socket, 'connect');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.end(words);
    await once(socket, 'close');
    return text;
  });
}
