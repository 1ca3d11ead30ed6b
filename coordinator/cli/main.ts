import { processHost } from './host.js';
import { run } from './run.js';

/** Ends once what was printed has been taken, whatever connections are still open. */
function end(code: number): void {
  process.exitCode = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

const host = processHost({ env: process.env, exit: (code) => process.exit(code) });
void run(process.argv.slice(2), host).then(end);
