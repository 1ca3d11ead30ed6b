import { readFileSync } from 'node:fs';
import type { ServiceOrder } from './files.js';
import { Holder } from './holder.js';

/**
 * `capstan-shim ORDER`: holds one service of one application, in a session of its own, so that the service outlives the
 * agent. SIGTERM stops the service and ends the shim. Nothing but node: modules, for one of these runs per service.
 */
const logCheckMs = 10_000;

function main(orderFile: string): void {
  const order = JSON.parse(readFileSync(orderFile, 'utf8')) as ServiceOrder;
  const holder = new Holder(order);
  const stop = (): void => {
    void holder.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => undefined);
  setInterval(() => {
    holder.boundLog();
  }, logCheckMs);
  holder.start();
}

const [orderFile] = process.argv.slice(2);
if (orderFile === undefined) {
  process.stderr.write('capstan-shim is started by capstan-agent, with a file that says what to run\n');
  process.exit(2);
}
main(orderFile);
