import { Command } from 'commander';
import { CapstanError } from '../../../shared/model/errors.js';
import type { OperatorClient } from '../../../shared/wire/operator-client.js';
import type { Act } from '../session.js';
import { renderTable } from '../terminal/table.js';
import { toNumber, toSecond } from '../views/wire-words.js';
import { example } from './example.js';
import { consumerName } from './references.js';

/** How often a consumer that follows says how far it is, at most. Milliseconds. */
const acknowledgeEveryMs = 500;

/**
 * Says how far a consumer is, of what is behind it only: what is told twice after a break is what came since. A failure to
 * say so is none of the events', since the next one says it again.
 */
export class Cursor {
  readonly #client: OperatorClient;
  readonly #consumer: string;
  #had = 0;
  #told = 0;
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> = Promise.resolve();

  constructor(client: OperatorClient, consumer: string) {
    this.#client = client;
    this.#consumer = consumer;
  }

  /** The event of this position is printed. Told soon, together with those that follow at once. */
  note(position: number): void {
    this.#had = position;
    this.#timer ??= setTimeout(() => {
      this.flush().catch(() => undefined); // whoever waits for it next hears of it
    }, acknowledgeEveryMs);
  }

  /** Says what was not said yet, unless nobody hears it. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#telling = this.#telling.then(() => this.#tell());
    await this.#telling;
  }

  /** @throws CapstanError: then the last events will come again */
  async end(): Promise<void> {
    await this.flush();
    if (this.#told >= this.#had) return;
    await this.#acknowledge();
  }

  async #tell(): Promise<void> {
    try {
      await this.#acknowledge();
    } catch (thrown) {
      const { code } = CapstanError.from(thrown);
      if (code !== 'unreachable' && code !== 'unavailable') throw thrown;
    }
  }

  async #acknowledge(): Promise<void> {
    const position = this.#had;
    if (position <= this.#told) return;
    await this.#client.call('AcknowledgeEvents', { consumer: this.#consumer, position });
    this.#told = position;
  }
}

export function consumersCommand(act: Act): Command {
  const command = new Command('consumers')
    .description('Who is told all events, and how far each is.')
    .action((_options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const { consumers } = await client.call('ListConsumers', {});
        const values = consumers.map(({ name, position, newest, createdAt, movedAt }) => ({
          name,
          position: toNumber(position),
          behind: Math.max(0, toNumber(newest) - toNumber(position)),
          createdAt,
          movedAt,
        }));
        await session.print(values, async (paint) => {
          if (values.length === 0) return 'No consumers.\n';
          const rows = values.map((one) => [
            one.name,
            String(one.position),
            String(one.behind),
            toSecond(one.movedAt),
          ]);
          return `${await renderTable(paint, ['NAME', 'POSITION', 'BEHIND', 'LAST MOVED'], rows)}\n`;
        });
        return 0;
      }),
    );
  return example(command, 'capstan events consumers');
}

export function forgetCommand(act: Act): Command {
  const command = new Command('forget')
    .description('Keeps nothing any more for a consumer of events.')
    .argument('<consumer>', "the consumer's name", consumerName)
    .action((name: string, _options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        await client.call('ForgetConsumer', { name }, { retry: false });
        await session.print({ forgotten: name }, () => `${name} is no consumer of events any more.\n`);
        return 0;
      }),
    );
  return example(command, 'capstan events forget chat');
}
