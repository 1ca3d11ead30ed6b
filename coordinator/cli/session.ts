import type { Command } from 'commander';
import { CapstanError } from '../../shared/model/errors.js';
import type { OperatorClient, OperatorTrust } from '../../shared/wire/operator-client.js';
import type { Globals } from './globals.js';
import { connectionOf } from './globals.js';
import type { Host } from './host.js';
import { type Paint, paintFor } from './terminal/style.js';

/** What one run of a command works with. */
export interface Session {
  readonly host: Host;
  readonly globals: Globals;
  /** For standard output. */
  readonly paint: Paint;
  /** The connection to the coordinator, made when first asked for. */
  client(): Promise<OperatorClient>;
  /** What is trusted beside the public authorities, by the built-in store as well (PEM); undefined without TLS. */
  ca(): Promise<string | undefined>;
  /** Prints a result: as text for people, or as JSON or YAML. */
  print(value: unknown, text: (paint: Paint) => string | Promise<string>): Promise<void>;
  /** A remark for people on standard error; not with `--quiet`. */
  remark(text: string): void;
  close(): void;
}

/** Runs the body of a command with a session of its own; what it gives is the exit code, nothing meaning 0. */
export type Act = (
  command: Command,
  body: (session: Session) => Promise<number | undefined>,
) => Promise<void>;

export function openSession(globals: Globals, host: Host): Session {
  const paint = paintFor(host.stdout, host);
  let opened: Promise<OperatorClient> | undefined;
  let made: OperatorClient | undefined;
  let trust: OperatorTrust | undefined;
  const connect = async (): Promise<OperatorClient> => {
    const connection = await connectionOf(globals, host);
    trust = connection.trust;
    const { connectOperator } = await import('../../shared/wire/operator-client.js');
    made = connectOperator({ ...connection, actor: host.user });
    return made;
  };
  const client = (): Promise<OperatorClient> => {
    opened ??= connect();
    return opened;
  };
  return {
    host,
    globals,
    paint,
    client,
    async ca() {
      await client();
      return trust?.ca;
    },
    async print(value, text) {
      host.stdout.write(await render(globals, value, () => text(paint)));
    },
    remark(text) {
      if (globals.quiet !== true) host.stderr.write(`${text}\n`);
    },
    close() {
      made?.close();
    },
  };
}

async function render(
  globals: Globals,
  value: unknown,
  text: () => string | Promise<string>,
): Promise<string> {
  switch (globals.output) {
    case 'json':
      return `${JSON.stringify(value, undefined, 2)}\n`;
    case 'yaml': {
      const { stringify } = await import('yaml');
      return stringify(value, { aliasDuplicateObjects: false });
    }
    case 'table':
      return text();
  }
}

/** What to throw for a failure after Ctrl-C: that it was stopped, and not how it fell over. */
export function interruption({ host }: Session, error: unknown, message: string): unknown {
  return host.interrupted.aborted ? new CapstanError('cancelled', message, { cause: error }) : error;
}
