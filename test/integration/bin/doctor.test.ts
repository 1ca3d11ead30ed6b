import { expect } from 'chai';
import { runProgram, startProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';

describe('bin/capstan-agent doctor', function () {
  this.timeout(60_000);

  it('asks a coordinator, and tells it apart from one that is gone', async () => {
    const dir = await tempDir();
    const listen = ['agent', 'operator', 'http'].flatMap((who) => [`--${who}-listen`, '127.0.0.1:0']);
    const coordinator = startProgram('capstan-coordinator', [
      ...['--insecure-loopback', '--data-dir', `${dir}/coordinator`],
      ...listen,
    ]);
    const { agent } = await coordinator.waitFor('listening');
    const settings = [
      ...['--insecure-loopback', '--name', 'n1', '--coordinator', String(agent)],
      ...['--state-dir', `${dir}/state`, '--root', `${dir}/srv`],
    ];
    const well = await runProgram('capstan-agent', ['doctor', ...settings]);
    expect(well.stdout).to.match(/^ok +coordinator 127\.0\.0\.1:\d+ +answers in \d+ ms$/m);
    expect(well).to.include({ code: 0, stderr: '' });
    await coordinator.stop();
    const gone = await runProgram('capstan-agent', ['doctor', ...settings, '--output', 'json']);
    expect(gone.code).to.equal(1);
    expect(JSON.parse(gone.stdout)).to.have.property('ok', false);
  });

  it('refuses settings as the agent does', async () => {
    const refused = await runProgram('capstan-agent', ['doctor', '--no-such-thing']);
    expect(refused.code).to.equal(2);
    expect(refused.stderr).to.contain('Unknown setting --no-such-thing');
  });
});
