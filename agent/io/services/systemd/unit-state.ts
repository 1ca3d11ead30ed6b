/** What is asked of systemd about a unit. */
export const unitProperties = [
  'LoadState',
  'LoadError',
  'ActiveState',
  'SubState',
  'Result',
  'MainPID',
  'ExecMainCode',
  'ExecMainStatus',
  'NRestarts',
  'InvocationID',
  'ControlGroup',
  'FragmentPath',
  'NeedDaemonReload',
  'EnvironmentFiles',
  'Job',
  'ConditionResult',
  'AssertResult',
  'ActiveEnterTimestampMonotonic',
  'InactiveExitTimestampMonotonic',
] as const;

/** A unit as `systemctl show` tells of it. */
export interface UnitState {
  readonly unit: string;
  /** `loaded`, `not-found`, `masked`, `bad-setting`, `error` … */
  readonly load: string;
  readonly loadError: string;
  /** `active`, `reloading`, `inactive`, `failed`, `activating`, `deactivating` … */
  readonly active: string;
  readonly sub: string;
  /** `success`, or how it failed. */
  readonly result: string;
  /** 0: it has none. */
  readonly mainPid: number;
  /** 1: the main process exited; 2: it was killed; 3: killed, with its memory written down; 0: it never ended. */
  readonly mainCode: number;
  /** The exit code, or the number of the signal. */
  readonly mainStatus: number;
  /** How often systemd has started it again since somebody asked for a start. */
  readonly restarts: number;
  /** Another one for each start; '' if it never ran. */
  readonly invocation: string;
  /** Below the root of the control groups; '' if it has none. */
  readonly cgroup: string;
  /** The unit's own file; '' for what there is no file of. */
  readonly fragment: string;
  /** Its files have changed since systemd read them. */
  readonly needsReload: boolean;
  /** Where its values are read from. Absolute paths. */
  readonly environmentFiles: readonly string[];
  /** Something is going to be done to it. */
  readonly job: boolean;
  /** Its conditions and assertions held when it was last started. */
  readonly conditions: boolean;
  /** It was up since it was last started. */
  readonly wasUp: boolean;
}

/** @param output what `systemctl show` printed: a property a line */
export function parseUnitState(unit: string, output: string): UnitState {
  const found = new Map<string, string>();
  // A line each, with what is to be done if there is none in brackets.
  const environmentFiles = [...output.matchAll(/^EnvironmentFiles=(.+?)(?: \(ignore_errors=\w+\))?$/gm)];
  for (const line of output.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) found.set(line.slice(0, equals), line.slice(equals + 1));
  }
  const text = (name: (typeof unitProperties)[number]): string => found.get(name) ?? '';
  const number = (name: (typeof unitProperties)[number]): number => {
    const value = Number(text(name));
    return Number.isSafeInteger(value) && value > 0 ? value : 0;
  };
  const upAt = number('ActiveEnterTimestampMonotonic');
  return {
    unit,
    load: text('LoadState'),
    loadError: /"(.*)"$/.exec(text('LoadError'))?.[1] ?? text('LoadError'),
    active: text('ActiveState'),
    sub: text('SubState'),
    result: text('Result'),
    mainPid: number('MainPID'),
    mainCode: number('ExecMainCode'),
    mainStatus: number('ExecMainStatus'),
    restarts: number('NRestarts'),
    invocation: /^[0-9a-f]{32}$/.exec(text('InvocationID'))?.[0] ?? '',
    cgroup: text('ControlGroup'),
    fragment: text('FragmentPath'),
    needsReload: text('NeedDaemonReload') === 'yes',
    environmentFiles: environmentFiles.map(([, path = '']) => path),
    job: number('Job') > 0,
    conditions: text('ConditionResult') !== 'no' && text('AssertResult') !== 'no',
    wasUp: upAt > 0 && upAt >= number('InactiveExitTimestampMonotonic'),
  };
}

export const isRunning = ({ active }: UnitState): boolean => active === 'active' || active === 'reloading';

/** True while systemd runs it, or will without being asked again. */
export const isKept = (state: UnitState): boolean =>
  state.job || !(state.active === 'inactive' || state.active === 'failed');

/** How often its main process has ended since somebody asked for a start. */
export const exitsOf = (state: UnitState): number =>
  state.restarts + (state.sub === 'auto-restart' || state.active === 'failed' ? 1 : 0);
