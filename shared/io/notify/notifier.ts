import type { Clock } from '../../ports/clock.js';
import type { Logger } from '../../ports/logger.js';
import { openDatagramSocket, type SendDatagram } from './socket.js';

export interface NotifierOptions {
  /** systemd's own variables: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID. */
  readonly env: NodeJS.ProcessEnv;
  readonly pid: number;
  /** Resolves once the agent is up. Until then more time is asked for, lest it be killed and have to begin anew. */
  readonly up: Promise<void>;
  /** Whether the work goes on; the watchdog is fed only as long as it does. */
  readonly alive: () => boolean;
  /** One line on what is being done. */
  readonly status: () => string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How often the line on what is being done is looked at. Milliseconds. */
const lookEveryMs = 2_000;
/** For how much longer a start may take, each time that is asked for. Milliseconds. */
const extensionMs = 30_000;
/** A start that takes longer is hung. Milliseconds. */
const longestStartMs = 3_600_000;

/**
 * Tells the service manager that the agent is up, what it does, that it still does it, and, when aborted, that it ends.
 * Returns at once if nobody wants to know, which is so unless systemd started it.
 */
export async function runNotifier(options: NotifierOptions, signal: AbortSignal): Promise<void> {
  const { env, clock, log } = options;
  const address = env['NOTIFY_SOCKET'];
  if (address === undefined || address === '') return;
  let send: SendDatagram;
  try {
    send = await openDatagramSocket(address);
  } catch (error) {
    log.error('notify.failed', { address, error });
    return;
  }
  const watchdogMs = watchdogOf(options);
  // A third, so that one that comes late or gets lost does no harm.
  const everyMs = Math.min(lookEveryMs, (watchdogMs ?? Number.POSITIVE_INFINITY) / 3);
  const sleep = (): Promise<void> => clock.sleep(everyMs, signal).catch(() => undefined);
  const up = options.up.then(() => true);
  const givenUpAt = clock.monotonic() + longestStartMs;
  while (!(await Promise.race([up, sleep().then(() => false)])) && !signal.aborted) {
    if (clock.monotonic() < givenUpAt) send(`EXTEND_TIMEOUT_USEC=${extensionMs * 1000}\nSTATUS=starting`);
  }
  let told = '';
  let ready = false;
  while (!signal.aborted) {
    const status = options.status();
    const lines = [
      ...(ready ? [] : ['READY=1']),
      ...(status === told ? [] : [`STATUS=${status}`]),
      ...(watchdogMs !== undefined && options.alive() ? ['WATCHDOG=1'] : []),
    ];
    if (lines.length > 0 && send(lines.join('\n'))) {
      told = status;
      ready = true;
    }
    await sleep();
  }
  send('STOPPING=1\nSTATUS=stopping');
}

/** How often the service manager wants to hear of this process; undefined: not at all. */
function watchdogOf({ env, pid }: NotifierOptions): number | undefined {
  const meant = env['WATCHDOG_PID'];
  const us = Number(env['WATCHDOG_USEC']);
  if (!(us > 0) || (meant !== undefined && Number(meant) !== pid)) return undefined;
  return us / 1000;
}
