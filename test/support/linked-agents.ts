import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { RenewedCoordinator } from '../../agent/io/identity/renewed-coordinator.js';
import { Link } from '../../agent/link.js';
import type { Coordinator } from '../../agent/ports/coordinator.js';
import { keepRenewed, type Renewable } from '../../agent/renewal.js';
import { type ChannelIdentity, secureChannel } from '../../shared/identity/channel.js';
import { makeRequest } from '../../shared/identity/request.js';
import { systemClock } from '../../shared/io/clock.js';
import { systemRandom } from '../../shared/io/random.js';
import type { DesiredState } from '../../shared/model/desired-state.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { Logger } from '../../shared/ports/logger.js';
import { connectAgent } from '../../shared/wire/agent-client.js';
import { askForRenewal } from '../../shared/wire/enrolment-client.js';

/** What agents have done so far, all of them together. */
export interface LinkCounts {
  polls: number;
  reports: number;
  renewals: number;
  /** What went wrong, a sentence each. */
  readonly failures: string[];
}

export interface LinkedAgentOptions {
  /** `host:port`, where agents are served. */
  readonly address: string;
  readonly name: string;
  readonly identity: ChannelIdentity;
  /** A change is reported so often. Milliseconds. */
  readonly reportEveryMs: number;
  /** Its certificate is renewed so often, however long it would last; undefined: as an agent does. Milliseconds. */
  readonly renewEveryMs?: number;
  readonly counts: LinkCounts;
}

const quiet: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * An agent without a disk, until aborted: the agent's own link to its coordinator, on connections that change with each
 * renewal of its certificate. Only the certificate is asked for from here instead of by a child.
 */
export async function runLinkedAgent(options: LinkedAgentOptions, signal: AbortSignal): Promise<void> {
  const { address, name, counts } = options;
  let { identity } = options;
  const line = new RenewedCoordinator(address, () =>
    connectAgent({ address, ...secureChannel(address, identity) }),
  );
  const coordinator: Coordinator = {
    address,
    poll: (...args) => counted('polls', line.poll(...args)),
    report: (...args) => counted('reports', line.report(...args)),
    findPeers: (...args) => line.findPeers(...args),
    close: () => {
      line.close();
    },
  };
  const counted = async <Answer>(what: 'polls' | 'reports', call: Promise<Answer>): Promise<Answer> => {
    try {
      const answer = await call;
      counts[what] += 1;
      return answer;
    } catch (error) {
      if (!signal.aborted) counts.failures.push(`${what}: ${name}: ${CapstanError.from(error).message}`);
      throw error;
    }
  };
  let desired: DesiredState | undefined;
  let told = 0;
  const link = new Link({
    ...{ coordinators: [coordinator], instance: name, session: systemRandom.hex(16) },
    ...{ clock: systemClock, random: systemRandom, log: quiet },
    revisionSeen: () => desired?.revision ?? 0,
    epochSeen: () => desired?.epoch ?? 0,
    restoreSeen: () => desired?.restoreId ?? '',
    status: () => ({ apps: [], facts: undefined, agentVersion: `0.${told}`, allowUnsigned: false }),
    serving: () => undefined,
    apply: (wanted) => {
      desired = wanted;
      return Promise.resolve();
    },
    readLog: () => Promise.resolve(''),
  });
  const renew = async (): Promise<Renewable> => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const question = { request: makeRequest(name, privateKey) };
    const { certificate } = await askForRenewal(address, identity, question).catch((error: unknown) => {
      if (!signal.aborted) counts.failures.push(`renewal: ${name}: ${CapstanError.from(error).message}`);
      throw error;
    });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    identity = { ca: identity.ca, own: { key, certificate: new X509Certificate(certificate).toString() } };
    counts.renewals += 1;
    line.renew();
    return renewable(identity);
  };
  const changing = setInterval(() => {
    told += 1;
    link.changed();
  }, options.reportEveryMs);
  const { renewEveryMs } = options;
  const renewing = async (): Promise<void> => {
    if (renewEveryMs === undefined) {
      const parts = { clock: systemClock, random: systemRandom, log: quiet };
      await keepRenewed({ first: renewable(identity), renew, ...parts }, signal);
    } else {
      while (!signal.aborted) {
        await systemClock.sleep(renewEveryMs, signal).catch(() => undefined);
        await renew().catch(() => undefined); // it is counted
      }
    }
  };
  try {
    await Promise.all([link.run(signal), renewing()]);
  } finally {
    clearInterval(changing);
  }
}

function renewable({ own }: ChannelIdentity): Renewable {
  const { validFrom, validTo } = new X509Certificate(own?.certificate ?? '');
  return { validity: { notBefore: Date.parse(validFrom), notAfter: Date.parse(validTo) }, aheadMs: 0 };
}
