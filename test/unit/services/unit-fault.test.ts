import { expect } from 'chai';
import { loadFault, unitFault } from '../../../agent/io/services/systemd/unit-fault.js';
import {
  exitsOf,
  isKept,
  isRunning,
  parseUnitState,
  type UnitState,
} from '../../../agent/io/services/systemd/unit-state.js';

/** As `systemctl show` prints it, in no order to be relied upon. */
const show = (properties: Readonly<Record<string, string | number>>): UnitState => {
  const all = {
    LoadState: 'loaded',
    ActiveState: 'active',
    SubState: 'running',
    Result: 'success',
    Job: '',
    ConditionResult: 'yes',
    AssertResult: 'yes',
    ...properties,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}=${value}`);
  return parseUnitState('web.service', `${lines.join('\n')}\n`);
};
const failed = (properties: Readonly<Record<string, string | number>>): UnitState =>
  show({ ActiveState: 'failed', SubState: 'failed', Result: 'exit-code', MainPID: 0, ...properties });
const exited = (status: number): UnitState => failed({ ExecMainCode: 1, ExecMainStatus: status });

describe('the state of a unit', () => {
  it('is read from what systemctl shows, whatever else that says', () => {
    const state = show({
      MainPID: 4711,
      NRestarts: 2,
      InvocationID: 'b662a6d5250a43818246e92e9136fd5d',
      ControlGroup: '/system.slice/a=b.service',
      Job: 17,
      Surprise: 'x',
    });
    expect(state).to.include({
      ...{
        unit: 'web.service',
        load: 'loaded',
        active: 'active',
        sub: 'running',
        mainPid: 4711,
        restarts: 2,
      },
      ...{ invocation: 'b662a6d5250a43818246e92e9136fd5d', cgroup: '/system.slice/a=b.service', job: true },
    });
    expect(parseUnitState('web.service', 'MainPID=none\nnonsense\n')).to.include({ mainPid: 0, load: '' });
  });

  it('runs while it is active, and is kept while systemd does something about it', () => {
    const states = ['active', 'reloading', 'activating', 'deactivating', 'inactive', 'failed'].map((active) =>
      show({ ActiveState: active }),
    );
    expect(states.map(isRunning)).to.deep.equal([true, true, false, false, false, false]);
    expect(states.map(isKept)).to.deep.equal([true, true, true, true, false, false]);
    expect(isKept(show({ ActiveState: 'inactive', Job: 5 })), 'it waits for its turn').to.equal(true);
  });

  it('counts an exit once, before and after systemd has started it again', () => {
    expect(exitsOf(show({ NRestarts: 0 }))).to.equal(0);
    expect(exitsOf(show({ ActiveState: 'activating', SubState: 'auto-restart', NRestarts: 0 }))).to.equal(1);
    expect(exitsOf(show({ NRestarts: 1 }))).to.equal(1);
    expect(exitsOf(failed({ NRestarts: 4 }))).to.equal(5);
  });
});

describe('why a unit does not run', () => {
  it('is said of what systemd cannot load', () => {
    const said = [
      show({ LoadState: 'masked' }),
      show({
        LoadState: 'not-found',
        LoadError: 'org.freedesktop.systemd1.NoSuchUnit "Unit web.service not found."',
      }),
      show({
        LoadState: 'bad-setting',
        LoadError: 'org.freedesktop.systemd1.BadUnitSetting "Bad unit file setting."',
      }),
      show({ LoadState: 'error', LoadError: 'System.Error.EIO "Input/output error"' }),
      show({}),
    ].map(loadFault);
    expect(said).to.deep.equal([
      'web.service is masked on this host (undone by: systemctl unmask web.service)',
      'there is no unit web.service on this host',
      'web.service has a setting that systemd cannot use: Bad unit file setting. (told by: systemd-analyze verify web.service)',
      'systemd cannot load web.service: Input/output error',
      '',
    ]);
  });

  it('tells what systemd could not do from how the program ended', () => {
    expect(unitFault(exited(203))).to.equal(
      'web.service failed: its program could not be executed: is it there, and may it be executed? (203/EXEC)',
    );
    expect(unitFault(exited(217))).to.match(/^web\.service failed: there is no such user .* \(217\/USER\)$/);
    expect(unitFault(exited(200))).to.match(/working directory cannot be entered \(200\/CHDIR\)$/);
    expect(unitFault(exited(226))).to.match(/sandbox .* \(226\/NAMESPACE\)$/);
    expect(unitFault(exited(3))).to.equal('web.service failed: exit code 3');
    expect(unitFault({ ...exited(3), restarts: 4 })).to.equal(
      'web.service failed: exit code 3; it was started again 4 times before',
    );
  });

  it('has a sentence for every result', () => {
    const killed = { ExecMainCode: 2, ExecMainStatus: 9 };
    const results = {
      signal: failed({ Result: 'signal', ...killed }),
      'core-dump': failed({ Result: 'core-dump', ExecMainCode: 3, ExecMainStatus: 11 }),
      'oom-kill': failed({ Result: 'oom-kill', ...killed }),
      watchdog: failed({ Result: 'watchdog', ExecMainCode: 3, ExecMainStatus: 6 }),
      start: failed({
        Result: 'timeout',
        ActiveEnterTimestampMonotonic: 5,
        InactiveExitTimestampMonotonic: 9,
      }),
      stop: failed({
        Result: 'timeout',
        ActiveEnterTimestampMonotonic: 9,
        InactiveExitTimestampMonotonic: 5,
      }),
      limit: failed({ Result: 'start-limit-hit', ExecMainCode: 1, ExecMainStatus: 1 }),
      protocol: failed({ Result: 'protocol' }),
      resources: failed({ Result: 'resources' }),
      else: failed({ Result: 'what-comes-next' }),
    };
    const said = Object.fromEntries(
      Object.entries(results).map(([name, state]) => [
        name,
        unitFault(state).replace('web.service failed: ', ''),
      ]),
    );
    expect(said).to.deep.equal({
      signal: 'killed by SIGKILL',
      'core-dump': 'killed by SIGSEGV, with a core dump',
      'oom-kill': 'the kernel killed it because memory ran out',
      watchdog: 'it gave no sign of life within its WatchdogSec',
      start: 'it was not up within its time limit',
      stop: 'it did not stop within its time limit',
      limit: 'it was started too often in a short time, so that systemd gave up (last: exit code 1)',
      protocol: 'it ended, or went on, without telling systemd that it is up, as its Type asks for',
      resources: 'systemd lacked what it takes to start it, such as a file that the unit names',
      else: 'systemd says what-comes-next',
    });
  });

  it('is said of what is on its way, or was never started', () => {
    const inactive = { ActiveState: 'inactive', SubState: 'dead' };
    const said = [
      show({ ActiveState: 'activating', SubState: 'start' }),
      show({
        ...{ ActiveState: 'activating', SubState: 'auto-restart', Result: 'exit-code' },
        ...{ ExecMainCode: 1, ExecMainStatus: 7 },
      }),
      show({ ActiveState: 'deactivating' }),
      show({ ...inactive, Job: 3 }),
      show({ ...inactive, ConditionResult: 'no' }),
      show(inactive),
      show({ ...inactive, ExecMainCode: 1, ExecMainStatus: 0 }),
      show({}),
    ].map(unitFault);
    expect(said).to.deep.equal([
      'web.service is starting',
      'web.service ended and is about to be started again: exit code 7',
      'web.service is stopping',
      'web.service waits for other units before it is started',
      'web.service was not started: a condition that it names does not hold',
      'web.service is stopped',
      'web.service is stopped: exit code 0',
      '',
    ]);
  });
});
