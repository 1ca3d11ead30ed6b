import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import { loadOperatorService } from '../../../shared/wire/operator-service.js';
import { statusFromError } from '../../../shared/wire/status.js';
import { cleanUp } from '../../support/cleanup.js';

type Fields = Readonly<Record<string, unknown>>;

interface Recorded {
  readonly unary?: Readonly<Record<string, (request: Fields) => Fields>>;
  /** Yields the messages of a stream; ending it ends the stream. */
  readonly streams?: Readonly<
    Record<string, (request: Fields, signal: AbortSignal) => AsyncIterable<Fields>>
  >;
}

interface RecordedCoordinator {
  readonly address: string;
  /** Every request in the order of arrival. */
  readonly requests: readonly { readonly method: string; readonly request: Fields; readonly actor: string }[];
  stop(): void;
}

/** A real gRPC server that answers as recorded, for what the command line does with answers that are hard to bring about. */
export async function recordedCoordinator(recorded: Recorded, port = 0): Promise<RecordedCoordinator> {
  const requests: { method: string; request: Fields; actor: string }[] = [];
  const note = (method: string, request: Fields, metadata: Metadata): void => {
    requests.push({ method, request, actor: String(metadata.get('capstan-actor')[0] ?? '') });
  };
  const handlers: Record<string, UntypedHandleCall> = {};
  for (const [method, answer] of Object.entries(recorded.unary ?? {})) {
    handlers[method] = (call: ServerUnaryCall<Fields, Fields>, reply: sendUnaryData<Fields>): void => {
      note(method, call.request, call.metadata);
      try {
        reply(null, answer(call.request));
      } catch (thrown) {
        reply(statusFromError(thrown));
      }
    };
  }
  for (const [method, messages] of Object.entries(recorded.streams ?? {})) {
    handlers[method] = (call: ServerWritableStream<Fields, Fields>): void => {
      note(method, call.request, call.metadata);
      const ended = new AbortController();
      call.on('cancelled', () => {
        ended.abort();
      });
      void send(call, messages(call.request, ended.signal));
    };
  }
  const server = new Server();
  server.addService(loadOperatorService(), handlers);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, got) => {
      if (error === null) resolve(got);
      else reject(error);
    });
  });
  const stop = (): void => {
    server.forceShutdown();
  };
  cleanUp(() => {
    stop();
    return Promise.resolve();
  });
  return { address: `127.0.0.1:${bound}`, requests, stop };
}

async function send(
  call: ServerWritableStream<Fields, Fields>,
  messages: AsyncIterable<Fields>,
): Promise<void> {
  try {
    for await (const message of messages) call.write(message);
    call.end();
  } catch (thrown) {
    call.emit('error', statusFromError(thrown));
  }
}
