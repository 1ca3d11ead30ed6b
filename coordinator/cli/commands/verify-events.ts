import { Command, InvalidArgumentError } from 'commander';
import { exitCodes } from '../../../shared/core/exit-codes.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { VerifyEventsProgress } from '../../../shared/wire/operator-client.js';
import type { Act } from '../session.js';
import { toNumber } from '../views/wire-words.js';
import { example } from './example.js';

export function verifyCommand(act: Act): Command {
  const command = new Command('verify')
    .description(
      'Whether the events are as they were written, none changed, removed or put in between. Exits 1 if not. Keep the newest hash elsewhere: only that tells whether events are missing at the end.',
    )
    .option(
      '--expect <hash>',
      'a hash that was printed before: exits 1 as well if none of the events has it any more',
      hash,
    )
    .action(({ expect = '' }: { readonly expect?: string }, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const { interrupted: signal } = session.host;
        let last: VerifyEventsProgress | undefined;
        for await (const progress of client.stream('VerifyEvents', { expect }, { signal })) last = progress;
        if (last?.isEnd !== true)
          throw new CapstanError('unreachable', 'The coordinator broke off before it had looked at all.');
        const value = verifyEventsJson(last, expect);
        await session.print(value, () => verifyEventsText(value));
        return value.intact ? 0 : exitCodes.corrupt;
      }),
    );
  return example(
    command,
    'capstan events verify',
    'capstan events verify --expect 6e0c1d3fb1aeb1a1c7ee3a2a80e6eee0ec6ba2a1f9ac32b6c2bd2b9b5dd6ac1e',
  );
}

function hash(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError('Give the 64 hexadecimal digits that `capstan events verify` printed.');
}

/** @param expect '' if nothing was */
function verifyEventsJson(progress: VerifyEventsProgress, expect: string) {
  const brokenAt = toNumber(progress.brokenAt);
  const expectedAt = toNumber(progress.expectedAt);
  return {
    intact: brokenAt === 0 && (expect === '' || expectedAt > 0),
    since: toNumber(progress.since),
    position: toNumber(progress.position),
    hash: progress.hash,
    ...(brokenAt === 0 ? {} : { brokenAt }),
    ...(expect === '' ? {} : { expected: expect }),
    ...(expectedAt === 0 ? {} : { expectedAt }),
  };
}

function verifyEventsText(value: ReturnType<typeof verifyEventsJson>): string {
  const { since, position, hash, brokenAt, expected, expectedAt } = value;
  if (brokenAt !== undefined)
    return `Event ${brokenAt} is not as it was written, or is missing. Those from ${since} up to it are.\n`;
  if (position < since) return 'There are no events to look at.\n';
  const written = `Events ${since} to ${position} are as they were written`;
  if (expected !== undefined && expectedAt === undefined)
    return `${written}, but none of them has the expected hash: they were written anew, or are not those, or it is of an event before ${since}.\n`;
  const upTo = expectedAt === undefined ? '' : `, and up to ${expectedAt} they are those that are expected`;
  return `${written}${upTo}.\n${position} ${hash}\n`;
}
