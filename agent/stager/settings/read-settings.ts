import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { errorText } from '../../../shared/core/error-text.js';
import { packageVersion } from '../../../shared/io/package-root.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { loadSettings } from '../../../shared/settings/load.js';
import {
  type ConfJob,
  type ConfResult,
  keptConfFileIn,
  type SettingsJob,
  type SettingsResult,
} from '../protocol.js';
import { hasUser } from './host-users.js';
import { confOf, type OwnConf, readConfDir } from './own-values.js';
import { type AgentConfig, checkSettings, identityFor, program, settingsTable } from './settings.js';

/** The words after the program's name that ask for something else instead. */
const doctorWord = 'doctor';
const enrolWord = 'enrol';

/**
 * Reads and checks all that `capstan-agent` runs with, `conf.d` included; if that is not valid, what was valid before counts.
 * @throws CapstanError `invalid` that names the flag, the variable, or the file with line and column
 */
export async function readSettings(
  { argv, input }: SettingsJob,
  env: Readonly<Record<string, string | undefined>>,
): Promise<SettingsResult> {
  if (argv[0] === doctorWord) {
    const { doctor } = await import('../doctor/doctor.js');
    return { kind: 'result', job: 'settings', answer: await doctor(argv.slice(1), env) };
  }
  if (argv[0] === enrolWord) {
    const { enrol } = await import('../identity/enrol.js');
    return { kind: 'result', job: 'settings', answer: await enrol(argv.slice(1), input, env) };
  }
  const loaded = loadSettings(program, settingsTable, argv, env);
  return { kind: 'result', job: 'settings', answer: answerOf(loaded) };
}

/** @throws CapstanError `invalid` with file, line and column */
export function readConf({ confDir }: ConfJob): ConfResult {
  return { kind: 'result', job: 'conf', conf: readConfDir(confDir, hasUser) };
}

function answerOf(loaded: ReturnType<typeof loadSettings<typeof settingsTable>>): SettingsResult['answer'] {
  if (loaded.kind === 'help') return { kind: 'text', text: loaded.text, exitCode: 0 };
  if (loaded.kind === 'version') return { kind: 'text', text: `${packageVersion()}\n`, exitCode: 0 };
  const config = checkSettings(loaded.settings, identityFor(loaded.settings));
  return { kind: 'run', config, conf: confFor(config.settings) };
}

/** What was valid last, if what stands there now is not: the services of the node must come back after a reboot all the same. */
function confFor({ confDir, stateDir }: AgentConfig['settings']): OwnConf {
  try {
    return readConfDir(confDir, hasUser);
  } catch (thrown) {
    const kept = keptConf(keptConfFileIn(stateDir));
    if (kept === undefined) throw thrown;
    return { ...kept, refused: errorText(CapstanError.from(thrown)).replaceAll('\n', '; ') };
  }
}

const keptShape = z.array(z.tuple([z.string(), z.string()]));

/** undefined: there is none, or it is not valid either. */
function keptConf(file: string): OwnConf | undefined {
  try {
    return confOf(keptShape.parse(JSON.parse(readFileSync(file, 'utf8'))));
  } catch {
    return undefined;
  }
}
