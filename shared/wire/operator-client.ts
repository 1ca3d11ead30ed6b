import { setTimeout as delay } from 'node:timers/promises';
import { Client, type ClientOptions, credentials, Metadata } from '@grpc/grpc-js';
import { nextDelay } from '../core/backoff.js';
import { ownProtocol, protocolKey } from '../core/skew.js';
import { secureChannel } from '../identity/channel.js';
import { CapstanError } from '../model/errors.js';
import { errorFromStatus } from './client-error.js';
import type { OperatorServiceDefinition } from './gen/capstan/v1/OperatorService.js';
import { loadOperatorService } from './operator-service.js';

export type { ApplicationView__Output as ApplicationView } from './gen/capstan/v1/ApplicationView.js';
export type { ApprovalView__Output as ApprovalView } from './gen/capstan/v1/ApprovalView.js';
export type { CaView__Output as CaView } from './gen/capstan/v1/CaView.js';
export type { Change__Output as Change } from './gen/capstan/v1/Change.js';
export type { CheckView__Output as CheckView } from './gen/capstan/v1/CheckView.js';
export type { CollectGarbageResult__Output as CollectGarbageResult } from './gen/capstan/v1/CollectGarbageResult.js';
export type { ConfigView__Output as ConfigView } from './gen/capstan/v1/ConfigView.js';
export type { DatabaseFact__Output as DatabaseFactView } from './gen/capstan/v1/DatabaseFact.js';
export type { DeployResponse__Output as DeployResponse } from './gen/capstan/v1/DeployResponse.js';
export type { EnvironmentStatus__Output as EnvironmentStatus } from './gen/capstan/v1/EnvironmentStatus.js';
export type { EnvironmentView__Output as EnvironmentView } from './gen/capstan/v1/EnvironmentView.js';
export type { Event__Output as EventView } from './gen/capstan/v1/Event.js';
export type { HostFacts__Output as HostFactsView } from './gen/capstan/v1/HostFacts.js';
export type { LockView__Output as LockView } from './gen/capstan/v1/LockView.js';
export type { NextRelease__Output as NextReleaseView } from './gen/capstan/v1/NextRelease.js';
export type { NodeAppView__Output as NodeAppView } from './gen/capstan/v1/NodeAppView.js';
export type { NodeView__Output as NodeView } from './gen/capstan/v1/NodeView.js';
export type { OperatorView__Output as OperatorView } from './gen/capstan/v1/OperatorView.js';
export type { PlanResponse__Output as PlanResponse } from './gen/capstan/v1/PlanResponse.js';
export type { PoisonView__Output as PoisonView } from './gen/capstan/v1/PoisonView.js';
export type { PromotionResponse__Output as PromotionResponse } from './gen/capstan/v1/PromotionResponse.js';
export type { ReleaseView__Output as ReleaseView } from './gen/capstan/v1/ReleaseView.js';
export type { RolloutNodeView__Output as RolloutNodeView } from './gen/capstan/v1/RolloutNodeView.js';
export type { RolloutView__Output as RolloutView } from './gen/capstan/v1/RolloutView.js';
export type { StandingView__Output as StandingView } from './gen/capstan/v1/StandingView.js';
export type { StoreProblem__Output as StoreProblem } from './gen/capstan/v1/StoreProblem.js';
export type { TokenView__Output as TokenView } from './gen/capstan/v1/TokenView.js';
export type { VerifyEventsProgress__Output as VerifyEventsProgress } from './gen/capstan/v1/VerifyEventsProgress.js';
export type { VerifyStoreResult__Output as VerifyStoreResult } from './gen/capstan/v1/VerifyStoreResult.js';
export type { WaveView__Output as WaveView } from './gen/capstan/v1/WaveView.js';
export type { WindowView__Output as WindowView } from './gen/capstan/v1/WindowView.js';

/** The methods by name, without the index signature that grpc-js adds. */
type Methods = {
  [Name in keyof OperatorServiceDefinition as string extends Name
    ? never
    : number extends Name
      ? never
      : Name]: OperatorServiceDefinition[Name];
};
type StreamName =
  | 'WatchRollout'
  | 'WatchNodes'
  | 'ListEvents'
  | 'CollectGarbage'
  | 'CopyDatabase'
  | 'VerifyStore'
  | 'VerifyEvents';
type UnaryName = Exclude<keyof Methods, StreamName>;
type Requests = { [Name in keyof Methods]: Parameters<Methods[Name]['requestSerialize']>[0] };
type Replies = { [Name in keyof Methods]: ReturnType<Methods[Name]['responseDeserialize']> };
type RequestOf<Name extends keyof Methods> = Requests[Name];
type ReplyOf<Name extends keyof Methods> = Replies[Name];

export interface CallOptions {
  /** How long one attempt may take. Milliseconds; 10 s by default. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** Whether a call that found nobody, or a busy coordinator, is sent again for a while; true by default. */
  readonly retry?: boolean;
}

