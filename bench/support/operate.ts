import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FleetNode } from '../../test/support/fleet.js';
import type { Finished, ProgramOptions } from '../../test/support/processes.js';
import { tempDir } from '../../test/support/temp-dir.js';

/** A fleet of the benchmark, by its coordinator. */
export interface Operated {
  /** Runs `bin/capstan` to its end. */
  capstan(args: readonly string[], options: ProgramOptions): Promise<Finished>;
}

/**
 * The document of an application with the environment `production` whose nodes all change at once, and are done when
 * they have changed: nothing but the change is to be measured.
 */
export const specOf = (app: string, selector = 'role=web'): string => `apiVersion: capstan/v1
kind: Application
metadata: { name: ${app} }
spec:
  environments:
    - name: production
      selector: ${selector}
      strategy: { type: live, maxUnavailable: 100%, health: { minHealthyTime: 0s, deadline: 1m } }
`;

/** Runs `capstan` with these words; rejects unless it succeeds. */
export async function operate(fleet: Operated, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await fleet.capstan(args, { timeoutMs: 900_000 });
  if (code !== 0) throw new Error(`capstan ${args.join(' ')} exited ${String(code)}: ${stderr}`);
}

export async function apply(fleet: Operated, spec: string): Promise<void> {
  const file = join(await tempDir(), 'app.yml');
  await writeFile(file, spec);
  await operate(fleet, 'apply', '-f', file);
}

export const publish = (fleet: Operated, tree: string, app: string, version: string): Promise<void> =>
  operate(fleet, 'publish', tree, '--app', app, '--version', version, '--no-patches');

export const deploy = (fleet: Operated, app: string, version: string): Promise<void> =>
  operate(fleet, 'deploy', `${app}@${version}`, '--env', 'production', '--wait', '--timeout', '5m');

/** Whether the node has looked for drift in the whole of what is live, which it does once after each change. */
export const isJudged = ({ stateDir }: FleetNode, app: string): boolean =>
  readdirSync(join(stateDir, 'releases', app)).some((name) => name.endsWith('.index'));
