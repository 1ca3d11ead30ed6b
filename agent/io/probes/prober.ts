import { Agent } from 'node:http';
import { CapstanError } from '../../../shared/model/errors.js';
import type { ProbeSpec } from '../../../shared/model/release-spec.js';
import type { ProbeResult } from '../../core/health.js';
import { substitute } from '../../core/values.js';
import type { Service } from '../../ports/node.js';
import { shownAddress, shownUrl } from './address.js';
import { probeCommand } from './command-probe.js';
import { GrpcProbes } from './grpc-probe.js';
import { probeHttp } from './http-probe.js';
import type { ProbeContext } from './probe-context.js';
import { probeTcp } from './tcp-probe.js';
import { probeUnit } from './unit-probe.js';

/** One connection is kept for each probed address: a probe every two seconds must cost next to nothing. */
const connections = (): Agent => new Agent({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1 });

export interface Prober {
  /** Never rejects. */
  probe(spec: ProbeSpec, context: ProbeContext): Promise<ProbeResult>;
  close(): void;
}

/** Asks a service how it is; any answer comes within the probe's time limit. */
export function createProber(service: Pick<Service, 'unitFault'>): Prober {
  const http = connections();
  const grpc = new GrpcProbes();
  const ask = (spec: ProbeSpec, context: ProbeContext): Promise<ProbeResult> => {
    const { values, signal } = context;
    switch (spec.kind) {
      case 'http':
        return probeHttp(http, substitute(spec.url, values), spec.timeoutMs, signal);
      case 'tcp':
        return probeTcp(substitute(spec.address, values), spec.timeoutMs, signal);
      case 'grpc':
        return grpc.probe(
          { address: substitute(spec.address, values), service: substitute(spec.service ?? '', values) },
          spec.timeoutMs,
          signal,
        );
      case 'command':
        return probeCommand(spec.run, spec.timeoutMs, context);
      case 'unit':
        return probeUnit(service.unitFault(spec.name), spec.timeoutMs, signal);
    }
  };
  return {
    probe: async (spec, context) => {
      try {
        const result = await ask(spec, context);
        return result.ok ? result : failed(spec, context.values, result.complaint);
      } catch (error) {
        return failed(spec, context.values, CapstanError.from(error).message);
      }
    },
    close: () => {
      http.destroy();
      grpc.close();
    },
  };
}

const failed = (spec: ProbeSpec, values: Readonly<Record<string, string>>, why: string): ProbeResult => ({
  ok: false,
  complaint: `${questionOf(spec, values)}${why}`,
});

/**
 * Where it was asked, with the values of this node; the rest is as the release has it, for values may be secrets, and
 * complaints are told to many.
 */
function questionOf(spec: ProbeSpec, values: Readonly<Record<string, string>>): string {
  switch (spec.kind) {
    case 'http':
      return `GET ${shownUrl(spec.url, values)}: `;
    case 'tcp':
      return `connect to ${shownAddress(spec.address, values)}: `;
    case 'grpc': {
      const service = spec.service === undefined ? '' : `${spec.service} at `;
      return `gRPC health of ${service}${shownAddress(spec.address, values)}: `;
    }
    case 'command':
      return `${spec.run.join(' ')}: `;
    case 'unit':
      return '';
  }
}
