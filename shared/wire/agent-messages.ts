import { lastEpoch } from '../core/epoch.js';
import { isAppName, isRestoreId } from '../model/ids.js';
import {
  type CertificateAnswer,
  type EnrolQuestion,
  type LogAnswer,
  type LogRequest,
  messageLimits,
  type PollAnswer,
  type PollRequest,
  type RenewQuestion,
  type ReportRequest,
} from '../model/messages.js';
import type { PeersAnswer, PeersQuestion } from '../model/peers.js';
import { desiredStateFromWire, desiredStateToWire } from './desired-state.js';
import {
  decodeCertificateAnswer,
  decodeEnrolQuestion,
  decodeRenewQuestion,
  encodeCertificateAnswer,
  encodeEnrolQuestion,
  encodeRenewQuestion,
} from './enrolment.js';
import { FieldReader } from './fields.js';
import { capstan } from './gen/agent-static.js';
import { nodeStatusFromWire, nodeStatusToWire } from './node-status.js';
import {
  decodePeersAnswer,
  decodePeersQuestion,
  encodePeersAnswer,
  encodePeersQuestion,
  servingFromWire,
  servingToWire,
} from './peers.js';

const wire = capstan.v1;

/**
 * The agents' service for grpc-js, client and server, speaking the model: static code, since the agent has no memory
 * for reflection and the coordinator no time for it where thousands of polls are answered at once.
 */
export const agentService = {
  poll: method<PollRequest, PollAnswer>(
    '/capstan.v1.AgentService/Poll',
    { encode: encodePollRequest, decode: decodePollRequest },
    { encode: encodePollAnswer, decode: decodePollAnswer },
  ),
  report: method<ReportRequest, number>(
    '/capstan.v1.AgentService/Report',
    { encode: encodeReportRequest, decode: decodeReportRequest },
    { encode: encodeAcknowledged, decode: decodeAcknowledged },
  ),
  findPeers: method<PeersQuestion, PeersAnswer>(
    '/capstan.v1.AgentService/FindPeers',
    { encode: encodePeersQuestion, decode: decodePeersQuestion },
    { encode: encodePeersAnswer, decode: decodePeersAnswer },
  ),
  renewCertificate: method<RenewQuestion, CertificateAnswer>(
    '/capstan.v1.AgentService/RenewCertificate',
    { encode: encodeRenewQuestion, decode: decodeRenewQuestion },
    { encode: encodeCertificateAnswer, decode: decodeCertificateAnswer },
  ),
} as const;

/** What servers call that are to become nodes. */
export const enrolmentService = {
  enrol: method<EnrolQuestion, CertificateAnswer>(
    '/capstan.v1.EnrolmentService/Enrol',
    { encode: encodeEnrolQuestion, decode: decodeEnrolQuestion },
    { encode: encodeCertificateAnswer, decode: decodeCertificateAnswer },
  ),
} as const;

interface Codec<Message> {
  readonly encode: (message: Message) => Uint8Array;
  /** Gives the error back instead of throwing it, so that the handler answers with its status and not grpc-js. */
  readonly decode: (bytes: Uint8Array) => Message;
}

function method<Request, Answer>(path: string, request: Codec<Request>, answer: Codec<Answer>) {
  return {
    path,
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (message: Request): Buffer => asBuffer(request.encode(message)),
    requestDeserialize: (bytes: Buffer): Received<Request> => received(() => request.decode(bytes)),
    responseSerialize: (message: Answer): Buffer => asBuffer(answer.encode(message)),
    responseDeserialize: (bytes: Buffer): Received<Answer> => received(() => answer.decode(bytes)),
  };
}

/** A message from the other side, or why it cannot be taken: grpc-js would turn a throw into an internal error. */
export type Received<Message> =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly error: unknown };

/** @throws what was wrong with the message */
export function taken<Message>(received: Received<Message>): Message {
  if (received.ok) return received.message;
  throw received.error;
}

function received<Message>(decode: () => Message): Received<Message> {
  try {
    return { ok: true, message: decode() };
  } catch (error) {
    return { ok: false, error };
  }
}

