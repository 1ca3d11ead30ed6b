import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { isDesiredState } from '../../../agent/io/state/assignment-shape.js';
import { releaseDirName } from '../../../agent/stager/protocol.js';
import type { DesiredState } from '../../../shared/model/desired-state.js';
import { isAppName } from '../../../shared/model/ids.js';
import type { PollAnswer } from '../../../shared/model/messages.js';
import { agentService, type Received } from '../../../shared/wire/agent-messages.js';
import { desiredState } from '../../unit/wire/arbitraries.js';
import { mutated } from '../mutate.js';
import { checkRefusal, hold } from '../refusals.js';
import type { Target } from '../target.js';

const { responseSerialize: encode, responseDeserialize: decode } = agentService.poll;

/** A few hundred, made once: that takes longer than to read them. */
const states = fc.sample(desiredState, { numRuns: 300, seed: 1 });
const answer = fc
  .constantFrom(...states)
  .map((desired) => encode({ desired, retryAfterMs: 0, reportWanted: false, logs: [] }));
const words = [
  '..',
  '/',
  '../../etc',
  '\0',
  '\xff\xff\xff\xff\x0f',
  '\x0a',
  '\x0b',
  '\x0c',
  '\x80',
  '__proto__',
  'LD_PRELOAD',
];

export const desiredStateTarget: Target = {
  name: 'desired-state',
  inputs: fc.oneof(mutated(answer, words), answer),
  read(input) {
    const received: Received<PollAnswer> = decode(input);
    if (!received.ok) {
      // What is no message at all is told by the codec, in its own words.
      if (received.error instanceof RangeError || !(received.error instanceof Error)) {
        hold(
          `it is refused: ${String(received.error)}`,
          /index out of range|invalid/i.test(String(received.error)),
        );
      } else if ('code' in received.error) checkRefusal(['corrupt'], received.error);
      return false;
    }
    const { message } = received;
    const { desired } = message;
    // Of what a later version says it is known only whom that concerns, and it is not said again.
    const { notUnderstood, ...understood } = desired ?? {};
    const sure = desired === undefined ? message : { ...message, desired: understood };
    const again = decode(encode(message));
    hold('it is read as it is written', again.ok && isDeepStrictEqual(again.message, sure));
    hold('what is not understood has a name', notUnderstood?.every(isAppName) ?? true);
    if (desired !== undefined) checkDesired(desired);
    return true;
  },
};

const root = '/srv';

function checkDesired(desired: DesiredState): void {
  hold('it is read back from the disk', isDesiredState(JSON.parse(JSON.stringify(desired))));
  for (const { app, release, configRevision, config } of desired.assignments) {
    const dir = join(root, app, 'releases', releaseDirName(release, configRevision));
    hold(
      `${dir} is a folder of the application`,
      dir.split('/').length === 5 && dir.startsWith(`${root}/${app}/`),
    );
    hold(
      'values are texts',
      Object.values(config).every((value) => typeof value === 'string'),
    );
    hold('values have no prototype of their own', Object.getPrototypeOf(config) === Object.prototype);
  }
}
