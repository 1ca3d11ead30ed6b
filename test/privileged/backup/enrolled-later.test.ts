import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { restored, taken } from '../../integration/backup/site.js';
import { startSite } from '../../integration/identity/site.js';
import { freePorts } from '../../support/free-ports.js';
import { runProgram, startProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';

describe('a node that enrolled after the backup', function () {
  this.timeout(60_000);

  it('is told so by the restored coordinator, and by its doctor, and can enrol again', async () => {
    const dir = await tempDir();
    const ports = await freePorts(3);
    const flags = ['--agent-listen', '--operator-listen', '--http-listen'];
    const listen = flags.flatMap((flag, at) => [flag, `127.0.0.1:${ports[at] ?? 0}`]);
    const dataDir = join(dir, 'data');
    const before = await startSite(dataDir, listen);
    const args = ['--data-dir', dataDir, ...listen];
    const { file } = await taken(args, dir);
    const state = ['--state-dir', join(dir, 'state'), '--conf-dir', join(dir, 'conf.d')];
    const enrol = async (token: string, ...more: readonly string[]) =>
      runProgram(
        'capstan-agent',
        [
          ...['enrol', '--coordinator', before.operators, '--pin', before.pin, '--token-file', '-'],
          ...[...state.slice(0, 2), '--name', 'web-a', ...more],
        ],
        { input: `${token}\n` },
      );
    await enrol(await before.token());
    const places = [...state, '--root', join(dir, 'srv'), '--listen', '127.0.0.1:0', '--allow-unsigned'];
    const agent = startProgram('capstan-agent', places);
    await agent.waitFor('coordinator.connected');
    await before.program.stop('SIGKILL');
    await rename(dataDir, join(dir, 'before'));
    await mkdir(dataDir);
    await restored(file, args);
    const after = await startSite(dataDir, listen);
    expect(after.pin).to.equal(before.pin);

    const refused = await agent.waitFor('coordinator.refused', undefined, 30_000);
    const words = 'The node web-a was decommissioned, or enrolled after the backup';
    expect(refused['message']).to.contain(words);
    expect(refused['hint']).to.contain('capstan-agent enrol --again');
    const doctor = await runProgram('capstan-agent', ['doctor', ...places]);
    expect(doctor.stdout).to.contain(words).and.to.contain('enrol --again');
    await agent.stop();
    expect((await enrol(await after.token(), '--again')).code).to.equal(0);
    await startProgram('capstan-agent', places).waitFor('coordinator.connected');
  });
});
