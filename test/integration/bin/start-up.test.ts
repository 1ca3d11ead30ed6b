import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { listen } from '../../../agent/io/endpoint/listen.js';
import { cleanUp } from '../../support/cleanup.js';
import { runProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';

describe('daemons that cannot start', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await tempDir();
  });
  /** What both say, each of its own settings. */
  const said = async (
    agent: readonly string[],
    coordinator: readonly string[],
  ): Promise<readonly string[]> => {
    const ends = await Promise.all([
      runProgram(
        'capstan-agent',
        [
          ...[
            '--insecure-loopback',
            '--name',
            'n1',
            '--coordinator',
            '127.0.0.1:1',
            '--listen',
            '127.0.0.1:0',
          ],
          ...['--state-dir', join(dir, 'state'), '--root', join(dir, 'srv'), '--conf-dir', dir, ...agent],
        ],
        { timeoutMs: 15_000 },
      ),
      runProgram(
        'capstan-coordinator',
        ['--insecure-loopback', '--data-dir', join(dir, 'data'), ...coordinator],
        { timeoutMs: 15_000 },
      ),
    ]);
    expect(ends.map(({ code }) => code)).to.deep.equal([1, 1]);
    return ends.map(({ stderr }) => stderr);
  };

  it('say which directory cannot be made, why, and what to do', async () => {
    const end = (path: string, setting: string): string =>
      `${path} cannot be made: ENOENT: no such file or directory, mkdir '${path}'.\n` +
      `Choose another one with ${setting}, or make it and give it to the user that runs this program.\n`;
    expect(await said(['--state-dir', '/proc/nope'], ['--data-dir', '/proc/nope'])).to.deep.equal([
      `capstan-agent: The state directory ${end('/proc/nope', '--state-dir')}`,
      `capstan-coordinator: The data directory ${end('/proc/nope', '--data-dir')}`,
    ]);
  });

  it('say which address is taken, and the setting with which another one is chosen', async () => {
    const other = createServer();
    const { port } = await listen(other, { host: '127.0.0.1', port: 0 }, '');
    cleanUp(() => void other.close());
    const taken = `127.0.0.1:${port}`;
    const end = (setting: string): string =>
      `Cannot listen on ${taken}: another program listens there.\n` +
      `Stop what listens there, or choose another address with ${setting}.\n`;
    expect(await said(['--listen', taken], ['--http-listen', taken])).to.deep.equal([
      `capstan-agent: ${end('--listen')}`,
      `capstan-coordinator: ${end('--http-listen')}`,
    ]);
    const free = ['--http-listen', '127.0.0.1:0', '--operator-listen', '127.0.0.1:0'];
    expect(await said(['--peer-listen', taken], [...free, '--agent-listen', taken])).to.deep.equal([
      `capstan-agent: ${end('--peer-listen')}`,
      `capstan-coordinator: ${end('--agent-listen')}`,
    ]);
  });
});
