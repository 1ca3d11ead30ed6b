import { CapstanError } from '../../../../shared/model/errors.js';
import type { ForgivePoisonRequest__Output } from '../../../../shared/wire/gen/capstan/v1/ForgivePoisonRequest.js';
import * as given from './requests.js';

/** A digest may be cut off, but not so far that it says nothing. */
const digestPattern = /^(?:sha256:)?[0-9a-f]{8,64}$/;

/** The digest, or enough of it, and the reason. */
export function forgiveCommand({ digest, reason }: ForgivePoisonRequest__Output): [string, string] {
  if (!digestPattern.test(digest)) {
    throw new CapstanError('invalid', 'That is not a digest.', {
      hint: 'Give sha256: and at least 8 digits of it, as `capstan poison list` prints it.',
    });
  }
  if (reason.trim() === '') throw new CapstanError('invalid', 'Say why: the reason is missing.');
  return [digest, given.reason(reason)];
}
