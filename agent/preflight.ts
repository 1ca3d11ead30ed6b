import { CapstanError } from '../shared/model/errors.js';
import { usersOf } from './core/users.js';
import type { Releases, RunnableRelease, Service, Users, Values } from './ports/node.js';

interface PreflightParts {
  readonly releases: Releases;
  readonly service: Service;
  readonly values: Values;
  readonly users: Users;
}

/** Why a release cannot be activated here, a sentence; '' if it can. Nothing that serves is touched. */
export async function preflight(
  parts: PreflightParts,
  release: RunnableRelease,
  deadlineMs?: number,
): Promise<string> {
  const { releases, service } = parts;
  try {
    await checkUsers(parts, release);
    await checkValues(parts, release);
    await releases.checkSwap(release);
    // Hooks and the service may rely on it; who it belongs to is known to be right only now.
    await releases.makeShared(release);
    return await service.preflight(release, deadlineMs);
  } catch (thrown) {
    return CapstanError.from(thrown, 'failed').message;
  }
}

/** @throws CapstanError that says what cannot run as whom, and what to change */
async function checkUsers({ users }: PreflightParts, { app, spec }: RunnableRelease): Promise<void> {
  for (const { what, user } of usersOf(spec)) {
    try {
      await users.of(app, user, { fresh: true });
    } catch (thrown) {
      throw new CapstanError('refused', `${what} cannot be run: ${CapstanError.from(thrown).message}`);
    }
  }
}

/** @throws CapstanError that names the values that nobody gives */
async function checkValues({ releases, values }: PreflightParts, release: RunnableRelease): Promise<void> {
  const inTemplates = await releases.templateNames(release);
  const given = values.forTemplates(release, inTemplates);
  const lacking = [...inTemplates].filter((name) => !Object.hasOwn(given, name));
  const missing = [...new Set([...values.missing(release), ...lacking])];
  if (missing.length === 0) return;
  const names = missing.map((name) => `\${${name}}`).join(', ');
  throw new CapstanError(
    'invalid',
    `the release refers to ${names}, and neither the release, the environment nor this node gives it a value`,
  );
}
