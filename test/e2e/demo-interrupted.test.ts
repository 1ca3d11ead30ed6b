import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { cleanUp } from '../support/cleanup.js';
import { eventually } from '../support/eventually.js';
import { processesIn } from '../support/processes.js';
import { tempDir } from '../support/temp-dir.js';

describe('the demo, interrupted', function () {
  this.timeout(150_000);

  for (const { moment, line } of [
    { moment: 'while the fleet starts', line: 'A coordinator and 2 servers' },
    { moment: 'in the middle of a publish', line: '$ capstan publish releases/1.0.0' },
    { moment: 'in the middle of a deploy', line: '$ capstan deploy web@1.0.0' },
  ]) {
    it(`leaves no process and no file ${moment}`, async () => {
      const dir = await tempDir();
      const main = fileURLToPath(new URL('../demo/main.ts', import.meta.url));
      const demo = spawn(process.execPath, ['--import=tsx', main, '--agents', '2', '--dir', dir], {
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true, // in a group of its own, so that the signal goes where Ctrl-C would send it
      });
      cleanUp(() => void demo.kill('SIGKILL'));
      let output = '';
      demo.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
      demo.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
      await eventually(() => output.includes(line), { timeoutMs: 60_000, what: line });
      await eventually(() => processesIn(dir).some((pid) => pid !== demo.pid), {
        timeoutMs: 30_000,
      });
      const exit = once(demo, 'exit');
      process.kill(-(demo.pid ?? 0), 'SIGINT');
      const [code] = (await exit) as [number | null];
      expect(code, output).to.equal(130);
      expect(await readdir(dir)).to.deep.equal([]);
      expect(processesIn(dir)).to.deep.equal([]);
    });
  }
});
