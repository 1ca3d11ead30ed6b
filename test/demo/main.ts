import { platform } from 'node:os';
import { startFleet } from '../support/fleet.js';
import { startLoadBalancer } from '../support/load-balancer.js';
import { type LoadClient, startLoad } from '../support/load-client.js';
import { realPaths } from '../support/real-app.js';
import { type Home, makeHome } from './home.js';
import { tryNext, whatToPlayWith } from './next-steps.js';
import { type DemoOptions, parseOptions, usage } from './options.js';
import { play, summary } from './play.js';
import { NotAsTold, openStage } from './stage.js';

process.exitCode = await main(process.argv.slice(2));

/** @returns 0 if every act ended as told, 1 if not, 2 for wrong arguments, 130 after Ctrl-C */
async function main(args: readonly string[]): Promise<number> {
  const command = parseOptions(args);
  if (command.kind === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (command.kind === 'wrong') {
    process.stderr.write(`${command.message}\n\n${usage}`);
    return 2;
  }
  if (platform() !== 'linux') {
    process.stderr.write('The demo needs Linux: it knows its processes by /proc.\n');
    return 2;
  }
  const interrupted = new AbortController();
  let signalNumber = 0;
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.on(signal, () => {
      signalNumber ||= number;
      interrupted.abort();
    });
  }
  // A terminal or pipe that is gone must not keep the demo from tidying up.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => {
      signalNumber ||= 13;
      interrupted.abort();
    });
  }
  let home: Home;
  try {
    home = await makeHome(command.options.dir);
  } catch (error) {
    process.stderr.write(
      `There is no place for the demo: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 2;
  }
  // Whatever waits for one of the processes goes on, and stops, when they end.
  interrupted.signal.addEventListener('abort', () => void home.endProcesses().catch(() => undefined));
  try {
    return await perform(command.options, home, interrupted.signal);
  } catch (error) {
    if (interrupted.signal.aborted) return 128 + signalNumber;
    const what = error instanceof Error ? error.message : String(error);
    const head = error instanceof NotAsTold ? 'The demo did not go as told' : 'The demo could not go on';
    process.stdout.write(`\n${head}: ${what}\n`);
    return 1;
  } finally {
    if (interrupted.signal.aborted) {
      // A live view that was cut off has hidden the cursor.
      const cursor = process.stdout.isTTY ? '\u001b[?25h' : '';
      process.stdout.write(`${cursor}\nPutting everything away…\n`);
    }
    await home.remove();
  }
}

async function perform({ agents, keep }: DemoOptions, { dir }: Home, signal: AbortSignal): Promise<number> {
  const zones = ['a', 'b', 'c'].slice(0, agents);
  process.stdout.write(
    `A coordinator and ${agents} servers in ${zones.length} zones, all on this machine, in ${dir}\n`,
  );
  const fleet = await startFleet({ dir, nodes: agents, zones });
  signal.throwIfAborted();
  const stage = openStage({ signal, operatorEnv: fleet.operatorEnv, cwd: dir });
  const balancer = await startLoadBalancer({ backends: fleet.backends('web', '/healthz'), everyMs: 100 });
  let load: LoadClient | undefined;
  let over = false;
  const openDoors = (): LoadClient => {
    // Visitors who came after the curtain has fallen would never leave.
    if (over || signal.aborted) throw new NotAsTold('the doors stay shut: the demo is over');
    load ??= startLoad({ url: balancer.url, paths: realPaths });
    return load;
  };
  try {
    const cast = { fleet, balancer, stage, openDoors };
    await summary(cast, await play(cast));
    if (keep) {
      whatToPlayWith(stage, fleet, balancer.url);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    } else {
      tryNext(stage);
    }
    return 0;
  } finally {
    over = true;
    await load?.stop();
    await balancer.close();
  }
}
