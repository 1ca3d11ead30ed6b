import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PollResponse } from '../../shared/wire/gen/capstan/v1/PollResponse.js';
import { connectOperator } from '../../shared/wire/operator-client.js';
import { eventually } from '../../test/support/eventually.js';
import { freePorts } from '../../test/support/free-ports.js';
import { runProgram, startProgram } from '../../test/support/processes.js';
import { tempDir } from '../../test/support/temp-dir.js';
import { startPeer } from '../support/peer-process.js';
import type { FromServer, ToServer } from './messages.js';

/** A server under measurement. */
export interface FanoutServer {
  readonly pid: number;
  /** Node's own flags, from its command line. */
  readonly nodeFlags: readonly string[];
  /** Where agents connect. */
  readonly address: string;
  /** Makes it answer every held poll; resolves when it has taken the order. Rounds count from 1. */
  release(round: number): Promise<void>;
  heard(answer: PollResponse): void;
  /** Resolves when the next round may begin. */
  settle(): Promise<void>;
  end(): Promise<void>;
}

const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: bench=fanout
      strategy: { type: live, maxUnavailable: 100%, health: { minHealthyTime: 0s, deadline: 5m } }
`;

/** A real coordinator with one small release a round, deployed to all agents at once. */
export async function coordinatorServer(
  agents: number,
  rounds: number,
): Promise<FanoutServer & { lastAnswer(): PollResponse }> {
  const dir = await tempDir();
  const [agentPort, operatorPort, httpPort] = await freePorts(3);
  const operator = `127.0.0.1:${operatorPort}`;
  const program = startProgram('capstan-coordinator', [
    '--insecure-loopback',
    ...['--data-dir', join(dir, 'data')],
    ...['--agent-listen', `127.0.0.1:${agentPort}`],
    ...['--operator-listen', operator],
    ...['--http-listen', `127.0.0.1:${httpPort}`],
  ]);
  await program.waitFor('listening');
  await prepare(dir, operator, rounds);
  const client = connectOperator({ address: operator, actor: 'bench' });
  let last: PollResponse = {};
  let rollout = '';
  return {
    pid: program.pid,
    nodeFlags: await nodeFlagsOf(program.pid),
    address: `127.0.0.1:${agentPort}`,
    async release(round) {
      const version = `${round}.0.0`;
      const request = { app: 'web', version, env: 'production', idempotencyKey: `bench-${round}` };
      const reply = await client.call('Deploy', request, { deadlineMs: 60_000, retry: false });
      if (reply.rollout?.total !== agents) throw new Error(`the rollout has ${reply.rollout?.total} nodes`);
      rollout = reply.rollout.id;
    },
    heard: (answer) => void (last = answer),
    async settle() {
      await eventually(
        async () => {
          const { status, reason } = await client.call('GetRollout', { id: rollout });
          if (status === 'succeeded') return true;
          if (status !== 'running') throw new Error(`the rollout is ${status}: ${reason}`);
          return false;
        },
        { timeoutMs: 120_000, everyMs: 500, what: 'the rollout to succeed' },
      );
    },
    async end() {
      client.close();
      await program.stop('SIGKILL');
    },
    lastAnswer: () => last,
  };
}

async function prepare(dir: string, coordinator: string, rounds: number): Promise<void> {
  const env = { CAPSTAN_COORDINATOR: coordinator, CAPSTAN_INSECURE_LOOPBACK: '1', HOME: dir };
  const capstan = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await runProgram('capstan', args, { env, cwd: dir });
    if (code !== 0) throw new Error(`capstan ${args.join(' ')}: ${stderr}`);
  };
  await writeFile(join(dir, 'web.yml'), spec);
  await capstan('apply', '-f', 'web.yml');
  for (let round = 1; round <= rounds; round += 1) {
    const tree = join(dir, `tree-${round}`);
    await mkdir(tree);
    await writeFile(join(tree, 'index.html'), `<h1>${round}</h1>\n`);
    await capstan('publish', tree, '--app', 'web', '--version', `${round}.0.0`);
  }
}

/** What stands between `node` and the program. */
async function nodeFlagsOf(pid: number): Promise<readonly string[]> {
  const [, ...args] = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  return args.slice(
    0,
    args.findIndex((arg) => !arg.startsWith('-')),
  );
}

/** A bare server that gives the coordinator's last answer, with a revision that grows, under the same flags of Node. */
export async function bareServer(answer: PollResponse, nodeFlags: readonly string[]): Promise<FanoutServer> {
  const peer = startPeer<ToServer, FromServer>(new URL('./bare-server.ts', import.meta.url), nodeFlags);
  const { address } = await peer.next('listening');
  return {
    pid: peer.pid,
    nodeFlags,
    address,
    release(round) {
      peer.send({
        kind: 'answer',
        answer: { ...answer, desired: { ...answer.desired, revision: String(round) } },
      });
      return Promise.resolve();
    },
    heard: () => undefined,
    settle: () => Promise.resolve(),
    end: () => peer.end(),
  };
}
