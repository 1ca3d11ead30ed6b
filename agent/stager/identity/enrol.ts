import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { skewSentence } from '../../../shared/core/certificate-times.js';
import { hostOfAddress } from '../../../shared/identity/channel.js';
import { fetchAuthority } from '../../../shared/identity/fetch-authority.js';
import { isPin, pinOf, pinRule } from '../../../shared/identity/pin.js';
import { makeRequest } from '../../../shared/identity/request.js';
import { systemClock } from '../../../shared/io/clock.js';
import { makeDurableDir } from '../../../shared/io/durable-file.js';
import { systemRandom } from '../../../shared/io/random.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { dnsLabelRule, isNodeName, type NodeName } from '../../../shared/model/ids.js';
import { isJoinToken } from '../../../shared/model/join-token.js';
import { address as addressSetting, addressText, flag, path, text } from '../../../shared/settings/kinds.js';
import { loadSettings } from '../../../shared/settings/load.js';
import type { Program, SettingsOf } from '../../../shared/settings/table.js';
import { askToEnrol } from '../../../shared/wire/enrolment-client.js';
import type { SettingsResult } from '../protocol.js';
import { askAgain } from './ask-again.js';
import { readIdentity, writeIdentity } from './identity-file.js';
import { certificateFor, endPending, pemOf, pendingKey } from './new-key.js';

const program: Program = {
  name: 'capstan-agent enrol',
  summary:
    'Makes this server a node: gets it a certificate of the coordinator for a join token. Done twice it does nothing. The token is read from --token-file, or from CAPSTAN_JOIN_TOKEN; it is no argument, since those are seen by all. Example: capstan-agent enrol --coordinator deploy.example.com:7601 --pin sha256:1f2e… --token-file token',
};

export const enrolTable = {
  coordinator: addressSetting({
    fallback: undefined,
    help: 'The coordinator, where operators reach it (its --operator-listen, 7601).',
  }),
  pin: text({
    fallback: undefined,
    help: 'By which the coordinator is known, as `capstan ca show` prints it.',
    placeholder: 'sha256:HEX',
  }),
  tokenFile: path({ fallback: undefined, help: 'The file that holds the join token; - for standard input.' }),
  name: text({
    fallback: undefined,
    help: 'The name of the node.',
    placeholder: 'NAME',
    defaultText: "the host's name up to the first dot",
  }),
  stateDir: path({ fallback: '/var/lib/capstan-agent', help: 'Where the identity is kept.' }),
  again: flag({ help: 'Also if this server has enrolled already: it gets a new identity.' }),
} as const;

/**
 * `capstan-agent enrol`.
 * @param argv what follows the word
 * @param input what was written to standard input, if that was asked for
 * @throws CapstanError that says what to do
 */
export async function enrol(
  argv: readonly string[],
  input: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<SettingsResult['answer']> {
  const loaded = loadSettings(program, enrolTable, argv, env);
  if (loaded.kind === 'help') return { kind: 'text', text: loaded.text, exitCode: 0 };
  if (loaded.kind === 'version') return { kind: 'text', text: '', exitCode: 0 };
  const { settings } = loaded;
  const stateDir = resolve(settings.stateDir);
  const known = settings.again ? undefined : readIdentity(stateDir);
  if (
    known !== undefined &&
    settings.pin !== undefined &&
    pinOf(new X509Certificate(known.ca)) !== settings.pin
  ) {
    throw new CapstanError('refused', `This server is the node ${known.name} of another coordinator.`, {
      hint: 'With --again it becomes one of this coordinator; its applications stay as they are until it is told.',
    });
  }
  if (known !== undefined && Date.now() - known.aheadMs < validTo(known.certificate)) {
    const said = `This server is the node ${known.name} already; --again would enrol it anew.\n`;
    return { kind: 'text', text: said, exitCode: 0 };
  }
  return { kind: 'text', text: await join(settings, stateDir, tokenOf(settings, input, env)), exitCode: 0 };
}

const validTo = (certificate: string): number => Date.parse(new X509Certificate(certificate).validTo);

async function join(
  { coordinator, pin, name: wanted }: SettingsOf<typeof enrolTable>,
  stateDir: string,
  token: string,
): Promise<string> {
  if (coordinator === undefined) {
    throw new CapstanError('invalid', 'No coordinator is given.', { hint: 'Use --coordinator HOST:7601.' });
  }
  if (pin === undefined || !isPin(pin)) {
    throw new CapstanError('invalid', `--pin must be ${pinRule}.`, {
      hint: 'Without it this server would hand its token to whoever answers.',
    });
  }
  const name = nodeName(wanted);
  const address = addressText(coordinator);
  const ca = await fetchAuthority(address, pin);
  await makeDurableDir(stateDir);
  const key = await pendingKey(stateDir);
  const question = { token, name, request: makeRequest(name, key) };
  const { certificate, agentPort, nowMs } = await askAgain(() => askToEnrol(address, { ca }, question), {
    ...{ clock: systemClock, random: systemRandom },
  });
  const aheadMs = Date.now() - nowMs;
  const agents = addressText({ host: hostOfAddress(address), port: agentPort });
  await writeIdentity(stateDir, {
    ...{ name, key: pemOf(key), certificate: certificateFor(key, certificate).toString(), ca },
    ...{ coordinators: [agents], aheadMs },
  });
  await endPending(stateDir);
  const skew = skewSentence(aheadMs);
  return [
    `This server is the node ${name} now. Start its agent: it finds the coordinator at ${agents}.`,
    ...(skew === undefined ? [] : [`${skew} Let chrony or systemd-timesyncd set it.`]),
    '',
  ].join('\n');
}

function nodeName(wanted: string | undefined): NodeName {
  const name = wanted ?? hostname().toLowerCase().replace(/\..*$/s, '');
  if (isNodeName(name)) return name;
  throw new CapstanError('invalid', `"${name}" cannot be the name of a node: ${dnsLabelRule}.`, {
    hint: 'Give another one with --name.',
  });
}

/** Never from an argument, which every user of the host can read. */
function tokenOf(
  { tokenFile }: SettingsOf<typeof enrolTable>,
  input: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const written = tokenFile === undefined ? env['CAPSTAN_JOIN_TOKEN'] : (input ?? readToken(tokenFile));
  const token = (written ?? '').trim();
  if (isJoinToken(token)) return token;
  throw new CapstanError('invalid', token === '' ? 'There is no join token.' : 'That is not a join token.', {
    hint: 'Make one with `capstan token create`, and give the file that holds it with --token-file, or - for standard input.',
  });
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new CapstanError('invalid', `The join token cannot be read (${code}).`, {
      location: { file },
      cause,
    });
  }
}
