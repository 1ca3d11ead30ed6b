import { expect } from 'chai';
import { type LogLine, type Program, runProgram, startProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';

async function startCoordinator(dir: string): Promise<LogLine & { readonly program: Program }> {
  const listen = ['agent', 'operator', 'http'].flatMap((who) => [`--${who}-listen`, '127.0.0.1:0']);
  const args = ['--insecure-loopback', '--data-dir', `${dir}/coordinator`, ...listen];
  const program = startProgram('capstan-coordinator', args);
  return { ...(await program.waitFor('listening')), program };
}

const settingsOf = (dir: string, coordinator: unknown): readonly string[] => [
  ...['--insecure-loopback', '--name', 'n1', '--coordinator', String(coordinator)],
  ...['--state-dir', `${dir}/state`, '--root', `${dir}/srv`, '--listen', '127.0.0.1:0'],
];

describe('bin/capstan-agent doctor', function () {
  this.timeout(60_000);

  it('asks a coordinator, and tells it apart from one that is gone', async () => {
    const dir = await tempDir();
    const { program, agent } = await startCoordinator(dir);
    const settings = settingsOf(dir, agent);
    const well = await runProgram('capstan-agent', ['doctor', ...settings]);
    expect(well.stdout).to.match(/^ok +coordinator 127\.0\.0\.1:\d+ +answers in \d+ ms$/m);
    expect(well).to.include({ code: 0, stderr: '' });
    await program.stop();
    const gone = await runProgram('capstan-agent', ['doctor', ...settings, '--output', 'json']);
    expect(gone.code).to.equal(1);
    expect(JSON.parse(gone.stdout)).to.have.property('ok', false);
  });

  it("knows a coordinator's other addresses, and so does the agent", async () => {
    const dir = await tempDir();
    const { operator, http } = await startCoordinator(dir);
    for (const [other, name] of [
      [operator, '--operator-listen'],
      [http, '--http-listen'],
    ]) {
      const settings = settingsOf(dir, other);
      const { code, stdout } = await runProgram('capstan-agent', ['doctor', ...settings]);
      expect(code, stdout).to.equal(1);
      expect(stdout).to.match(new RegExp(`^BAD +coordinator ${String(other)} .*${String(name)}`, 'm'));
      expect(stdout).to.contain("→ agents use the address of the coordinator's --agent-listen");
      const agent = startProgram('capstan-agent', settings);
      const line = await agent.waitFor('coordinator.unreachable');
      expect(line).to.include({ message: `What answers at ${String(other)} does not serve agents.` });
      expect(line['hint']).to.contain('--agent-listen');
      await agent.waitFor('listening');
      await agent.stop();
      expect(agent.logs().map(({ event }) => event)).not.to.include('report.failed');
    }
  });

  it('refuses settings as the agent does', async () => {
    const refused = await runProgram('capstan-agent', ['doctor', '--no-such-thing']);
    expect(refused.code).to.equal(2);
    expect(refused.stderr).to.contain('Unknown setting --no-such-thing');
  });
});
