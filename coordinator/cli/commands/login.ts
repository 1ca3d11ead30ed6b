import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { Command } from 'commander';
import { CapstanError } from '../../../shared/model/errors.js';
import { isContextName, keepContext } from '../contexts.js';
import { checkAddress } from '../globals.js';
import { nonEmpty } from '../host.js';
import type { Act, Session } from '../session.js';
import { authorityOf, soundToken } from '../trust.js';
import { operatorJson, rightsText } from '../views/operator.js';
import { example } from './example.js';

export function loginCommand(act: Act): Command {
  const command = new Command('login')
    .description(
      'Keeps a coordinator and your token for it as a context, the current one from then on. The token is asked for, or read from standard input: an argument could be read by everybody on this host.',
    )
    .action((_options: object, self: Command) =>
      act(self, async (session) => {
        await login(session);
        return 0;
      }),
    );
  return example(
    command,
    'capstan login --coordinator deploy.example.com:7601 --ca-pin sha256:…',
    'capstan login --coordinator deploy.example.com:7601 --ca-pin sha256:… --context production <token',
  );
}

async function login(session: Session): Promise<void> {
  const { globals, host } = session;
  const { context: name = 'default', caPin, caFile } = globals;
  const address = globals.coordinator ?? nonEmpty(host.env['CAPSTAN_COORDINATOR']);
  if (address === undefined) {
    throw new CapstanError('invalid', 'Nothing says which coordinator to log in to.', {
      hint: 'Give its address with --coordinator HOST:PORT.',
    });
  }
  checkAddress(address);
  if (!isContextName(name)) throw new CapstanError('invalid', `"${name}" cannot be the name of a context.`);
  const ca = await authorityOf(address, globals, {}, host.env);
  const token = soundToken(process.stdin.isTTY ? await prompt(session) : await readAll(process.stdin));
  const { connectOperator } = await import('../../../shared/wire/operator-client.js');
  const client = connectOperator({ address, actor: host.user, trust: { ca, token } });
  try {
    const self = operatorJson(await client.call('GetSelf', {}));
    const pinned = caPin ?? nonEmpty(host.env['CAPSTAN_CA_PIN']);
    const file = caFile ?? nonEmpty(host.env['CAPSTAN_CA_FILE']);
    const trusted =
      caPin === undefined && file !== undefined ? { caFile: resolve(file) } : { caPin: pinned ?? '' };
    const kept = await keepContext(host, name, { coordinator: address, ...trusted }, token);
    await session.print(
      { ...self, context: name, tokenFile: kept },
      () =>
        `You are ${self.name}, ${rightsText(self)}. The token is in ${kept}; the context ${name} is the current one.\n`,
    );
  } finally {
    client.close();
  }
}

/** What is typed is not shown. */
async function prompt({ host }: Session): Promise<string> {
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  // Ctrl-C and Ctrl-D are keys like others by now, and end it.
  const closed = new AbortController();
  terminal.once('close', () => {
    closed.abort();
  });
  host.stderr.write('Token: '); // by now the terminal shows nothing of what is typed
  try {
    return await terminal.question('', { signal: AbortSignal.any([host.interrupted, closed.signal]) });
  } catch (cause) {
    throw new CapstanError('cancelled', 'Nobody was logged in.', { cause });
  } finally {
    terminal.close();
    host.stderr.write('\n');
  }
}
