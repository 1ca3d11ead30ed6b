import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { probeUnit } from '../../../agent/io/probes/unit-probe.js';
import { runShort } from '../../../agent/io/services/systemd/short-command.js';
import { Systemd } from '../../../agent/io/services/systemd/systemd.js';
import type { UnitState } from '../../../agent/io/services/systemd/unit-state.js';
import { UnitWatch } from '../../../agent/io/services/systemd/unit-watch.js';
import { systemClock } from '../../../shared/io/clock.js';
import type { Clock } from '../../../shared/ports/clock.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { tempDir } from '../../support/temp-dir.js';

/** Whose last answer can be waited for. */
class Awaited extends Systemd {
  answered: Promise<unknown> = Promise.resolve();

  override show(unit: string): Promise<UnitState> {
    const answer = super.show(unit);
    this.answered = answer;
    return answer;
  }
}

describe('watching a unit', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await tempDir();
  });

  /** A systemctl that prints a file, and notes each time that it was asked. */
  async function watching(clock: Clock = systemClock): Promise<{
    readonly watch: UnitWatch;
    readonly systemd: Awaited;
    readonly asked: () => Promise<number>;
  }> {
    const script = `#!/bin/sh\necho "$*" >>${dir}/asked\ncat ${dir}/answer\n`;
    await writeFile(join(dir, 'systemctl'), script);
    await chmod(join(dir, 'systemctl'), 0o755);
    const systemd = new Awaited({ path: `${dir}:${process.env['PATH'] ?? ''}` });
    return {
      watch: new UnitWatch('web.service', systemd, clock),
      systemd,
      asked: async () => (await readFile(join(dir, 'asked'), 'utf8')).trim().split('\n').length,
    };
  }
  const answer = (properties: Readonly<Record<string, string | number>>): Promise<void> =>
    writeFile(
      join(dir, 'answer'),
      Object.entries({ LoadState: 'loaded', ...properties })
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
  function sleeper(): ChildProcess & { readonly pid: number } {
    const child = spawn('sleep', ['100'], { stdio: 'ignore' });
    cleanUp(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    return Object.assign(child, { pid: child.pid ?? 0 });
  }

  it('asks systemd once while its main process lives, and at once when that has ended', async () => {
    const child = sleeper();
    await answer({ ActiveState: 'active', MainPID: child.pid, InvocationID: 'a'.repeat(32) });
    const { watch, asked } = await watching();
    expect(watch.look()).to.equal(undefined);
    await eventually(() => watch.look()?.state.active === 'active');
    for (let look = 0; look < 1000; look += 1) expect(watch.look()?.current).to.equal(true);
    expect(await asked()).to.equal(1);

    child.kill('SIGKILL');
    await once(child, 'exit');
    await answer({ ActiveState: 'failed', Result: 'signal', ExecMainCode: 2, ExecMainStatus: 9, MainPID: 0 });
    expect(watch.look()?.current, 'known without systemd').to.equal(false);
    await eventually(() => watch.look()?.state.active === 'failed');
    expect(watch.invocations).to.deep.equal(['a'.repeat(32)]);
  });

  it('asks more and more seldom about one that does not run', async () => {
    await answer({ ActiveState: 'failed', Result: 'exit-code', MainPID: 0 });
    let now = 0;
    const { watch, systemd, asked } = await watching({ ...systemClock, monotonic: () => now });
    for (; now < 1500; now += 5) {
      watch.look();
      await systemd.answered;
      await setImmediate();
    }
    expect(await asked(), 'at 0, 50, 150, 350 and 750 ms').to.equal(5);
  });

  it('says that systemd does not answer, within the time limit of whoever asks', async () => {
    const env = { PATH: process.env['PATH'] ?? '' };
    const late = { command: ['sleep', '100'], env, limitMs: 100, keepBytes: 100 };
    expect(await runShort(late)).to.deep.equal({
      ...{ code: undefined, output: '' },
      complaint: 'sleep did not answer within 100 ms',
    });
    expect((await runShort({ ...late, command: [join(dir, 'gone')] })).complaint).to.include('ENOENT');
    const held = {
      ...late,
      command: ['sh', '-c', 'sleep 1 & echo 1; echo 2; echo oh >&2; exit 3'],
      limitMs: 200,
    };
    expect((await runShort(held)).code, 'its pipes are held by somebody else').to.equal(undefined);
    const long = { ...late, command: ['seq', '1', '1000'], limitMs: 5000, keepBytes: 12 };
    expect((await runShort(long)).output).to.equal('999\n1000\n');
    const never = new Promise<string>(() => undefined);
    expect(await probeUnit(never, 50, new AbortController().signal)).to.deep.equal({
      ok: false,
      complaint: 'systemd did not answer within 50 ms',
    });
    expect(await probeUnit(Promise.resolve(''), 50, new AbortController().signal)).to.deep.equal({
      ok: true,
    });
  });
});
