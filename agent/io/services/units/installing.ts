import { closeSync, openSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { CapstanError } from '../../../../shared/model/errors.js';
import type { AppName } from '../../../../shared/model/ids.js';
import type { ServiceSpec } from '../../../../shared/model/release-spec.js';
import type { NodeRules, RunnableRelease, Users } from '../../../ports/node.js';
import { maxUnitBytes, unitFileFault } from './shipped-unit.js';
import { isOthers, type ShippedUnit } from './unit-files.js';

export type SystemdSpec = Extract<ServiceSpec, { readonly kind: 'systemd' }>;

/**
 * The unit that comes with a release; undefined if it relies on the host's.
 * @throws CapstanError `refused` that says what this node does not allow, or what is wrong with the unit
 */
export async function shippedUnit(
  { app, path }: Pick<RunnableRelease, 'app' | 'path'>,
  { unit, file }: SystemdSpec,
  { rules, users }: { readonly rules: NodeRules; readonly users: Users },
): Promise<ShippedUnit | undefined> {
  if (file === undefined) return undefined;
  const { installUnits, user } = rules.of(app);
  const brings = `the release brings ${unit}`;
  const here = `applications.${app} in a file of ${rules.confDir}`;
  if (!installUnits)
    throw refused(`${brings}, which this node does not allow: say installUnits: true under ${here}`);
  if (user === undefined)
    throw refused(`${brings}, and this node does not say whom it is to run as: name a user under ${here}`);
  if (unit.includes('@')) throw refused(`${brings}, but no templates of units are installed`);
  // It throws if the host has no such user.
  await users.of(app, undefined);
  const content = readWithin(path, file);
  if (content === undefined) throw refused(`the release has no file ${file}, which is to be its unit`);
  const fault = unitFileFault(content, user);
  if (fault !== undefined) throw refused(`${file}, line ${fault.line}: ${fault.message}`);
  return { content: content.toString('utf8'), user };
}

/** Why a release may not have this unit as its service here, whether it brings it or not; '' if it may. */
export function unitRefusal(
  app: AppName,
  { unit, file }: SystemdSpec,
  rules: NodeRules,
  agentUnit = ownUnit(),
): string {
  // Also the agent's own, whatever it is called.
  if (/^capstan.*\.service$/.test(unit) || unit === agentUnit)
    return `${unit} has a name that Capstan keeps for itself`;
  const { user, units } = rules.of(app);
  if (file !== undefined || (units === undefined ? user === undefined : units.includes(unit))) return '';
  const here = `applications.${app} in a file of ${rules.confDir}`;
  return `the release uses ${unit} of this host, which this node does not allow: name it in units: [${unit}] under ${here}`;
}

/** The unit that this process belongs to; '' if it is in none. */
function ownUnit(): string {
  try {
    return /\/([^/\n]+\.service)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

/** Why a unit that comes with a release would take the place of one that the host has; '' if it would not. */
export function shadowFault(unitDir: string, unit: string, fragment: string): string {
  const own = [fragment, join(unitDir, unit)].find((path) => path !== '' && isOthers(path));
  return own === undefined
    ? ''
    : `the release brings ${unit}, and this host has one of its own (${own}): give the release's another name`;
}

/**
 * A file of a release, no more of it than shows that it is too long; undefined if there is none, or only outside of the
 * release, where nobody has signed it.
 */
function readWithin(folder: string, path: string): Buffer | undefined {
  try {
    const real = realpathSync(join(folder, path));
    return real.startsWith(`${realpathSync(folder)}/`) ? readStart(real, maxUnitBytes + 1) : undefined;
  } catch {
    return undefined;
  }
}

function readStart(path: string, maxBytes: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(maxBytes);
    return buffer.subarray(0, readSync(file, buffer, 0, maxBytes, 0));
  } finally {
    closeSync(file);
  }
}

const refused = (message: string): CapstanError => new CapstanError('refused', message);
