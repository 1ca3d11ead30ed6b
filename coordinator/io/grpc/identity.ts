import { createHash } from 'node:crypto';
import type { PeerCertificate } from 'node:tls';
import type { Metadata } from '@grpc/grpc-js';
import { printable } from '../../../shared/core/printable.js';
import { readIdentityUri } from '../../../shared/identity/identity-uri.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { dnsLabelRule, isNodeName } from '../../../shared/model/ids.js';
import { isLabelKey, isLabelValue, type Labels } from '../../../shared/model/labels.js';
import type { Clock } from '../../../shared/ports/clock.js';
import { requireIdentity } from '../../core/enrolment/identities.js';
import { type Operator, requireValid } from '../../core/operators/operator.js';
import type { Rights } from '../../core/operators/rights.js';
import type { Enrolment } from '../../ports/enrolment.js';
import type { NodeCaller } from '../../ports/fleet.js';
import type { Operators } from '../../ports/operators.js';
import type { AdminToken } from '../admin-token.js';

export interface OperatorCaller {
  readonly kind: 'operator';
  /** For the log of events. */
  readonly name: string;
  readonly rights: Rights;
  /** Whose token was shown; absent without one, and for that of the data directory. */
  readonly operator?: Operator;
}

const all: Rights = { role: 'admin', places: undefined };

/** Who calls, as the connection says it: never read from a message. */
export type Caller = NodeCaller | OperatorCaller;

/** What identity is read from. */
export interface IdentifiedCall {
  readonly metadata: Metadata;
  /** Remote `host:port`. */
  getPeer(): string;
  /** What TLS has verified; nothing without it. */
  getAuthContext(): { readonly sslPeerCertificate?: PeerCertificate };
}

/** @throws CapstanError `refused` or `invalid` if the call does not say who it is from */
export type Identify = (call: IdentifiedCall) => Caller;

const maxLabels = 64;
const actorName = /^[\x20-\x7e]{1,128}$/;

/**
 * Believes what callers say of themselves. Only for --insecure-loopback, where whoever can connect has an account
 * on this machine.
 */
export const identifyByClaims: Identify = (call) => {
  const node = claim(call.metadata, 'capstan-node');
  if (node !== undefined) return nodeCaller(node, call);
  return { kind: 'operator', name: actorOf(call), rights: all };
};

function actorOf({ metadata }: IdentifiedCall): string {
  const name = claim(metadata, 'capstan-actor') ?? 'operator';
  if (actorName.test(name)) return name;
  throw new CapstanError(
    'invalid',
    'The operator named by capstan-actor must be 1 to 128 printable characters.',
  );
}

/**
 * Believes certificates of our authority, while they last and the enrolment that they were given for does. What a node is
 * called and which labels it has is what the enrolment says.
 */
export function identifyByCertificate({
  enrolment,
  clock,
}: {
  readonly enrolment: Pick<Enrolment, 'identityOf'>;
  readonly clock: Pick<Clock, 'now'>;
}): Identify {
  return (call) => {
    const { sslPeerCertificate: certificate } = call.getAuthContext();
    const said = readIdentityUri(certificate?.subjectaltname);
    if (certificate === undefined || said === undefined) {
      throw new CapstanError('refused', 'This call came without the certificate of a node.', {
        hint: 'Let the server join first: `capstan-agent enrol`.',
      });
    }
    const { node } = said;
    // A connection outlives the certificate that it was made with.
    if (!(clock.now() < Date.parse(certificate.valid_to))) {
      throw new CapstanError('refused', `The certificate of ${node} has expired.`, {
        hint: 'To let this server join again, give it a new token: `capstan-agent enrol --again`.',
      });
    }
    const { id, labels } = requireIdentity(node, said.identity, enrolment.identityOf(node));
    const claimed = claim(call.metadata, 'capstan-node') ?? node;
    if (claimed !== node) {
      throw new CapstanError(
        'refused',
        `This is the certificate of ${node}: it cannot speak for ${printable(claimed, 80)}.`,
      );
    }
    return { kind: 'node', name: node, labels, identity: id, address: call.getPeer() };
  };
}

/**
 * Believes who has a token that is good; who that is, and may do, is what the token was made for. What callers say of themselves
 * counts for nothing.
 * @param admin that of the data directory, which lets in whoever reads it there
 */
export function identifyByToken({
  admin,
  operators,
  clock,
}: {
  readonly admin: AdminToken;
  readonly operators: Pick<Operators, 'withHash' | 'noteUse'>;
  readonly clock: Pick<Clock, 'now'>;
}): Identify {
  return (call) => {
    const [, token] = /^Bearer ([\x21-\x7e]{1,512})$/.exec(claim(call.metadata, 'authorization') ?? '') ?? [];
    if (token === undefined) {
      throw new CapstanError('unauthenticated', 'This coordinator wants a token.', {
        hint: 'Have an admin make you one (`capstan operator create`), and give it to `capstan login`, or as CAPSTAN_TOKEN. The coordinator keeps the first in admin.token of its --data-dir.',
      });
    }
    if (admin.accepts(token)) return { kind: 'operator', name: 'admin', rights: all };
    const hash = createHash('sha256').update(token).digest('hex');
    const operator = requireValid(operators.withHash(hash), clock.now());
    operators.noteUse(operator);
    const { name, role, places } = operator;
    return { kind: 'operator', name, rights: { role, places }, operator };
  };
}

/** @throws CapstanError `refused` for operators */
export function requireNode(caller: Caller): NodeCaller {
  if (caller.kind === 'node') return caller;
  throw new CapstanError(
    'refused',
    'Only a node may ask this, and this call does not say which node it is from.',
    {
      hint: 'Under --insecure-loopback an agent names itself in the metadata key capstan-node.',
    },
  );
}

/** @throws CapstanError `refused` for nodes */
export function requireOperator(caller: Caller): OperatorCaller {
  if (caller.kind === 'operator') return caller;
  throw new CapstanError('refused', `The node ${caller.name} may not do what only operators do.`);
}

function nodeCaller(name: string, call: IdentifiedCall): NodeCaller {
  if (!isNodeName(name)) {
    throw new CapstanError('invalid', `The node's name ${JSON.stringify(name)} must be ${dnsLabelRule}.`);
  }
  const labels = parseLabels(claim(call.metadata, 'capstan-labels') ?? '');
  return { kind: 'node', name, labels, address: call.getPeer() };
}

function claim(metadata: Metadata, key: string): string | undefined {
  const [value, second] = metadata.get(key);
  if (second !== undefined)
    throw new CapstanError('invalid', `The metadata key ${key} may be given once only.`);
  return value?.toString();
}

/** `zone=a,role=web`; '' for none. */
function parseLabels(text: string): Labels {
  if (text === '') return {};
  const pairs = text.split(',').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    const [key, value] = [pair.slice(0, Math.max(at, 0)), pair.slice(at + 1)];
    if (isLabelKey(key) && isLabelValue(value)) return [key, value];
    const hint = 'Labels are key=value pairs with commas between them.';
    throw new CapstanError('invalid', `The label ${JSON.stringify(pair.slice(0, 200))} is not sound.`, {
      hint,
    });
  });
  if (pairs.length > maxLabels) {
    throw new CapstanError(
      'invalid',
      `A node may have at most ${maxLabels} labels; this one has ${pairs.length}.`,
    );
  }
  return Object.fromEntries(pairs);
}
