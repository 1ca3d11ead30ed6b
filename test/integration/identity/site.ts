import { createHash, generateKeyPairSync, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChannelIdentity } from '../../../shared/identity/channel.js';
import { secureChannel } from '../../../shared/identity/channel.js';
import { makeRequest } from '../../../shared/identity/request.js';
import { joinTokenPrefix } from '../../../shared/model/join-token.js';
import type { Labels } from '../../../shared/model/labels.js';
import type { PollRequest } from '../../../shared/model/messages.js';
import { operatorTokenPrefix } from '../../../shared/model/operator.js';
import { type AgentClient, connectAgent } from '../../../shared/wire/agent-client.js';
import { askToEnrol } from '../../../shared/wire/enrolment-client.js';
import { connectOperator, type OperatorClient } from '../../../shared/wire/operator-client.js';
import { cleanUp } from '../../support/cleanup.js';
import { type Program, startProgram } from '../../support/processes.js';

export interface Site {
  readonly dir: string;
  readonly program: Program;
  /** `host:port` each. */
  readonly agents: string;
  readonly operators: string;
  readonly http: string;
  readonly pin: string;
  readonly ca: string;
  readonly adminToken: string;
  readonly operator: OperatorClient;
  /** Makes a join token. */
  token(options?: {
    readonly labels?: Labels;
    readonly env?: string;
    readonly ttlMs?: number;
    readonly uses?: number;
  }): Promise<string>;
  /** Enrols as an agent does, but for the files. */
  enrol(token: string, name: string, key?: KeyObject): Promise<ChannelIdentity>;
}

/** A coordinator as a process of its own, with TLS on loopback. */
export async function startSite(dir: string, args: readonly string[] = []): Promise<Site> {
  const ports = ['--agent-listen', '--operator-listen', '--http-listen'].flatMap((flag) => [
    flag,
    '127.0.0.1:0',
  ]);
  const program = startProgram('capstan-coordinator', ['--data-dir', dir, ...ports, ...args]);
  const listening = await program.waitFor('listening', undefined, 30_000);
  const [agents, operators, http] = [listening['agent'], listening['operator'], listening['http']].map(
    String,
  );
  if (agents === undefined || operators === undefined || http === undefined)
    throw new Error('it has no address');
  const { pin } = await program.waitFor('certificates');
  const ca = await readFile(join(dir, 'ca', 'ca.crt'), 'utf8');
  const adminToken = (await readFile(join(dir, 'admin.token'), 'utf8')).trim();
  const operator = connectOperator({ address: operators, actor: 'ann', trust: { ca, token: adminToken } });
  cleanUp(() => {
    operator.close();
    return Promise.resolve();
  });
  return {
    ...{ dir, program, agents, operators, http, pin: String(pin), ca, adminToken, operator },
    async token({ labels = {}, env = '', ttlMs = 600_000, uses = 1 } = {}) {
      const token = `${joinTokenPrefix}${randomBytes(32).toString('hex')}`;
      const hash = createHash('sha256').update(token).digest('hex');
      await operator.call('CreateToken', { hash, labels, env, ttlMs, uses, idempotencyKey: hash });
      return token;
    },
    async enrol(token, name, key = newKey()) {
      const { certificate } = await askToEnrol(
        operators,
        { ca },
        { token, name, request: makeRequest(name, key) },
      );
      return identityOf(ca, key, certificate);
    },
  };
}

export const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** What an agent shows that has this certificate (DER). */
export const identityOf = (ca: string, key: KeyObject, certificate: Uint8Array): ChannelIdentity => ({
  ca,
  own: {
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: new X509Certificate(certificate).toString(),
  },
});

/** A connection as an agent's; `claims` is what it may say of itself beside its certificate. */
export function agentOf(address: string, identity: ChannelIdentity, claims?: { name: string }): AgentClient {
  const said = claims === undefined ? {} : { claims: { name: claims.name as never, labels: {} } };
  const client = connectAgent({ address, ...secureChannel(address, identity), ...said });
  cleanUp(() => {
    client.close();
    return Promise.resolve();
  });
  return client;
}

/** A connection with an operator's token. What it says of itself beside that is nobody. */
export function operatorWith({ ca, operators: address }: Site, token: string): OperatorClient {
  const client = connectOperator({ address, actor: 'somebody-else', trust: { ca, token } });
  cleanUp(() => {
    client.close();
    return Promise.resolve();
  });
  return client;
}

export interface TestOperator {
  readonly name: string;
  readonly token: string;
  readonly client: OperatorClient;
}

/** Makes an operator, under a name that nobody had. */
export async function makeOperator(
  site: Site,
  role: string,
  environments: readonly string[] = [],
  ttlMs = 600_000,
): Promise<TestOperator> {
  const token = `${operatorTokenPrefix}${randomBytes(32).toString('base64url')}`;
  const hash = createHash('sha256').update(token).digest('hex');
  const name = `${role}-${hash.slice(0, 8)}`;
  const request = { hash, name, role, environments: [...environments], ttlMs, idempotencyKey: hash };
  await site.operator.call('CreateOperator', request);
  return { name, token, client: operatorWith(site, token) };
}

export const question = (revisionSeen = 0): PollRequest => ({
  ...{ revisionSeen, instance: 'instance', session: 'session', reportSequence: 0 },
});

export const within = (deadlineMs = 8000) => ({ deadlineMs, signal: new AbortController().signal });

/** What a call fails with, its code and its sentence. */
export async function failure(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return `${String(error.code)}: ${error.message}`;
    throw error;
  }
  throw new Error('it did not fail');
}
