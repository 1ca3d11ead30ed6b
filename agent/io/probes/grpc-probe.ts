import { Client, type ClientOptions, credentials, Metadata, status } from '@grpc/grpc-js';
import minimal from 'protobufjs/minimal.js';
import type { ProbeResult } from '../../core/health.js';
import { noAddress, targetAt } from './address.js';

/** What is asked, `${NAME}` replaced. An empty service asks for the server as a whole. */
export interface GrpcTarget {
  readonly address: string;
  readonly service: string;
}

/**
 * A service that was down must be seen again soon after it is back, so the channel does not wait longer than this to
 * connect again; and it is the service's host itself that is asked, never a proxy.
 */
const channelOptions: ClientOptions = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
  'grpc.max_receive_message_length': 4096,
  'grpc.enable_retries': 0,
  'grpc.enable_http_proxy': 0,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.service_config_disable_resolution': 1,
  'grpc.enable_channelz': 0,
};

/** More addresses than a release has probes are left over from values that have changed. */
const maxChannels = 20;
const method = '/grpc.health.v1.Health/Check';
const answers = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

/** Asks servers by the gRPC health protocol, in plaintext, over a connection that is kept for each of them. */
export class GrpcProbes {
  readonly #clients = new Map<string, Client>();

  probe({ address, service }: GrpcTarget, timeoutMs: number, signal: AbortSignal): Promise<ProbeResult> {
    if (targetAt(address) === undefined) return Promise.resolve({ ok: false, complaint: noAddress });
    return new Promise((resolve) => {
      const fail = (why: string): void => {
        resolve({ ok: false, complaint: why });
      };
      const options = { deadline: Date.now() + timeoutMs };
      const call = this.#client(address).makeUnaryRequest(
        method,
        encodeRequest,
        decodeAnswer,
        service,
        new Metadata(),
        options,
        (error, answer) => {
          signal.removeEventListener('abort', abort);
          if (error?.code === status.DEADLINE_EXCEEDED) fail(`no answer within ${timeoutMs} ms`);
          else if (error?.code === status.UNIMPLEMENTED)
            fail('the server does not offer the health protocol');
          else if (error?.code === status.NOT_FOUND) fail('the server does not know the service');
          else if (error !== null) fail(error.details);
          else if (answer === 1) resolve({ ok: true });
          else fail(answers[answer ?? 0] ?? `status ${answer ?? 0}`);
        },
      );
      const abort = (): void => {
        call.cancel();
      };
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  #client(address: string): Client {
    const known = this.#clients.get(address);
    if (known !== undefined) return known;
    if (this.#clients.size >= maxChannels) this.close();
    const client = new Client(address, credentials.createInsecure(), channelOptions);
    this.#clients.set(address, client);
    return client;
  }
}

/** `HealthCheckRequest { string service = 1; }` */
const encodeRequest = (service: string): Buffer =>
  Buffer.from(minimal.Writer.create().uint32(10).string(service).finish());

/** The status of `HealthCheckResponse { ServingStatus status = 1; }`; other fields are passed over. */
function decodeAnswer(bytes: Buffer): number {
  const reader = minimal.Reader.create(bytes);
  let found = 0;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 8) found = reader.int32();
    else reader.skipType(tag & 7);
  }
  return found;
}
