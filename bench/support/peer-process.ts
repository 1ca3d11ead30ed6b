import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cleanUp } from '../../test/support/cleanup.js';

/** A child process that speaks in typed messages. */
export interface Peer<Out extends object, In extends { readonly kind: string }> {
  readonly pid: number;
  send(message: Out): void;
  /** The next message, which must be of this kind. */
  next<Kind extends In['kind']>(kind: Kind): Promise<Extract<In, { readonly kind: Kind }>>;
  end(): Promise<void>;
}

/** Starts a module in a process of its own, with further flags for Node. */
export function startPeer<Out extends object, In extends { readonly kind: string }>(
  module: URL,
  nodeFlags: readonly string[] = [],
): Peer<Out, In> {
  const child = fork(fileURLToPath(module), {
    execArgv: [...process.execArgv, ...nodeFlags],
  });
  const inbox: In[] = [];
  child.on('message', (message) => void inbox.push(message as In));
  const end = async (): Promise<void> => endOf(child);
  cleanUp(end);
  return {
    pid: child.pid ?? -1,
    send: (message) => void child.send(message),
    async next<Kind extends In['kind']>(kind: Kind) {
      while (inbox.length === 0) {
        const waiting = new AbortController();
        const { signal } = waiting;
        await Promise.race([once(child, 'message', { signal }), once(child, 'exit', { signal })]);
        waiting.abort();
        if (child.exitCode !== null) throw new Error(`${module.pathname} ended with ${child.exitCode}`);
      }
      const message = inbox.shift();
      if (!isKind<In, Kind>(message, kind))
        throw new Error(`${module.pathname} sent ${message?.kind ?? 'nothing'}`);
      return message;
    },
    end,
  };
}

function isKind<In extends { readonly kind: string }, Kind extends In['kind']>(
  message: In | undefined,
  kind: Kind,
): message is Extract<In, { readonly kind: Kind }> {
  return message?.kind === kind;
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
