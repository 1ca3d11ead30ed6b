import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { CapstanError } from '../../../../shared/model/errors.js';
import type { ServiceSpec } from '../../../../shared/model/release-spec.js';
import type { RunnableRelease } from '../../../ports/node.js';
import type { Systemd } from '../systemd/systemd.js';

export type ProcessSpec = Extract<ServiceSpec, { readonly kind: 'process' }>;

/** Not just `capstan-<app>`: an application called "agent" would take the agent's own unit for its. */
export const transientUnit = (app: string): string => `capstan-app-${app}.service`;

/** Which systemd first had what is asked of it here. */
const since = { typeExec: 240, growingPauses: 254, expandEnvironment: 254 } as const;

export interface TransientOrder {
  readonly systemd: Systemd;
  readonly version: number;
  readonly unit: string;
  readonly release: RunnableRelease;
  readonly spec: ProcessSpec;
  readonly env: Readonly<Record<string, string>>;
  readonly environmentFile: string;
  /** undefined: root. */
  readonly user: string | undefined;
}

/** Has systemd make and start a unit for a program of a release: outside of the agent's control group and sandbox. */
export async function startTransient(order: TransientOrder): Promise<void> {
  const { systemd, version, unit, release, spec, env } = order;
  const [name = '', ...args] = spec.command;
  const program = findProgram(name, release.path, env['PATH'] ?? '');
  // systemd replaces $NAME in what it runs; a command of a release is taken as it stands.
  const literal = [program, ...args].map((part) => part.replaceAll('$', '$$$$'));
  await systemd.startTransient(
    unit,
    [...transientProperties(order)],
    literal,
    version >= since.expandEnvironment,
  );
}

function* transientProperties({
  version,
  release,
  spec,
  environmentFile,
  user,
}: TransientOrder): Iterable<string> {
  yield `Description=The service of ${release.app}, kept for Capstan`;
  // Up once the program itself runs, so that what cannot be run never counts as up.
  if (version >= since.typeExec) yield 'Type=exec';
  yield* ['Restart=always', 'StartLimitIntervalSec=0'];
  if (version >= since.growingPauses) {
    yield* ['RestartSec=200ms', 'RestartSteps=8', 'RestartMaxDelaySec=30s'];
  } else yield 'RestartSec=1s';
  yield `KillSignal=${spec.stopSignal}`;
  yield `TimeoutStopSec=${spec.graceMs}ms`;
  yield `WorkingDirectory=${release.path}`;
  yield `EnvironmentFile=${environmentFile}`;
  yield `SyslogIdentifier=${release.app}`;
  if (user !== undefined) yield `User=${user}`;
}

/** As a shell would: a path from the release's directory, a name in the service's own PATH. */
function findProgram(name: string, cwd: string, path: string): string {
  const candidates = name.includes('/')
    ? [resolve(cwd, name)]
    : path
        .split(':')
        .filter((folder) => folder !== '')
        .map((folder) => join(folder, name));
  for (const candidate of candidates) {
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not there, or not to be executed.
    }
  }
  const where = name.includes('/') ? `in ${cwd}` : `in PATH (${path})`;
  throw new CapstanError(
    'failed',
    `the program ${name} of the service cannot be executed: it is not ${where}`,
  );
}
