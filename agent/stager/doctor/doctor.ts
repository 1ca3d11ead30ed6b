import { join, resolve } from 'node:path';
import type { Environment } from '../../../shared/distribution/s3-credentials.js';
import { loadZstd } from '../../../shared/io/zstd.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { loadSettings } from '../../../shared/settings/load.js';
import type { StoredIdentity } from '../identity/identity-file.js';
import type { SettingsResult } from '../protocol.js';
import { type OwnConf, readConfDir } from '../settings/own-values.js';
import {
  type AgentConfig,
  type AgentSettings,
  checkSettings,
  givenCoordinators,
  identityFor,
  program,
  settingsTable,
} from '../settings/settings.js';
import { type Finding, note } from './finding.js';
import { checkIdentity } from './identity-checks.js';
import { checkConfDir, checkInotify, checkOpenFiles } from './kernel-checks.js';
import {
  checkLinks,
  checkNode,
  checkPatches,
  checkServices,
  checkShim,
  checkSpace,
  checkWritable,
  nearest,
} from './local-checks.js';
import { checkListen, holderOf } from './port-checks.js';
import { checkCoordinator, checkStore, knownStores } from './remote-checks.js';
import { checkSignatures } from './signature-checks.js';
import { checkUsers } from './user-checks.js';

/**
 * `capstan-agent doctor`: what this node can do with these settings, and what it lacks. Changes nothing.
 * @param argv what follows the word
 * @throws CapstanError `invalid` if the agent would not run with these settings
 */
export async function doctor(argv: readonly string[], env: Environment): Promise<SettingsResult['answer']> {
  const { output, rest } = takeOutput(argv);
  const loaded = loadSettings({ ...program, name: 'capstan-agent doctor' }, settingsTable, rest, env);
  if (loaded.kind !== 'run') return { kind: 'text', text: usage, exitCode: 0 };
  const identity = identityFor(loaded.settings);
  const config = configOf(loaded.settings, identity);
  const conf = readConfDir(config.settings.confDir);
  const findings = await examine({ config, conf, identity, env });
  const isOk = findings.every(({ state }) => state !== 'bad');
  const text =
    output === 'json' ? `${JSON.stringify({ ok: isOk, checks: findings }, null, 2)}\n` : tableOf(findings);
  return { kind: 'text', text, exitCode: isOk ? 0 : 1 };
}

/** One that has not enrolled yet is looked at as far as that goes. */
function configOf(settings: AgentSettings, identity: StoredIdentity | undefined): Examined['config'] {
  const isNew = identity === undefined && !settings.insecureLoopback;
  return isNew ? { settings, coordinators: givenCoordinators(settings) } : checkSettings(settings, identity);
}

const usage = `Usage: capstan-agent doctor [--output table|json] [SETTING]...

Says what this node can do with the settings of the agent, and what it lacks; changes nothing.
Give it the same settings as the agent: capstan-agent --help lists them. A note only costs bytes, space or certainty;
what is BAD must be mended, and makes the exit code 1. Settings that the agent would refuse: exit code 2.

Example:
  capstan-agent doctor --config /etc/capstan-agent/agent.yml
  capstan-agent doctor --insecure-loopback --name web-a --coordinator 127.0.0.1:7600 --root /srv
`;

function takeOutput(argv: readonly string[]) {
  const rest: string[] = [];
  let output = 'table';
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? '';
    if (arg === '--output') output = argv[++i] ?? '';
    else if (arg.startsWith('--output=')) output = arg.slice('--output='.length);
    else rest.push(arg);
  }
  if (output === 'table' || output === 'json') return { output, rest };
  throw new CapstanError('invalid', `--output must be table or json (it is "${output}").`);
}

interface Examined {
  readonly config: Pick<AgentConfig, 'settings' | 'coordinators'>;
  readonly conf: OwnConf;
  /** Undefined under --insecure-loopback. */
  readonly identity: StoredIdentity | undefined;
  readonly env: Environment;
}

async function examine({
  config: { settings, coordinators },
  conf,
  identity,
  env,
}: Examined): Promise<readonly Finding[]> {
  const root = resolve(settings.root);
  const stateDir = resolve(settings.stateDir);
  const stores = knownStores(join(stateDir, 'desired.json'));
  const agentPid = holderOf(stateDir);
  const { listen, agentCheck, peerListen, insecureLoopback } = settings;
  const confDir = resolve(settings.confDir);
  const asked = await Promise.all([
    ...coordinators.map((address) => checkCoordinator(address, { identity, insecureLoopback })),
    ...stores.map(async (url) => [await checkStore(url, { env, ca: identity?.ca })]),
  ]);
  return [
    ...(insecureLoopback ? [] : checkIdentity(identity, stateDir)),
    checkNode(),
    checkShim(),
    checkServices(),
    await checkPatches(loadZstd),
    checkWritable('root', root, '--root'),
    checkLinks(root),
    checkSpace(root, settings.reserveMb * 1_000_000),
    checkWritable('state-dir', stateDir, '--state-dir'),
    checkSpace(stateDir, 0, 'state-space'),
    await checkConfDir(confDir),
    checkInotify(nearest(confDir)),
    checkOpenFiles(),
    checkUsers(conf, confDir),
    checkSignatures(conf, { confDir, allowUnsigned: settings.allowUnsigned }),
    await checkListen({ check: 'listen', setting: '--listen', address: listen, agentPid }),
    ...(agentCheck === undefined
      ? []
      : [
          await checkListen({
            check: 'agent-check',
            setting: '--agent-check',
            address: agentCheck,
            agentPid,
          }),
        ]),
    ...(peerListen === undefined
      ? []
      : [
          await checkListen({
            check: 'peer-listen',
            setting: '--peer-listen',
            address: peerListen,
            agentPid,
          }),
        ]),
    ...asked.flat(),
    ...(stores.length === 0 ? [noStores] : []),
  ];
}

const noStores = note(
  'stores',
  'not looked at: the coordinator has named none yet',
  'look again when a release was deployed to this node',
);

const words: Readonly<Record<Finding['state'], string>> = { ok: 'ok', note: 'note', bad: 'BAD' };

function tableOf(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, state, detail, hint }) => [
    `${words[state].padEnd(5)} ${check.padEnd(width)}  ${detail}`,
    ...(hint === undefined ? [] : [`${' '.repeat(width + 8)}→ ${hint}`]),
  ]);
  return `${lines.join('\n')}\n`;
}
