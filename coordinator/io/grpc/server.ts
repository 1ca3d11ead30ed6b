import {
  Server,
  type ServerCredentials,
  type ServerOptions,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { listenFailure } from '../../../shared/io/listen-failure.js';
import { reflectedServices } from './reflection.js';

export interface Service {
  /** With its package, for the health service. */
  readonly name: string;
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

export interface GrpcServerOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly credentials: ServerCredentials;
  readonly services: readonly Service[];
}

export interface GrpcServer {
  /** The real one. */
  readonly port: number;
  /**
   * Takes no new connections, lets calls end for `graceMs`, then cuts what is left. Answer the held polls first.
   * Says by the health service that it is going.
   */
  stop(graceMs: number): Promise<void>;
}

/** Each is set on purpose: grpc-js's defaults are unlimited, or meant for small numbers of clients. */
const serverOptions: ServerOptions = {
  // Specs and reports are far smaller; four times the bound of an agent's message leaves room for operators.
  'grpc.max_receive_message_length': 8 * 1024 * 1024,
  // Lists of a large fleet; the command line takes as much.
  'grpc.max_send_message_length': 64 * 1024 * 1024,
  // An agent needs two, a command a few; a proxy puts many agents on one connection.
  'grpc.max_concurrent_streams': 1024,
  // A node that vanished without a word is found within 30 s.
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // Books on every call and connection that nobody reads: memory and time for each of thousands.
  'grpc.enable_channelz': 0,
};

/**
 * Serves the given services, health (grpc.health.v1) and reflection.
 * @throws CapstanError `failed` if it cannot listen there
 */
export async function startGrpcServer({
  host,
  port: wanted,
  credentials,
  services,
}: GrpcServerOptions): Promise<GrpcServer> {
  const server = new Server(serverOptions);
  const health = new HealthImplementation({ '': 'SERVING' });
  for (const { name, definition, implementation } of services) {
    server.addService(definition, implementation);
    health.setStatus(name, 'SERVING');
  }
  health.addToServer(server);
  new ReflectionService(reflectedServices()).addToServer(server);
  const port = await bind(server, host, wanted, credentials);
  return {
    port,
    stop: async (graceMs) => {
      for (const name of ['', ...services.map((service) => service.name)])
        health.setStatus(name, 'NOT_SERVING');
      await shutDown(server, addressOf(host, port), graceMs);
    },
  };
}

const addressOf = (host: string, port: number): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

function bind(server: Server, host: string, port: number, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(addressOf(host, port), credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(listenFailure({ host, port }, error));
    });
  });
}

/**
 * `drain` cuts the connections that are left after the grace time. (`forceShutdown` would not: without channelz it
 * knows of none.)
 */
function shutDown(server: Server, address: string, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, graceMs + 1000);
    server.drain(address, graceMs);
    server.tryShutdown(() => {
      clearTimeout(late);
      resolve();
    });
  });
}
