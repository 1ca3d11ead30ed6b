import { constants } from 'node:os';
import type { UnitState } from './unit-state.js';

/** What systemd could not do before the program began, by the exit code that it reports for it. */
const beforeTheProgram: Readonly<Record<number, readonly [string, string]>> = {
  200: ['CHDIR', 'its working directory cannot be entered'],
  203: ['EXEC', 'its program could not be executed: is it there, and may it be executed?'],
  205: ['LIMITS', 'its limits could not be set'],
  208: ['STDIN', 'its standard input could not be opened'],
  209: ['STDOUT', 'its standard output could not be opened'],
  216: ['GROUP', 'there is no such group as it is to run under'],
  217: ['USER', 'there is no such user as it is to run as'],
  218: ['CAPABILITIES', 'its capabilities could not be set'],
  224: ['PAM', 'PAM did not open a session for it'],
  225: ['NETWORK', 'its network namespace could not be set up'],
  226: ['NAMESPACE', 'its sandbox could not be set up: does every path exist that the unit names?'],
  228: ['SECCOMP', 'its filter of system calls could not be set up'],
  233: ['RUNTIME_DIRECTORY', 'its runtime directory could not be made'],
  238: ['STATE_DIRECTORY', 'its state directory could not be made'],
  239: ['CACHE_DIRECTORY', 'its cache directory could not be made'],
  240: ['LOGS_DIRECTORY', 'its logs directory could not be made'],
  243: ['CREDENTIALS', 'its credentials could not be had'],
};

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** Why systemd cannot start it, whoever asks; '' if it can. */
export function loadFault({ unit, load, loadError }: UnitState): string {
  const said = loadError === '' ? '' : `: ${loadError}`;
  switch (load) {
    case 'loaded':
    case 'merged':
      return '';
    case 'masked':
      return `${unit} is masked on this host (undone by: systemctl unmask ${unit})`;
    case 'not-found':
      return `there is no unit ${unit} on this host`;
    case 'bad-setting':
      return `${unit} has a setting that systemd cannot use${said} (told by: systemd-analyze verify ${unit})`;
    default:
      return `systemd cannot load ${unit}${said === '' ? ` (${load || 'it says nothing'})` : said}`;
  }
}

/** Why it does not run; '' if it runs. */
export function unitFault(state: UnitState): string {
  const { unit, active, sub, job } = state;
  if (active === 'active' || active === 'reloading') return '';
  const unloadable = loadFault(state);
  if (unloadable !== '') return unloadable;
  const how = endOf(state);
  if (active === 'failed') {
    const again = state.restarts === 0 ? '' : `; it was started again ${state.restarts} times before`;
    return `${unit} failed: ${how}${again}`;
  }
  if (sub === 'auto-restart') return `${unit} ended and is about to be started again: ${how}`;
  if (active === 'activating') return `${unit} is starting${state.restarts === 0 ? '' : ` again: ${how}`}`;
  if (active === 'deactivating') return `${unit} is stopping`;
  if (job) return `${unit} waits for other units before it is started`;
  if (!state.conditions) return `${unit} was not started: a condition that it names does not hold`;
  return state.mainCode === 0 ? `${unit} is stopped` : `${unit} is stopped: ${how}`;
}

/** The result of the unit, in a sentence. */
function endOf(state: UnitState): string {
  const { result, wasUp } = state;
  switch (result) {
    case 'start-limit-hit':
      return `it was started too often in a short time, so that systemd gave up (last: ${mainEnd(state)})`;
    case 'oom-kill':
      return 'the kernel killed it because memory ran out';
    case 'watchdog':
      return 'it gave no sign of life within its WatchdogSec';
    case 'timeout':
      return wasUp ? 'it did not stop within its time limit' : 'it was not up within its time limit';
    case 'protocol':
      return 'it ended, or went on, without telling systemd that it is up, as its Type asks for';
    case 'resources':
      return 'systemd lacked what it takes to start it, such as a file that the unit names';
    case 'exec-condition':
      return 'its ExecCondition said no';
    default:
      return mainEnd(state);
  }
}

/** How its main process last ended. */
function mainEnd({ mainCode, mainStatus, result }: UnitState): string {
  if (mainCode === 2 || mainCode === 3) {
    const signal = signalNames.get(mainStatus) ?? `signal ${mainStatus}`;
    return `killed by ${signal}${mainCode === 3 ? ', with a core dump' : ''}`;
  }
  const known = mainCode === 1 ? beforeTheProgram[mainStatus] : undefined;
  if (known !== undefined) return `${known[1]} (${mainStatus}/${known[0]})`;
  if (mainCode === 1) return `exit code ${mainStatus}`;
  return result === '' || result === 'success' ? 'it ended' : `systemd says ${result}`;
}
