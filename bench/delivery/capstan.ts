import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finished } from '../../test/support/processes.js';
import { tempDir } from '../../test/support/temp-dir.js';
import { type Version, versions } from './releases.js';

/** Runs `bin/capstan` against the coordinator of the benchmark. */
export type RunCapstan = (args: readonly string[]) => Promise<Finished>;

/** Publishes both versions of an application and has them on the node, the first of them live. */
export async function prepare(
  run: RunCapstan,
  app: string,
  write: (dir: string, version: Version) => Promise<void>,
): Promise<void> {
  const dir = await tempDir();
  await writeFile(join(dir, 'app.yml'), spec(app));
  await succeed(run, 'apply', '-f', join(dir, 'app.yml'));
  for (const version of versions) {
    const tree = join(dir, version);
    await write(tree, version);
    await succeed(run, 'publish', tree, '--app', app, '--version', version, '--no-patches');
  }
  for (const version of versions.toReversed()) await deploy(run, app, version);
}

/** Changes at once, for nothing but the change is to be measured. */
const spec = (app: string): string => `apiVersion: capstan/v1
kind: Application
metadata: { name: ${app} }
spec:
  environments:
    - name: production
      selector: role=web
      strategy: { type: live, health: { minHealthyTime: 0s, deadline: 1m } }
`;

/** Rejects unless it succeeds. */
export const deploy = (run: RunCapstan, app: string, version: Version): Promise<void> =>
  succeed(run, 'deploy', `${app}@${version}`, '--env', 'production', '--wait', '--timeout', '5m');

async function succeed(run: RunCapstan, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(args);
  if (code !== 0) throw new Error(`capstan ${args.join(' ')} exited ${String(code)}: ${stderr}`);
}

/** The version that is not live in run `at`, of those that begin with the first one live. */
export const other = (at: number): Version => versions[(at + 1) % 2] ?? versions[0];
