import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { Systemd } from '../../../agent/io/services/systemd/systemd.js';
import { UnitKeeper, type UnitOrder } from '../../../agent/io/services/units/unit-keeper.js';
import { systemClock } from '../../../shared/io/clock.js';
import { tempDir } from '../../support/temp-dir.js';

/** Units are files with their state; what is asked for is noted, unless a file says that it is refused. */
const systemctl = (dir: string): string => `#!/bin/sh
cd ${dir}
for unit; do :; done
case "$1" in
  show)
    [ ! -e mute ] || exit 1
    case "$*" in *--property=Version*) echo 252.1; exit;; esac
    echo LoadState=loaded
    cat "$unit.more" 2>/dev/null
    echo "ActiveState=$(cat "$unit" 2>/dev/null || echo inactive)"
    exit 0;;
  start) [ ! -e refused ] || { echo 'Transaction is destructive.' >&2; exit 1; }; echo active >"$unit";;
  stop) echo inactive >"$unit";;
esac
echo "$1" >>asked
`;

describe('keeping a service as a unit', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await tempDir();
    await writeFile(join(dir, 'systemctl'), systemctl(dir));
    await chmod(join(dir, 'systemctl'), 0o755);
    await mkdir(join(dir, 'units'));
  });

  /** As an agent that has just been started has it. */
  const keeper = (): UnitKeeper => {
    const systemd = new Systemd({ path: `${dir}:${process.env['PATH'] ?? ''}`, bootedMark: dir });
    return new UnitKeeper({ folder: join(dir, 'state'), systemd, clock: systemClock });
  };
  const order = (more: Partial<UnitOrder> = {}): UnitOrder => ({
    ...{ unit: 'web.service', dir: '1', env: {}, transient: undefined, files: new Map(), reload: false },
    ...more,
  });
  const dropIn = (): UnitOrder['files'] =>
    new Map([[join(dir, 'units', 'web.service.d', '10-capstan.conf'), '# Written by Capstan\n[Service]\n']]);
  const asked = async (): Promise<readonly string[]> => {
    const lines = (await readFile(join(dir, 'asked'), 'utf8').catch(() => '')).trim().split('\n');
    await rm(join(dir, 'asked'), { force: true });
    return lines;
  };

  it('tries a unit again that could not be started once after a reboot', async () => {
    await keeper().start(order());
    const notes = join(dir, 'state', 'keeper.json');
    const noted = JSON.parse(await readFile(notes, 'utf8')) as Record<string, unknown>;
    await writeFile(notes, JSON.stringify({ ...noted, bootId: 'another' }));
    await writeFile(join(dir, 'web.service'), 'inactive\n');
    await writeFile(join(dir, 'refused'), '');

    const units = keeper();
    const error: unknown = await units.start(order()).catch((thrown: unknown) => thrown);
    expect(String(error)).to.include('Transaction is destructive');
    expect(units.observe(), 'nothing that is over').to.equal(undefined);
    await rm(join(dir, 'refused'));
    await units.start(order());
    expect(units.observe()).to.include({ dir: '1', running: true });
    await writeFile(join(dir, 'web.service'), 'failed\n');
    await units.watch?.ask();
    expect(units.observe(), 'systemd has given it up').to.include({ running: false, over: true });
  });

  it('leaves a unit alone that another agent has made for the same application', async () => {
    const transient = (): Promise<void> => writeFile(join(dir, 'capstan-app-web.service'), 'active\n');
    const own = order({ unit: 'capstan-app-web.service', transient });
    const values = (folder: string): Promise<void> =>
      writeFile(
        join(dir, 'capstan-app-web.service.more'),
        `EnvironmentFiles=${folder}/environment (ignore_errors=no)\n`,
      );
    await values('/other');
    await transient();
    const error: unknown = await keeper()
      .start(own)
      .catch((thrown: unknown) => thrown);
    expect(String(error)).to.include(
      'was not started by this agent (its values come from /other/environment)',
    );
    expect(await keeper().transientFault(own.unit)).to.include('stop it first');
    await keeper().remove();
    expect(await asked()).to.deep.equal(['']);

    await values(join(dir, 'state'));
    await keeper().start(own);
    expect(await asked(), 'its own, with notes lost').to.deep.equal(['stop']);
  });

  it('does not take a systemd that does not answer for none', async () => {
    const path = `${dir}:${process.env['PATH'] ?? ''}`;
    expect(await new Systemd({ path, bootedMark: join(dir, 'none') }).version()).to.equal(undefined);
    const systemd = new Systemd({ path, bootedMark: dir });
    await writeFile(join(dir, 'mute'), '');
    const error: unknown = await systemd.version().catch((thrown: unknown) => thrown);
    expect(String(error)).to.include('systemctl show');
    await rm(join(dir, 'mute'));
    expect(await systemd.version()).to.equal(252);
  });

  it('has systemd read what an agent wrote that ended before it could say so', async () => {
    const files = dropIn();
    await keeper().start(order({ files }));
    expect(await asked()).to.deep.equal(['daemon-reload', 'start']);
    await writeFile(join(dir, 'web.service.more'), 'NeedDaemonReload=yes\n');
    await keeper().start(order({ dir: '2', files }));
    expect(await asked()).to.deep.equal(['stop', 'daemon-reload', 'start']);

    for (const path of files.keys()) await rm(path);
    await keeper().remove();
    expect(await asked()).to.deep.equal(['stop', 'daemon-reload']);
  });

  it('remembers how a unit ended while systemd, which starts it again, has forgotten it', async () => {
    const say = async (active: string, ...more: readonly string[]): Promise<string | undefined> => {
      await writeFile(join(dir, 'web.service'), `${active}\n`);
      await writeFile(join(dir, 'web.service.more'), more.map((line) => `${line}\n`).join(''));
      await units.watch?.ask();
      return units.observe()?.lastExit;
    };
    const units = keeper();
    await units.start(order());
    expect(await say('active')).to.equal('');
    expect(await say('activating', 'NRestarts=1'), 'nobody has seen it end').to.include('it ended');
    const ended = [
      'SubState=auto-restart',
      'NRestarts=1',
      'Result=exit-code',
      'ExecMainCode=1',
      'ExecMainStatus=3',
    ];
    expect(await say('activating', ...ended)).to.include('exit code 3');
    expect(await say('activating', 'NRestarts=2')).to.include('exit code 3');
    expect(await say('active', 'NRestarts=2')).to.include('exit code 3');
  });

  it('takes away what an agent that was killed has left half-written', async () => {
    const files = dropIn();
    const [path = ''] = files.keys();
    const left = async (): Promise<void> => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.0123456789ab.tmp`, '# Wri');
    };
    await left();
    await keeper().start(order({ files }));
    expect(await readdir(dirname(path))).to.deep.equal([basename(path)]);
    await left();
    await keeper().remove();
    expect(await readdir(join(dir, 'units'))).to.deep.equal([]);
  });
});
