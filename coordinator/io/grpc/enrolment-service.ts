import { createHash, type KeyObject } from 'node:crypto';
import type { handleUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { keyOfRequest } from '../../../shared/identity/request.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { dnsLabelRule, isNodeName, type NodeName } from '../../../shared/model/ids.js';
import { isJoinToken } from '../../../shared/model/join-token.js';
import type { CertificateAnswer, EnrolQuestion, RenewQuestion } from '../../../shared/model/messages.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Random } from '../../../shared/ports/random.js';
import { agentService, enrolmentService, type Received, taken } from '../../../shared/wire/agent-messages.js';
import { statusFromError } from '../../../shared/wire/status.js';
import { unknownToken } from '../../core/enrolment/tokens.js';
import type { Enrolment } from '../../ports/enrolment.js';
import type { Authority } from '../ca/authority.js';
import type { IdentifiedCall, Identify } from './identity.js';
import { requireNode } from './identity.js';
import type { Service } from './server.js';
import { requireNearCall } from './skew.js';

export interface EnrolmentServiceOptions {
  readonly enrolment: Enrolment;
  readonly authority: Authority;
  /** Of a node's certificate. Milliseconds. */
  readonly lifeMs: number;
  /** Where agents are served. */
  readonly agentPort: () => number;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'hex'>;
}

/** The service that lets servers join; who calls it has no certificate yet, but a token. */
export function createEnrolmentService(options: EnrolmentServiceOptions): Service {
  const enrol: handleUnaryCall<Received<EnrolQuestion>, CertificateAnswer> = (call, reply) => {
    answer(reply, () => {
      requireNearCall(call, 'agent');
      return join(options, taken(call.request), call.getPeer());
    });
  };
  return {
    name: 'capstan.v1.EnrolmentService',
    definition: { Enrol: enrolmentService.enrol },
    implementation: { Enrol: enrol },
  };
}

/** Gives nodes new certificates, for the agents' service. */
export function createRenewal(
  options: Pick<EnrolmentServiceOptions, 'authority' | 'lifeMs' | 'clock'>,
  identify: Identify,
): Pick<Service, 'definition' | 'implementation'> {
  const renew = (call: IdentifiedCall, { request }: RenewQuestion): CertificateAnswer => {
    const { name, identity } = requireNode(identify(call));
    if (identity === undefined) throw new CapstanError('refused', 'Without TLS there are no certificates.');
    return certify({ ...options, agentPort: () => 0 }, name, identity, keyOfRequest(request));
  };
  const handler: handleUnaryCall<Received<RenewQuestion>, CertificateAnswer> = (call, reply) => {
    answer(reply, () => renew(call, taken(call.request)));
  };
  return {
    definition: { RenewCertificate: agentService.renewCertificate },
    implementation: { RenewCertificate: handler },
  };
}

function answer<Answer>(reply: sendUnaryData<Answer>, make: () => Promise<Answer> | Answer): void {
  Promise.resolve()
    .then(make)
    .then(
      (made) => reply(null, made),
      (error: unknown) => reply(statusFromError(error)),
    );
}

async function join(
  options: EnrolmentServiceOptions,
  { token, name, request }: EnrolQuestion,
  address: string,
): Promise<CertificateAnswer> {
  if (!isJoinToken(token)) throw unknownToken();
  const node = nodeName(name);
  const key = keyOfRequest(request);
  const { enrolment, random } = options;
  const tokenHash = createHash('sha256').update(token).digest('hex');
  const command = { node, keyDigest: digestOf(key), tokenHash, id: random.hex(16), address };
  const { id } = await enrolment.enrol(command);
  return certify(options, node, id, key);
}

function nodeName(name: string): NodeName {
  if (isNodeName(name)) return name;
  throw new CapstanError('invalid', `${JSON.stringify(name)} cannot be the name of a node: ${dnsLabelRule}.`);
}

const digestOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');

function certify(
  { authority, lifeMs, agentPort, clock }: Omit<EnrolmentServiceOptions, 'enrolment' | 'random'>,
  node: NodeName,
  identity: string,
  key: KeyObject,
): CertificateAnswer {
  const certificate = authority.issue({ kind: 'node', node, identity }, key, lifeMs);
  return { certificate, agentPort: agentPort(), nowMs: clock.now() };
}
