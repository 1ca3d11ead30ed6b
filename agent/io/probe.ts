import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import type { ProbeSpec } from '../../shared/model/release-spec.js';
import type { ProbeResult } from '../core/health.js';
import { substitute } from '../core/values.js';
import { runInGroup } from './group-command.js';

export interface ProbeContext {
  readonly values: Readonly<Record<string, string>>;
  /** Working directory of command probes. */
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** One connection is kept for each probed address: a probe every two seconds must cost next to nothing. */
const connections = (): Agent => new Agent({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1 });

export interface Prober {
  probe(spec: ProbeSpec, context: ProbeContext): Promise<ProbeResult>;
  close(): void;
}

/** Asks a service how it is; any answer comes within the probe's time limit. */
export function createProber(): Prober {
  const agent = connections();
  return {
    probe: (spec, context) => {
      switch (spec.kind) {
        case 'http':
          return probeHttp(agent, substitute(spec.url, context.values), spec.timeoutMs, context.signal);
        case 'tcp':
          return probeTcp(substitute(spec.address, context.values), spec.timeoutMs, context.signal);
        case 'command':
          return probeCommand(spec.run, spec.timeoutMs, context);
      }
    },
    close: () => {
      agent.destroy();
    },
  };
}

function probeHttp(agent: Agent, url: string, timeoutMs: number, signal: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const fail = (why: string): void => {
      resolve({ ok: false, complaint: `GET ${url}: ${why}` });
    };
    try {
      const request = get(url, { agent, headers: { 'user-agent': 'capstan-agent' } }, (response) => {
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 400) resolve({ ok: true });
        else fail(`status ${status}`);
        response.resume();
        // A body without an end must not outlive the probe.
        response.once('close', done);
      });
      const limit = setTimeout(() => {
        fail(`no answer within ${timeoutMs} ms`);
        request.destroy();
      }, timeoutMs);
      const abort = (): void => {
        fail('given up');
        request.destroy();
      };
      const done = (): void => {
        clearTimeout(limit);
        signal.removeEventListener('abort', abort);
      };
      signal.addEventListener('abort', abort, { once: true });
      request.once('error', (error) => {
        done();
        fail(error.message);
      });
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
  });
}

function probeTcp(address: string, timeoutMs: number, signal: AbortSignal): Promise<ProbeResult> {
  const [, host = '', port = ''] = /^\[?([^\]]*)\]?:(\d+)$/.exec(address) ?? [];
  if (port === '') return Promise.resolve({ ok: false, complaint: `"${address}" is not host:port` });
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: timeoutMs });
    const end = (result: ProbeResult): void => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve(result);
    };
    const fail = (why: string): void => {
      end({ ok: false, complaint: `connect to ${address}: ${why}` });
    };
    const abort = (): void => {
      fail('given up');
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => {
      end({ ok: true });
    });
    socket.once('timeout', () => {
      fail(`no answer within ${timeoutMs} ms`);
    });
    socket.once('error', (error) => {
      fail(error.message);
    });
  });
}

async function probeCommand(
  run: readonly string[],
  timeoutMs: number,
  { values, cwd, signal }: ProbeContext,
): Promise<ProbeResult> {
  const command = run.map((part) => substitute(part, values));
  const end = await runInGroup({
    command,
    cwd,
    env: values,
    timeoutMs,
    graceMs: 1000,
    output: 'ignore',
    signal,
  });
  if (end.kind === 'exited' && end.code === 0) return { ok: true };
  const how = {
    exited: 'code' in end ? `exit code ${end.code}` : '',
    killed: 'by' in end ? `killed by ${end.by}` : '',
    timedOut: `no end within ${timeoutMs} ms`,
    cancelled: 'given up',
    notStarted: 'reason' in end ? end.reason : '',
  } as const;
  return { ok: false, complaint: `${command.join(' ')}: ${how[end.kind]}` };
}