/** The writer's bytes as a Buffer; in Node they are one already. */
const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function encodePollRequest({ epochSeen, restoreSeen, ...request }: PollRequest): Uint8Array {
  const seen = { epochSeen: epochSeen ?? null, restoreSeen: restoreSeen ?? null };
  return wire.PollRequest.encode({ ...request, ...seen }).finish();
}

function decodePollRequest(bytes: Uint8Array): PollRequest {
  const read = new FieldReader();
  const message = wire.PollRequest.decode(bytes);
  const { epochSeen, restoreSeen } = message;
  const request = {
    revisionSeen: read.count('revision_seen', message.revisionSeen),
    instance: read.text('instance', message.instance, isToken, tokenRule),
    session: read.text('session', message.session, isToken, tokenRule),
    reportSequence: read.count('report_sequence', message.reportSequence),
    ...(epochSeen === null || epochSeen === undefined
      ? {}
      : { epochSeen: read.count('epoch_seen', epochSeen, lastEpoch) }),
    ...(restoreSeen === null || restoreSeen === undefined
      ? {}
      : { restoreSeen: read.text('restore_seen', restoreSeen, isRestoreId, 'hexadecimal') }),
  };
  read.check('The poll');
  return request;
}

function encodePollAnswer(answer: PollAnswer): Uint8Array {
  const { desired, retryAfterMs, reportWanted, logs } = answer;
  return wire.PollResponse.encode({
    desired: desired === undefined ? null : desiredStateToWire(desired),
    retryAfterMs: Math.round(retryAfterMs),
    reportWanted,
    logs: logs.length === 0 ? null : [...logs],
  }).finish();
}

function decodePollAnswer(bytes: Uint8Array): PollAnswer {
  const read = new FieldReader();
  const message = wire.PollResponse.decode(bytes);
  const { desired } = message;
  const answer = {
    desired: desired === null || desired === undefined ? undefined : desiredStateFromWire(read, desired),
    retryAfterMs: message.retryAfterMs,
    reportWanted: message.reportWanted,
    logs: read.list('logs', message.logs, 100).map((log) => logRequest(read, log)),
  };
  read.check("The coordinator's answer", 'corrupt');
  return answer;
}

const logRequest = (read: FieldReader, log: capstan.v1.ILogRequest): LogRequest => ({
  id: read.text('logs.id', log.id, isToken, tokenRule),
  app: read.text('logs.app', log.app, isAppName, 'a DNS label'),
  maxBytes: log.maxBytes ?? 0,
});

function encodeReportRequest(request: ReportRequest): Uint8Array {
  return wire.ReportRequest.encode({
    session: request.session,
    sequence: request.sequence,
    status: nodeStatusToWire(request.status),
    logs: request.logs.map(({ id, text }) => ({ id, text: text.slice(-messageLimits.logText) })),
    serving: request.serving === undefined ? null : servingToWire(request.serving),
  }).finish();
}

function decodeReportRequest(bytes: Uint8Array): ReportRequest {
  const read = new FieldReader();
  const message = wire.ReportRequest.decode(bytes);
  const { serving } = message;
  const request = {
    session: read.text('session', message.session, isToken, tokenRule),
    sequence: read.count('sequence', message.sequence),
    status: nodeStatusFromWire(read, message.status ?? {}),
    logs: read.list('logs', message.logs, 100).map((log) => logAnswer(read, log)),
    serving: serving === null || serving === undefined ? undefined : servingFromWire(read, serving),
  };
  read.check('The report');
  return request;
}

const logAnswer = (read: FieldReader, log: capstan.v1.ILogAnswer): LogAnswer => ({
  id: read.text('logs.id', log.id, isToken, tokenRule),
  text: read.plain('logs.text', log.text, messageLimits.logText),
});

function encodeAcknowledged(acknowledged: number): Uint8Array {
  return wire.ReportResponse.encode({ acknowledged }).finish();
}

function decodeAcknowledged(bytes: Uint8Array): number {
  const read = new FieldReader();
  const acknowledged = read.count('acknowledged', wire.ReportResponse.decode(bytes).acknowledged);
  read.check("The coordinator's answer", 'corrupt');
  return acknowledged;
}

const isToken = (text: string): text is string => /^[0-9a-zA-Z_-]{1,64}$/.test(text);
const tokenRule = '1 to 64 letters, digits, "_" or "-"';
