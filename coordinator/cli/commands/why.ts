import { Command } from 'commander';
import type { Act } from '../session.js';
import { oneLine } from '../terminal/table.js';
import { logTail } from '../views/rollout-text.js';
import { optional, toSecond } from '../views/wire-words.js';
import { example } from './example.js';

export function whyCommand(act: Act): Command {
  const command = new Command('why')
    .description('The exact constraint that holds a node, a rollout, a release or an environment up.')
    .argument(
      '<subject>',
      "a node's name, a rollout's id, a release such as web@1.4.0, web/production, or an application",
    )
    .action((subject: string, _options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const why = await client.call('Why', { subject });
        const value = {
          subject,
          kind: why.kind,
          answer: why.answer,
          details: why.details,
          ...optional('since', why.since),
          ...optional('hint', why.hint),
          ...optional('logTail', why.logTail),
        };
        await session.print(value, (paint) => {
          const lines = [
            paint('strong', oneLine(why.answer)),
            ...why.details.map((detail) => `  ${oneLine(detail)}`),
            ...(why.since === '' ? [] : [paint('quiet', `Since ${toSecond(why.since)}.`)]),
            ...(why.logTail === ''
              ? []
              : ['', ...logTail(why.kind === 'node' ? subject : undefined, why.logTail, paint)]),
            ...(why.hint === '' ? [] : ['', `Next: ${oneLine(why.hint)}`]),
          ];
          return `${lines.join('\n')}\n`;
        });
        return 0;
      }),
    );
  return example(command, 'capstan why web-a-1', 'capstan why web@1.4.0', 'capstan why web/production');
}
