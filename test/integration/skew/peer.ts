import { fileURLToPath } from 'node:url';
import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
} from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { cleanUp } from '../../support/cleanup.js';

type Message = Readonly<Record<string, unknown>>;

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const own = fileURLToPath(new URL('../../../proto/', import.meta.url));

/** The protocol as version 0.1 began with it. */
export const firstProtocol = (): protobuf.Root => loadFrom(`${fixtures}protocol-1/`);

/** The protocol of a version to come: messages have more fields, enums more words, services more calls. */
export function nextProtocol(): protobuf.Root {
  const root = loadFrom(own);
  const more = (message: string): void => {
    root.lookupType(`capstan.v1.${message}`).add(new protobuf.Field('news', 900, 'string'));
  };
  for (const message of ['PollRequest', 'PollResponse', 'DesiredState', 'Assignment', 'ReleaseRef'])
    more(message);
  for (const message of ['ReportRequest', 'NodeStatus', 'AppStatus', 'HostFacts', 'DriftedPath'])
    more(message);
  for (const message of ['NodeView', 'NodeAppView', 'EnvironmentStatus', 'StatusResponse']) more(message);
  root.lookupEnum('capstan.v1.Intent').add('INTENT_REHEARSE', 90);
  root.lookupEnum('capstan.v1.NodePhase').add('NODE_PHASE_WARMING', 90);
  root.lookupEnum('capstan.v1.Health').add('HEALTH_RECOVERING', 90);
  return root;
}

function loadFrom(dir: string): protobuf.Root {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => `${dir}${target}`;
  return root.loadSync(['capstan/v1/agent.proto', 'capstan/v1/operator.proto']);
}

const conversion = { longs: Number, enums: String, defaults: true, oneofs: true };

function codecs(root: protobuf.Root, service: string, name: string) {
  const found = root.lookupService(`capstan.v1.${service}`);
  const method = found.methods[name];
  if (method === undefined) throw new Error(`${service} has no ${name}`);
  const codec = (typeName: string) => {
    const type = found.lookupType(typeName);
    return {
      write: (message: Message): Buffer => Buffer.from(type.encode(type.fromObject(message)).finish()),
      read: (bytes: Buffer): Message => type.toObject(type.decode(bytes), conversion),
    };
  };
  return {
    path: `/capstan.v1.${service}/${name}`,
    request: codec(method.requestType),
    response: codec(method.responseType),
  };
}

/** Who calls with a protocol of another version. */
export class OtherCaller {
  readonly #root: protobuf.Root;
  readonly #client: Client;
  readonly #metadata = new Metadata();

  /** @param said metadata of every call */
  constructor(root: protobuf.Root, address: string, said: Readonly<Record<string, string>>) {
    this.#root = root;
    this.#client = new Client(address, credentials.createInsecure());
    for (const [key, value] of Object.entries(said)) this.#metadata.set(key, value);
    cleanUp(() => {
      this.#client.close();
    });
  }

  call(service: string, name: string, message: Message): Promise<Message> {
    const { path, request, response } = codecs(this.#root, service, name);
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, answer?: Message): void => {
        if (error !== null) reject(error);
        else resolve(answer ?? {});
      };
      const deadline = Date.now() + 10_000;
      this.#client.makeUnaryRequest(
        path,
        request.write,
        response.read,
        message,
        this.#metadata,
        { deadline },
        done,
      );
    });
  }
}

/** A coordinator for agents that speaks a protocol of another version: holds nothing, and says what it is told to. */
export class OtherCoordinator {
  readonly reports: Message[] = [];
  readonly polls: Message[] = [];
  address = '';
  #desired: Message | undefined;
  #told: unknown;

  async start(root: protobuf.Root): Promise<void> {
    const server = new Server();
    const poll = codecs(root, 'AgentService', 'Poll');
    const report = codecs(root, 'AgentService', 'Report');
    const definition = (of: typeof poll) => ({
      ...{ path: of.path, requestStream: false as const, responseStream: false as const },
      ...{ requestDeserialize: of.request.read, requestSerialize: of.request.write },
      ...{ responseDeserialize: of.response.read, responseSerialize: of.response.write },
    });
    const answer =
      (made: (message: Message) => Message) =>
      (call: ServerUnaryCall<Message, Message>, done: sendUnaryData<Message>): void => {
        done(null, made(call.request));
      };
    server.addService(
      { Poll: definition(poll), Report: definition(report) },
      {
        Poll: answer((message) => this.#answerTo(message)),
        Report: answer((message) => {
          this.reports.push(message);
          return { acknowledged: message['sequence'] };
        }),
      },
    );
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    this.address = `127.0.0.1:${port}`;
    cleanUp(() => {
      server.forceShutdown();
    });
  }

  want(desired: Message): void {
    this.#desired = desired;
  }

  #answerTo(message: Message): Message {
    this.polls.push(message);
    const news = { news: 'of a version to come', retryAfterMs: 100, reportWanted: this.reports.length === 0 };
    if (this.#desired === undefined || this.#told === this.#desired) return news;
    this.#told = this.#desired;
    return { ...news, desired: this.#desired };
  }
}
