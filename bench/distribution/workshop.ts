import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseRef } from '../../shared/model/release.js';
import { connectOperator } from '../../shared/wire/operator-client.js';
import { releaseRefFromWire } from '../../shared/wire/release-ref.js';
import { freePorts } from '../../test/support/free-ports.js';
import { programPath, startProgram } from '../../test/support/processes.js';
import { type Outcome, run } from '../support/command.js';

const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: role=web
      strategy: { type: live }
`;

/** A coordinator to publish to. */
export interface Workshop {
  /** Runs `capstan publish`. */
  publish(tree: string, version: string): Promise<Outcome>;
  release(version: string): Promise<ReleaseRef>;
  end(): Promise<void>;
}

/**
 * Starts a coordinator with the application `web`.
 * @param dir its data; what a workshop that has ended left there is taken up again
 * @param storeDir where the releases go
 */
export async function startWorkshop(dir: string, storeDir: string): Promise<Workshop> {
  await mkdir(dir, { recursive: true });
  const [agentPort, operatorPort, httpPort] = await freePorts(3);
  const address = `127.0.0.1:${operatorPort}`;
  const program = startProgram('capstan-coordinator', [
    '--insecure-loopback',
    ...['--data-dir', dir, '--store', `file:${storeDir}`],
    ...['--agent-listen', `127.0.0.1:${agentPort}`, '--operator-listen', address],
    ...['--http-listen', `127.0.0.1:${httpPort}`],
  ]);
  await program.waitFor('listening');
  const env = { CAPSTAN_COORDINATOR: address, CAPSTAN_INSECURE_LOOPBACK: '1', HOME: dir, TMPDIR: dir };
  const capstan = (...args: readonly string[]): Promise<Outcome> =>
    run({ argv: [programPath('capstan'), ...args], cwd: dir, env });
  await writeFile(join(dir, 'web.yml'), spec);
  await capstan('apply', '-f', 'web.yml');
  const client = connectOperator({ address, actor: 'bench' });
  return {
    publish: (tree, version) => capstan('publish', tree, '--app', 'web', '--version', version),
    async release(version) {
      const { release } = await client.call('GetRelease', { app: 'web', version });
      if (release === null) throw new Error(`the coordinator does not know web@${version}`);
      return releaseRefFromWire(release);
    },
    async end() {
      client.close();
      await program.stop();
    },
  };
}
