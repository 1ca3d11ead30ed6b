import { parseWhen, whenRule } from '../../../../shared/core/when.js';
import { CapstanError } from '../../../../shared/model/errors.js';
import type { LockKind } from '../../../../shared/model/lock.js';
import { quoted } from '../../../../shared/release/path-rules.js';
import type { LockEnvironmentRequest__Output } from '../../../../shared/wire/gen/capstan/v1/LockEnvironmentRequest.js';
import type { UnlockEnvironmentRequest__Output } from '../../../../shared/wire/gen/capstan/v1/UnlockEnvironmentRequest.js';
import type { LockCommand, UnlockCommand } from '../../../ports/operations.js';
import * as given from './requests.js';

/** @param now milliseconds since the epoch: what `until` counts from if it is a duration */
export function lockCommand(request: LockEnvironmentRequest__Output, now: number): LockCommand {
  const { until } = request;
  const at = until === '' ? undefined : parseWhen(until, now);
  if (until !== '' && at === undefined)
    throw new CapstanError('invalid', `${quoted(until)} is not a time.`, { hint: `Give ${whenRule}.` });
  return { ...subject(request), until: at };
}

export const unlockCommand = (request: UnlockEnvironmentRequest__Output): UnlockCommand => ({
  ...subject(request),
  force: request.force,
});

function subject(request: {
  readonly app: string;
  readonly env: string;
  readonly kind: string;
  readonly reason: string;
}): Pick<LockCommand, 'kind' | 'app' | 'env' | 'reason'> {
  if (request.reason.trim() === '') throw new CapstanError('invalid', 'Say why: the reason is missing.');
  return {
    kind: kindOf(request.kind),
    app: given.appName(request.app),
    env: request.env === '' ? undefined : given.envName(request.env),
    reason: given.reason(request.reason),
  };
}

function kindOf(text: string): LockKind {
  if (text === 'lock' || text === 'freeze') return text;
  throw new CapstanError('invalid', `${quoted(text)} is neither a lock nor a freeze.`);
}