/** The operators' service with promises; every failure is a CapstanError. */
export interface OperatorClient {
  /** Calls that change something must carry an idempotency key: they may be sent again. */
  call<Name extends UnaryName>(
    method: Name,
    request: RequestOf<Name>,
    options?: CallOptions,
  ): Promise<ReplyOf<Name>>;
  /** Ends when the server ends it, fails when it breaks; leaving the loop cancels the call. */
  stream<Name extends StreamName>(
    method: Name,
    request: RequestOf<Name>,
    options: Pick<CallOptions, 'deadlineMs' | 'signal'>,
  ): AsyncIterable<ReplyOf<Name>>;
  /** Waits between two attempts; an abort ends the wait, without an error. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** A stream is opened anew after a day: no call lasts for ever. */
const maxStreamMs = 86_400_000;
const defaultDeadlineMs = 10_000;
/** How long a call is sent again to a coordinator that is not there: enough for one that is being restarted. */
const unreachableForMs = 3000;
/** … and to one that says it is busy. */
const busyForMs = 30_000;

/** The channel's own backoff stays short, so that a coordinator that comes back is found soon. */
const channelOptions: ClientOptions = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_receive_message_length': 64 * 1024 * 1024,
};

/** Whom to trust as the coordinator, and what it wants to see. */
export interface OperatorTrust {
  /** The certificate of its authority. PEM. */
  readonly ca: string;
  readonly token: string;
}

/**
 * Connects when first used.
 * @param address `host:port`
 * @param actor who asks, for the events
 * @param trust undefined: without TLS, as under --insecure-loopback
 */
export function connectOperator({
  address,
  actor,
  trust,
}: {
  readonly address: string;
  readonly actor: string;
  readonly trust?: OperatorTrust | undefined;
}): OperatorClient {
  const secure = trust === undefined ? undefined : secureChannel(address, { ca: trust.ca });
  const security = secure?.credentials ?? credentials.createInsecure();
  const channel: Channel = {
    address,
    client: new Client(address, security, { ...channelOptions, ...secure?.options }),
    metadata: new Metadata(),
  };
  channel.metadata.set(protocolKey, String(ownProtocol));
  channel.metadata.set('capstan-actor', actor);
  if (trust !== undefined) channel.metadata.set('authorization', `Bearer ${trust.token}`);
  const methods: Callables = loadOperatorService();
  return {
    call: (method, request, { deadlineMs = defaultDeadlineMs, signal, retry = true } = {}) =>
      untilAnswered(retry, signal, () => unary(channel, methods, method, request, deadlineMs, signal)),
    stream: (method, request, options) => serverStream(channel, methods, method, request, options),
    pause,
    close() {
      channel.client.close();
    },
  };
}

interface Callable<Request, Reply> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Reply;
}

type Callables = { readonly [Name in keyof Methods]: Callable<Requests[Name], Replies[Name]> };

interface Channel {
  readonly address: string;
  readonly client: Client;
  readonly metadata: Metadata;
}

function unary<Name extends UnaryName>(
  { client, metadata, address }: Channel,
  methods: Callables,
  name: Name,
  request: RequestOf<Name>,
  deadlineMs: number,
  signal: AbortSignal | undefined,
): Promise<ReplyOf<Name>> {
  const method = methods[name];
  return new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest<RequestOf<Name>, ReplyOf<Name>>(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      metadata,
      { deadline: Date.now() + deadlineMs },
      (error, reply) => {
        signal?.removeEventListener('abort', cancel);
        if (error !== null) reject(failureOf(error, address, signal));
        else if (reply === undefined)
          reject(new CapstanError('internal', 'The coordinator sent an empty answer.'));
        else resolve(reply);
      },
    );
    const cancel = (): void => {
      call.cancel();
    };
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

async function* serverStream<Name extends StreamName>(
  { client, metadata, address }: Channel,
  methods: Callables,
  name: Name,
  request: RequestOf<Name>,
  { deadlineMs, signal }: Pick<CallOptions, 'deadlineMs' | 'signal'>,
): AsyncGenerator<ReplyOf<Name>> {
  const method = methods[name];
  const deadline = Date.now() + Math.min(deadlineMs ?? maxStreamMs, maxStreamMs);
  const call = client.makeServerStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    metadata,
    { deadline },
  );
  const cancel = (): void => {
    call.cancel();
  };
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted === true) cancel();
  try {
    for await (const reply of call) yield reply as ReplyOf<Name>;
  } catch (error) {
    throw failureOf(error, address, signal);
  } finally {
    signal?.removeEventListener('abort', cancel);
    call.cancel();
  }
}

/** A call that was cancelled, but not by us, was cut off by a coordinator that goes away. */
function failureOf(thrown: unknown, address: string, signal: AbortSignal | undefined): CapstanError {
  const error = errorFromStatus(thrown, address);
  if (error.code !== 'cancelled' || signal?.aborted === true) return error;
  return new CapstanError('unreachable', `The coordinator at ${address} broke off.`, { cause: error });
}

/** Sends a call again while nobody answers or the coordinator is busy; each for a bounded time. */
async function untilAnswered<Reply>(
  retry: boolean,
  signal: AbortSignal | undefined,
  attempt: () => Promise<Reply>,
): Promise<Reply> {
  const started = performance.now();
  for (let waitMs = 100; ; waitMs = nextDelay(waitMs, Math.random(), { baseMs: 100, capMs: 1000 })) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = CapstanError.from(thrown);
      const boundMs =
        error.code === 'unreachable' ? unreachableForMs : error.code === 'unavailable' ? busyForMs : 0;
      const nextMs = error.retryAfterMs ?? waitMs;
      const late = performance.now() - started + nextMs > boundMs;
      if (!retry || late || signal?.aborted === true) throw error;
      await pause(nextMs, signal);
    }
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
