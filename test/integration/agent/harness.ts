import { chmod, mkdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { dirname, join } from 'node:path';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import type { Assignment } from '../../../shared/model/desired-state.js';
import type { AppName, EnvName, RolloutId } from '../../../shared/model/ids.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { eventually } from '../../support/eventually.js';
import { freePorts } from '../../support/free-ports.js';
import { type Program, startProgram } from '../../support/processes.js';
import { publish } from '../../support/releases.js';
import { tempDir } from '../../support/temp-dir.js';
import { FakeCoordinator } from './fake-coordinator.js';

/** Files of a release: path → content; scripts are made executable. */
export type Files = Readonly<Record<string, string>>;

export interface Node {
  readonly dir: string;
  readonly coordinator: FakeCoordinator;
  readonly port: number;
  readonly home: string;
  /** What the agent is started with. */
  readonly args: readonly string[];
  agent(): Program;
  /** Starts the agent (again) and waits until it listens. */
  start(args?: readonly string[]): Promise<void>;
  release(version: string, files: Files): Promise<ReleaseRef>;
  assignment(release: ReleaseRef, generation: number, more?: Partial<Assignment>): Assignment;
  /** Assigns and returns the generation used. */
  deploy(release: ReleaseRef, more?: Partial<Assignment>): number;
  /** Status of the agent's own endpoint. */
  ready(): Promise<number>;
  /** The same for those who test what takes no requests. */
  staging(): Promise<number>;
  /** Body that the application answers; rejects if it does not. */
  ask(path?: string): Promise<string>;
  current(): Promise<string>;
  /** Pid and more of the service, from its shim. */
  service(): Promise<{ readonly shim: number; readonly pid: number; readonly exits: number }>;
}

const app = 'web' as AppName;

/**
 * One agent and a fake coordinator, in a folder of their own.
 * @param diskIn where in that folder the agent's root and state directory are to be; by default, right there
 */
export async function makeNode(
  diskIn: (dir: string) => string | Promise<string> = (dir) => dir,
): Promise<Node> {
  const dir = await tempDir();
  const disk = await diskIn(dir);
  const [port = 0, listen = 0] = await freePorts(2);
  const coordinator = new FakeCoordinator();
  await coordinator.start();
  const home = join(disk, 'srv', app);
  let program: Program | undefined;
  let generation = 0;
  const own = [
    ...['--insecure-loopback', '--allow-unsigned', '--name', 'n1', '--coordinator', coordinator.address],
    ...['--state-dir', join(disk, 'state'), '--root', join(disk, 'srv'), '--listen', `127.0.0.1:${listen}`],
    ...['--conf-dir', join(dir, 'conf.d'), '--env', `PORT=${port}`, '--reserve-mb', '0'],
  ];
  const node: Node = {
    ...{ dir, coordinator, port, home },
    args: own,
    agent: () => {
      if (program === undefined) throw new Error('the agent was not started');
      return program;
    },
    start: async (args = []) => {
      program = startProgram('capstan-agent', [...own, ...args]);
      await program.waitFor('listening');
    },
    release: async (version, files) => {
      const source = join(dir, 'sources', version);
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(source, path)), { recursive: true });
        await writeFile(join(source, path), content);
        if (path.startsWith('bin/')) await chmod(join(source, path), 0o755);
      }
      return publish(source, directoryStore(join(dir, 'store')), version);
    },
    assignment: (release, number, more = {}) => ({
      app,
      env: 'test' as EnvName,
      generation: number,
      intent: 'activate',
      release,
      config: {},
      configRevision: '0a0b0c0d',
      activation: { drain: false, restart: false, minHealthyTimeMs: 100, healthDeadlineMs: 5000 },
      rollout: 'r-1' as RolloutId,
      stores: [],
      fetchBytesPerSecond: 0,
      ...more,
    }),
    deploy: (release, more) => {
      generation += 1;
      coordinator.want([node.assignment(release, generation, more)], [`file:${join(dir, 'store')}`]);
      return generation;
    },
    ready: () => statusOf(`http://127.0.0.1:${listen}/ready/${app}`),
    staging: () => statusOf(`http://127.0.0.1:${listen}/staging/${app}`),
    ask: (path = '/') => body(`http://127.0.0.1:${port}${path}`),
    current: async () => readlink(join(home, 'current')),
    service: async () => {
      const text = await readFile(join(disk, 'state/services', app, 'status.json'), 'utf8');
      const found = JSON.parse(text) as { shim: { pid: number }; service: { pid: number }; exits: number };
      return { shim: found.shim.pid, pid: found.service.pid, exits: found.exits };
    },
  };
  return node;
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

export const gone = (pid: number): Promise<true> =>
  eventually(() => !isAlive(pid), { what: `process ${pid} to end` });

function request(url: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false, timeout: 2000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: text });
      });
    }).on('error', reject);
  });
}

const statusOf = async (url: string): Promise<number> => (await request(url)).status;
const body = async (url: string): Promise<string> => (await request(url)).body;

/** A release with a server that answers its version. `server` is put in before it listens. */
export function serverFiles(version: string, { server = '', spec = '', grace = '2s' } = {}): Files {
  return {
    'server.js': `${server}
const http = require('node:http');
let healthy = true;
http.createServer((request, response) => {
  if (request.url === '/break') healthy = false;
  response.statusCode = request.url === '/healthz' && !healthy ? 500 : 200;
  response.end('${version}');
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('${version} listens'));
`,
    'capstan.yml': `apiVersion: capstan/v1
kind: Release
service: { process: { command: [node, server.js], grace: ${grace} } }
health:
  - { http: { url: 'http://127.0.0.1:\${PORT}/healthz' }, every: 100ms, rise: 2, fall: 2 }
drain: { wait: 300ms }
${spec}`,
  };
}
