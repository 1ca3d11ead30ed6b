import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { programPath, runProgram, startProgram } from '../../support/processes.js';
import { node, rollout } from './answers.js';
import { recordedCoordinator } from './recorded-coordinator.js';

const connected = (address: string) => ({
  env: { CAPSTAN_COORDINATOR: address, CAPSTAN_INSECURE_LOOPBACK: '1' },
});

describe('bin/capstan', () => {
  it('answers a question about the fleet', async () => {
    const { address } = await recordedCoordinator({ unary: { ListNodes: () => ({ nodes: [node()] }) } });
    const { code, stdout, stderr } = await runProgram(
      'capstan',
      ['node', 'list', '--output', 'json'],
      connected(address),
    );
    expect(code, stderr).to.equal(0);
    expect(JSON.parse(stdout)).to.have.length(1);
  });

  it('exits 3 when the coordinator is not there, 2 when the command is wrong', async () => {
    const coordinator = await recordedCoordinator({});
    coordinator.stop();
    const away = await runProgram('capstan', ['status'], connected(coordinator.address));
    expect(away.code).to.equal(3);
    expect(away.stderr).to.match(/cannot be reached\.\nCheck that it runs/);
    expect((await runProgram('capstan', ['statos'])).code).to.equal(2);
  });

  it('Ctrl-C stops watching, says so and exits 130', async () => {
    const { address } = await recordedCoordinator({
      streams: {
        async *WatchRollout(_request, signal) {
          yield { ...rollout() };
          await new Promise((resolve) => {
            signal.addEventListener('abort', resolve, { once: true });
          });
        },
      },
    });
    const program = startProgram('capstan', ['rollout', 'watch', 'r1'], connected(address));
    await eventually(() => program.stderr().includes('wave pilot: running'), { what: 'the first state' });
    const { code } = await program.stop('SIGINT');
    expect(code).to.equal(130);
    expect(program.stderr()).to.match(/Stopped watching; rollout r1 goes on/);
  });

  it('ends quietly when its reader goes away', async () => {
    const event = { position: '1', time: '2026-01-31T12:00:00Z', kind: 'k', message: 'm'.repeat(1000) };
    const { address } = await recordedCoordinator({
      streams: {
        async *ListEvents(_request, signal) {
          for (let sent = 0; sent < 500; sent += 1) yield await Promise.resolve(event);
          await new Promise((resolve) => {
            signal.addEventListener('abort', resolve, { once: true });
          });
        },
      },
    });
    const { env } = connected(address);
    const line = `"${programPath('capstan')}" events --follow | head -n 1; echo "code \${PIPESTATUS[0]}"`;
    const shell = spawn('bash', ['-c', line], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    shell.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    shell.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    await once(shell, 'close');
    expect(stdout).to.match(/k {2,}m+\ncode 0\n$/);
    expect(stderr).to.equal('');
  });
});
