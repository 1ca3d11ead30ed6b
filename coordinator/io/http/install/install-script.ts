import { shellQuoted } from '../../../../shared/core/shell-word.js';
import { pinForCurl } from '../../../../shared/identity/pin.js';
import type { AgentPackage } from './agent-packages.js';

/** What a server has to know to become a node; nothing of it is secret. */
export interface InstallFacts {
  /** `host:port` of the operators' port, where servers enrol. */
  readonly coordinator: string;
  /** Of the authority. */
  readonly pin: string;
  /** Of the key that the coordinator shows on all its ports. */
  readonly serverPin: string;
  /** Of the HTTP port: `https://host:port`. */
  readonly origin: string;
}

/** Writes what this coordinator is into the script, each value as one word of the shell. */
export function fillScript(
  template: string,
  { coordinator, pin, serverPin, origin }: InstallFacts,
  packages: readonly AgentPackage[],
): string {
  const values: Readonly<Record<string, string>> = {
    COORDINATOR: coordinator,
    PIN: pin,
    SERVER_KEY: pinForCurl(serverPin),
    ORIGIN: origin,
    PACKAGES: packages
      .map(({ architecture, digest, version, file }) => [architecture, digest, version, file].join(' '))
      .join('\n'),
  };
  return template.replaceAll(/@([A-Z_]+)@/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing is known for ${place}`);
    return shellQuoted(value);
  });
}
