import {
  type ChannelCredentials,
  Client,
  type ClientOptions,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { ownProtocol, protocolKey } from '../core/skew.js';
import { CapstanError } from '../model/errors.js';
import type { NodeName } from '../model/ids.js';
import type { Labels } from '../model/labels.js';
import type { PollAnswer, PollRequest, ReportRequest } from '../model/messages.js';
import { messageLimits } from '../model/messages.js';
import type { PeersAnswer, PeersQuestion } from '../model/peers.js';
import { agentService, type Received } from './agent-messages.js';
import { errorFromStatus } from './client-error.js';

export interface AgentCallOptions {
  /** The call fails with `unreachable` after this long. Milliseconds. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** The agents' service with promises; every failure is a CapstanError. */
export interface AgentClient {
  readonly address: string;
  /** The long poll; its deadline must be longer than the coordinator holds one (60 s at most). */
  poll(request: PollRequest, options: AgentCallOptions): Promise<PollAnswer>;
  /** @returns the sequence number up to which reports are acknowledged */
  report(request: ReportRequest, options: AgentCallOptions): Promise<number>;
  findPeers(question: PeersQuestion, options: AgentCallOptions): Promise<PeersAnswer>;
  close(): void;
}

export interface AgentConnection {
  /** `host:port` */
  readonly address: string;
  readonly credentials: ChannelCredentials;
  /** Who this is; believed only under --insecure-loopback. With a certificate: undefined. */
  readonly claims?: { readonly name: NodeName; readonly labels: Labels } | undefined;
  /** What to do where nobody answers; undefined: somebody gave the address by hand. */
  readonly nobodyHint?: string | undefined;
  /** Beside its own. */
  readonly options?: ClientOptions | undefined;
}

/** A dead peer is found within 30 s; the channel's own backoff is capped at 5 s beneath the agent's. */
const channelOptions: ClientOptions = {
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.initial_reconnect_backoff_ms': 500,
  'grpc.max_reconnect_backoff_ms': 5000,
  'grpc.max_receive_message_length': messageLimits.messageBytes,
  'grpc.max_send_message_length': messageLimits.messageBytes,
  'grpc.enable_retries': 0, // the agent has its own
  'grpc.service_config_disable_resolution': 1,
  'grpc.enable_channelz': 0,
};

/** Connects when first used. */
export function connectAgent({
  address,
  credentials,
  claims,
  nobodyHint,
  options,
}: AgentConnection): AgentClient {
  const client = new Client(address, credentials, { ...channelOptions, ...options });
  const metadata = new Metadata();
  metadata.set(protocolKey, String(ownProtocol));
  if (claims !== undefined) {
    metadata.set('capstan-node', claims.name);
    const labels = Object.entries(claims.labels).map(([key, value]) => `${key}=${value}`);
    metadata.set('capstan-labels', labels.join(','));
  }
  const channel = { client, metadata, address, nobodyHint };
  return {
    address,
    poll: (request, options) => unary(channel, agentService.poll, request, options),
    report: (request, options) => unary(channel, agentService.report, request, options),
    findPeers: (question, options) => unary(channel, agentService.findPeers, question, options),
    close() {
      client.close();
    },
  };
}

interface Channel {
  readonly client: Client;
  readonly metadata: Metadata;
  readonly address: string;
  readonly nobodyHint: string | undefined;
}

interface Method<Request, Answer> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Received<Answer>;
}

function unary<Request, Answer>(
  { client, metadata, address, nobodyHint }: Channel,
  { path, requestSerialize, responseDeserialize }: Method<Request, Answer>,
  request: Request,
  { deadlineMs, signal }: AgentCallOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest<Request, Received<Answer>>(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      { deadline: Date.now() + deadlineMs },
      (error, answer) => {
        signal.removeEventListener('abort', cancel);
        if (error !== null) reject(failureOf(error, address, nobodyHint));
        else if (answer?.ok === true) resolve(answer.message);
        else reject(errorFromStatus(answer?.error, address));
      },
    );
    const cancel = (): void => {
      call.cancel();
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  });
}

/** What is listening there may be another of a coordinator's addresses: that would stay so however often it is asked. */
function failureOf(error: ServiceError, address: string, nobodyHint: string | undefined): CapstanError {
  const isOther =
    error.code === status.UNIMPLEMENTED ||
    (error.code === status.UNAVAILABLE && error.details.includes('Protocol error'));
  if (!isOther) return errorFromStatus(error, address, nobodyHint);
  const hint =
    "Agents use the address of the coordinator's --agent-listen, not --operator-listen or --http-listen.";
  return new CapstanError('unreachable', `What answers at ${address} does not serve agents.`, {
    hint,
    cause: error,
  });
}
