import {
  type ConnectionInjector,
  Server,
  type ServerCredentials,
  type ServerInterceptor,
  type ServerOptions,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { listenFailure } from '../../../shared/io/listen-failure.js';
import type { Door } from '../limits/door.js';
import { type Listening, listenAt } from '../limits/listen.js';
import type { Refusals } from '../limits/refusals.js';
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
  /** The largest message that is taken; 8 MiB by default. Bytes. */
  readonly maxMessageBytes?: number;
  /** Absent: whoever comes is let in, and waited for. */
  readonly guard?: Guard | undefined;
}

/** Who keeps watch over a port. */
export interface Guard {
  readonly door: Pick<Door, 'enter'>;
  readonly interceptor: ServerInterceptor;
  readonly refusals: Pick<Refusals, 'note'>;
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

/** Specs and reports are far smaller; four times the bound of an agent's message leaves room for operators. */
const defaultMaxMessageBytes = 8 * 1024 * 1024;

/** Each is set on purpose: grpc-js's defaults are unlimited, or meant for small numbers of clients. */
const serverOptions: ServerOptions = {
  // Lists of a large fleet; the command line takes as much.
  'grpc.max_send_message_length': 64 * 1024 * 1024,
  // An agent needs two, a command a few; a proxy puts many agents on one connection. With TLS there are fewer.
  'grpc.max_concurrent_streams': 1024,
  // A node that vanished without a word is found within 30 s.
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // An agent's poll is there nearly always; whoever watches has a call under way.
  'grpc.max_connection_idle_ms': 300_000,
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
  maxMessageBytes = defaultMaxMessageBytes,
  guard,
}: GrpcServerOptions): Promise<GrpcServer> {
  const server = new Server({
    ...serverOptions,
    'grpc.max_receive_message_length': maxMessageBytes,
    interceptors: guard === undefined ? [] : [guard.interceptor],
  });
  const health = new HealthImplementation({ '': 'SERVING' });
  for (const { name, definition, implementation } of services) {
    server.addService(definition, implementation);
    health.setStatus(name, 'SERVING');
  }
  health.addToServer(server);
  new ReflectionService(reflectedServices()).addToServer(server);
  const injector = server.createConnectionInjector(credentials);
  const listening = await listen(injector, { host, port: wanted }, guard);
  return {
    port: listening.port,
    stop: async (graceMs) => {
      for (const name of ['', ...services.map((service) => service.name)])
        health.setStatus(name, 'NOT_SERVING');
      const ended = listening.close(graceMs);
      // Lets calls end and ends their connections; when that is done it says too soon, with Node.js 24, and cuts none.
      server.tryShutdown(() => undefined);
      await ended;
    },
  };
}

/** grpc-js cannot be asked which connections it takes, so it is handed those that are. */
async function listen(
  injector: ConnectionInjector,
  at: Pick<GrpcServerOptions, 'host' | 'port'>,
  guard: Guard | undefined,
): Promise<Listening> {
  try {
    return await listenAt({
      ...at,
      onConnection: (socket) => {
        // Nobody else listens before its first bytes are read.
        socket.on('error', () => undefined);
        if (guard === undefined || guard.door.enter(socket)) injector.injectConnection(socket);
        else socket.destroy();
      },
      onFailure: () => guard?.refusals.note('descriptors', at.host),
    });
  } catch (cause) {
    injector.destroy();
    throw listenFailure(at, cause);
  }
}
