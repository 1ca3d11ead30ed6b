import type { ProbeSpec } from '../../../shared/model/release-spec.js';
import type { ProbeResult } from '../../core/health.js';
import { substitute } from '../../core/values.js';
import type { Service } from '../../ports/node.js';
import { type Target, targetAt } from './address.js';

type Values = Readonly<Record<string, string>>;

/**
 * Whether what answered a probe is the service, and not an orphan of an earlier one that still has the port. Looked into
 * once for each probe and start of the service, for it takes reading through `/proc`; a stranger is looked for again.
 */
export class Ownership {
  readonly #service: Pick<Service, 'stranger'>;
  /** The start of the service for which a probe, by its index, was found to ask the right one. */
  readonly #cleared = new Map<number, string>();

  constructor(service: Pick<Service, 'stranger'>) {
    this.#service = service;
  }

  /** @param main who runs now, from the service's facts */
  async check(index: number, spec: ProbeSpec, values: Values, main = ''): Promise<ProbeResult> {
    const target = targetOf(spec, values);
    if (target === undefined || this.#cleared.get(index) === main) return { ok: true };
    const complaint = await this.#service.stranger(target);
    if (complaint !== '') return { ok: false, complaint };
    this.#cleared.set(index, main);
    return { ok: true };
  }
}

/** Where a probe connects to; undefined for those that do not. */
function targetOf(spec: ProbeSpec, values: Values): Target | undefined {
  switch (spec.kind) {
    case 'http': {
      const url = substitute(spec.url, values);
      if (!URL.canParse(url)) return undefined;
      const { hostname, port } = new URL(url);
      return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port) };
    }
    case 'tcp':
    case 'grpc':
      return targetAt(substitute(spec.address, values));
    case 'command':
    case 'unit':
      return undefined;
  }
}
