import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A server behind the load balancer, and where to ask whether it wants traffic. */
export interface Backend {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** The application's own check on `port`, such as `/healthz`. */
  readonly healthPath: string;
  /** The agent's opinion, such as `http://127.0.0.1:7650/ready/web`. */
  readonly readyUrl: string;
}

/** What the checks of one round said. */
export interface Sample {
  /** `performance.now()` when the round was complete. */
  readonly atMs: number;
  /** Names of the backends that get requests. */
  readonly serving: ReadonlySet<string>;
}

interface LoadBalancerOptions {
  readonly backends: readonly Backend[];
  /** Pause between two rounds of checks. Milliseconds. */
  readonly everyMs?: number;
  /** How long one check may take. Milliseconds. */
  readonly checkTimeoutMs?: number;
}

export interface LoadBalancer {
  readonly url: string;
  /** The latest round. */
  serving(): ReadonlySet<string>;
  samples(): readonly Sample[];
  counts(): Readonly<Counts>;
  close(): Promise<void>;
}

interface Counts {
  forwarded: number;
  /** Sent to another backend because the first refused the connection: nothing of the request had been sent. */
  redispatched: number;
  /** Answered 502 or 503 by the load balancer itself. */
  failed: number;
}

/** A quarter of an hour of rounds at 50 ms; older ones are forgotten. */
const samplesKept = 20_000;

/** Connection-level headers belong to one hop and are not passed on (RFC 9110, 7.6.1). */
const hopHeaders = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade'];

/**
 * A reverse proxy as one is set up in front of Capstan: a backend gets requests while its own check answers 200
 * and its agent's readiness is not 503. An agent that does not answer has no opinion. It keeps connections
 * alive, streams both ways, goes round robin, and never sends a request twice: only a refused connection, of
 * which nothing was sent, moves on to the next backend. So a request that a server drops half-way is seen to fail.
 */
export async function startLoadBalancer(options: LoadBalancerOptions): Promise<LoadBalancer> {
  const { backends, everyMs = 50, checkTimeoutMs = 1_000 } = options;
  // Idle connections are closed before a server with a sensible keep-alive time closes them under a request.
  const pool = new Agent({ keepAlive: true, timeout: 4_000, scheduling: 'lifo' });
  const checkPool = new Agent({ keepAlive: true, timeout: 4_000 });
  const counts: Counts = { forwarded: 0, redispatched: 0, failed: 0 };
  const samples: Sample[] = [];
  let serving: ReadonlySet<string> = new Set();
  let turn = 0;
  const stopped = new AbortController();

  const checking = (async () => {
    while (!stopped.signal.aborted) {
      const started = performance.now();
      const verdicts = await Promise.all(
        backends.map((backend) => check(backend, checkPool, checkTimeoutMs)),
      );
      serving = new Set(backends.filter((_backend, index) => verdicts[index]).map(({ name }) => name));
      samples.push({ atMs: performance.now(), serving });
      if (samples.length > samplesKept) samples.splice(0, samplesKept / 2);
      const rest = Math.max(0, everyMs - (performance.now() - started));
      await delay(rest, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();

  const forward = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const candidates = backends.filter(({ name }) => serving.has(name));
    turn += 1;
    const order = candidates.map((_, index) => candidates[(turn + index) % candidates.length]);
    const attempt = (index: number): void => {
      const backend = order[index];
      if (backend === undefined) {
        counts.failed += 1;
        refuse(outgoing, 503, 'no backend is in service');
        return;
      }
      const { host, port } = backend;
      const headers = passedOn(incoming.headers);
      const { method = 'GET', url: path = '/' } = incoming;
      const upstream = request({ host, port, path, method, headers, agent: pool }, (response) => {
        counts.forwarded += 1;
        outgoing.writeHead(response.statusCode ?? 502, passedOn(response.headers));
        response.pipe(outgoing);
        response.on('error', () => outgoing.destroy());
      });
      upstream.on('error', (error) => {
        if (outgoing.headersSent) {
          outgoing.destroy();
        } else if ('code' in error && error.code === 'ECONNREFUSED') {
          counts.redispatched += 1;
          attempt(index + 1);
        } else {
          counts.failed += 1;
          refuse(outgoing, 502, `${backend.name}: ${error.message}`);
        }
      });
      outgoing.on('close', () => {
        if (!outgoing.writableFinished) upstream.destroy();
      });
      // A connection that was refused has read nothing, so the body is still there for the next backend.
      upstream.on('socket', (socket) => {
        if (socket.connecting) socket.once('connect', () => incoming.pipe(upstream));
        else incoming.pipe(upstream);
      });
    };
    attempt(0);
  };

  const server = createServer(forward);
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    serving: () => serving,
    samples: () => samples,
    counts: () => ({ ...counts }),
    async close() {
      stopped.abort();
      await checking;
      server.close();
      server.closeAllConnections();
      pool.destroy();
      checkPool.destroy();
      await once(server, 'close');
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function check(backend: Backend, agent: Agent, timeoutMs: number): Promise<boolean> {
  const [ready, healthy] = await Promise.all([
    statusOf(backend.readyUrl, agent, timeoutMs),
    statusOf(`http://${backend.host}:${backend.port}${backend.healthPath}`, agent, timeoutMs),
  ]);
  return ready !== 503 && healthy === 200;
}

/** The status of the answer; undefined if there is none in time. */
async function statusOf(url: string, agent: Agent, timeoutMs: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = request(url, { agent, timeout: timeoutMs }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
      response.on('error', () => resolve(undefined));
    });
    probe.on('timeout', () => probe.destroy());
    probe.on('error', () => resolve(undefined));
    probe.end();
  });
}

function passedOn(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.includes(name)));
}

function refuse(outgoing: ServerResponse, status: number, text: string): void {
  outgoing.writeHead(status, { 'content-type': 'text/plain' }).end(`load balancer: ${text}\n`);
}
