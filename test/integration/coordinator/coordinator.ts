import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore } from '../../../shared/distribution/open-store.js';
import { connectOperator, type OperatorClient } from '../../../shared/wire/operator-client.js';
import { releaseRefToWire } from '../../../shared/wire/release-ref.js';
import { cleanUp } from '../../support/cleanup.js';
import { freePorts } from '../../support/free-ports.js';
import { type Program, startProgram } from '../../support/processes.js';
import { publish } from '../../support/releases.js';
import { tempDir } from '../../support/temp-dir.js';

export interface TestCoordinator {
  readonly dir: string;
  readonly dataDir: string;
  readonly args: readonly string[];
  readonly agentAddress: string;
  readonly client: OperatorClient;
  program(): Program;
  /** (Again) on the same ports and data. */
  start(): Promise<void>;
  kill(): Promise<void>;
  apply(text: string): ReturnType<typeof applySpec>;
  /** Publishes `web@version` with a file that says so, as `capstan publish` does. */
  publish(version: string, content?: string): Promise<void>;
}

/** A real coordinator process on ports that it keeps over restarts, with a client. */
export async function startCoordinator(extra: readonly string[] = []): Promise<TestCoordinator> {
  const dir = await tempDir();
  const dataDir = join(dir, 'data');
  const ports = await freePorts(3);
  const at = (index: number): string => `127.0.0.1:${ports[index] ?? 0}`;
  const args = [
    '--insecure-loopback',
    ...['--data-dir', dataDir],
    ...['--agent-listen', at(0), '--operator-listen', at(1), '--http-listen', at(2)],
    ...extra,
  ];
  const client = connectOperator({ address: at(1), actor: 'tester' });
  cleanUp(() => {
    client.close();
  });
  let run: Program | undefined;
  const program = (): Program => {
    if (run === undefined) throw new Error('the coordinator was not started');
    return run;
  };
  const coordinator: TestCoordinator = {
    ...{ dir, dataDir, args, client, program, agentAddress: at(0) },
    async start() {
      run = startProgram('capstan-coordinator', args);
      await run.waitFor('listening');
    },
    async kill() {
      await program().stop('SIGKILL');
    },
    apply: (text) => applySpec(client, text),
    async publish(version, content = version) {
      const tree = join(dir, `tree-${version}`);
      await mkdir(tree, { recursive: true });
      await writeFile(join(tree, 'version.txt'), content);
      const begun = await client.call('BeginPublish', { app: 'web', version });
      const ref = await publish(tree, openStore(begun.uploadUrl, { ticket: begun.ticket }), version);
      await client.call('RegisterRelease', { app: 'web', release: releaseRefToWire(ref) });
    },
  };
  await coordinator.start();
  return coordinator;
}

const applySpec = (client: OperatorClient, text: string) =>
  client.call('Apply', { files: [{ name: 'web.yml', text }], idempotencyKey: '', dryRun: false });

/** A rolling environment whose nodes settle at once: canary of one, then the rest. */
export const rollingSpec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: env=production
      strategy:
        type: rolling
        maxUnavailable: 1
        waves:
          - { name: pilot, canary: { total: 1 } }
          - { name: rest }
        health: { minHealthyTime: 0s, deadline: 1m }
`;
