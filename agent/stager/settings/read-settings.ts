import { packageVersion } from '../../../shared/io/package-root.js';
import { loadSettings } from '../../../shared/settings/load.js';
import type { ConfJob, ConfResult, SettingsJob, SettingsResult } from '../protocol.js';
import { readConfDir } from './own-values.js';
import { checkSettings, program, settingsTable } from './settings.js';

/** The word after the program's name that asks for a report instead. */
const doctorWord = 'doctor';

/**
 * Reads and checks all that `capstan-agent` runs with, `conf.d` included.
 * @throws CapstanError `invalid` that names the flag, the variable, or the file with line and column
 */
export async function readSettings(
  { argv }: SettingsJob,
  env: Readonly<Record<string, string | undefined>>,
): Promise<SettingsResult> {
  if (argv[0] === doctorWord) {
    const { doctor } = await import('../doctor/doctor.js');
    return { kind: 'result', job: 'settings', answer: await doctor(argv.slice(1), env) };
  }
  const loaded = loadSettings(program, settingsTable, argv, env);
  return { kind: 'result', job: 'settings', answer: answerOf(loaded) };
}

/** @throws CapstanError `invalid` with file, line and column */
export function readConf({ confDir }: ConfJob): ConfResult {
  return { kind: 'result', job: 'conf', conf: readConfDir(confDir) };
}

function answerOf(loaded: ReturnType<typeof loadSettings<typeof settingsTable>>): SettingsResult['answer'] {
  if (loaded.kind === 'help') return { kind: 'text', text: loaded.text, exitCode: 0 };
  if (loaded.kind === 'version') return { kind: 'text', text: `${packageVersion()}\n`, exitCode: 0 };
  const config = checkSettings(loaded.settings);
  return { kind: 'run', config, conf: readConfDir(config.settings.confDir) };
}
