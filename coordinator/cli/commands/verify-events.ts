import { Command } from 'commander';
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
    .action((_options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const { interrupted: signal } = session.host;
        let last: VerifyEventsProgress | undefined;
        for await (const progress of client.stream('VerifyEvents', {}, { signal })) last = progress;
        if (last?.isEnd !== true)
          throw new CapstanError('unreachable', 'The coordinator broke off before it had looked at all.');
        const value = verifyEventsJson(last);
        await session.print(value, () => verifyEventsText(value));
        return value.intact ? 0 : exitCodes.corrupt;
      }),
    );
  return example(command, 'capstan events verify');
}

const verifyEventsJson = ({ since, position, hash, brokenAt }: VerifyEventsProgress) => ({
  ...{ intact: toNumber(brokenAt) === 0, since: toNumber(since), position: toNumber(position), hash },
  ...(toNumber(brokenAt) === 0 ? {} : { brokenAt: toNumber(brokenAt) }),
});

function verifyEventsText(value: ReturnType<typeof verifyEventsJson>): string {
  const { since, position, hash, brokenAt } = value;
  if (brokenAt !== undefined)
    return `Event ${brokenAt} is not as it was written, or is missing. Those from ${since} up to it are.\n`;
  if (position < since) return 'There are no events to look at.\n';
  return `Events ${since} to ${position} are as they were written.\n${position} ${hash}\n`;
}
