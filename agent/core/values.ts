import type { ProbeSpec, ReleaseSpec } from '../../shared/model/release-spec.js';

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The names that a release refers to as `${NAME}` in its service, probes and hooks. */
export function references(spec: ReleaseSpec): ReadonlySet<string> {
  const texts = spec.health.flatMap(textsOf);
  return new Set(texts.flatMap((text) => [...text.matchAll(reference)].map((match) => match[1] ?? '')));
}

function textsOf(probe: ProbeSpec): readonly string[] {
  switch (probe.kind) {
    case 'http':
      return [probe.url];
    case 'tcp':
      return [probe.address];
    case 'grpc':
      return [probe.address, probe.service ?? ''];
    case 'command':
      return probe.run;
    case 'unit':
      return [];
  }
}

export interface ValueSources {
  /** This node's own values for one application; they win. */
  readonly own: Readonly<Record<string, string>>;
  /** This node's own values for all applications. */
  readonly ownForAll: Readonly<Record<string, string>>;
  /** The environment's, from the assignment. */
  readonly config: Readonly<Record<string, string>>;
}

/**
 * The values that a release's processes and probes get. The coordinator's count only where the release declares the
 * name or refers to it: who holds the coordinator must not be able to hand programs variables they never asked for.
 * @param allowed false for names that change how programs are loaded
 * @param alsoAsked what the release refers to elsewhere than in its spec
 */
export function valuesFor(
  spec: ReleaseSpec,
  { own, ownForAll, config }: ValueSources,
  allowed: (name: string) => boolean,
  alsoAsked: ReadonlySet<string> = new Set(),
): Readonly<Record<string, string>> {
  const asked = new Set([...Object.keys(spec.config), ...references(spec), ...alsoAsked]);
  const given = Object.entries(config).filter(([name]) => asked.has(name));
  const all = [
    ...Object.entries(spec.config),
    ...given,
    ...Object.entries(ownForAll),
    ...Object.entries(own),
  ];
  return Object.fromEntries(all.filter(([name]) => allowed(name)));
}

/** `${NAME}` replaced; a name without a value stays as it is, which preflight has ruled out. */
export const substitute = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(reference, (whole, name: string) => values[name] ?? whole);
