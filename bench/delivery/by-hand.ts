import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cleanUp } from '../../test/support/cleanup.js';

/** What Capistrano does on a server: another link beside the live one, and renamed over it. */
export const swapLine = (version: string): string => `ln -s ${version} next && mv -T next current`;

/** A shell that stays in a folder with a release in each of its own, as somebody logged in would. */
export interface Hand {
  /** Types a line and waits until it is done. Milliseconds. */
  type(line: string): Promise<number>;
  end(): Promise<void>;
}

export function startHand(cwd: string): Hand {
  const child = spawn('sh', ['-e'], { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.stdin.end('[ -z "$server" ] || kill -KILL "$server"\n');
    await exited;
  };
  cleanUp(end);
  return {
    async type(line) {
      const begin = performance.now();
      child.stdin.write(`${line}\necho done\n`);
      const answer: IteratorResult<string, unknown> = await lines.next();
      if (answer.value !== 'done') throw new Error(`the shell ended at: ${line}`);
      return performance.now() - begin;
    },
    end,
  };
}

/** Starts the server of `current`; the shell knows it as `$server`. */
export const startLine = '(cd current && exec node server.js >&2) & server=$!';
export const stopLine = 'kill "$server"; wait "$server" || :';
