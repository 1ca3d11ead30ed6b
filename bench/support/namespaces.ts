import { existsSync, readdirSync } from 'node:fs';
import { cleanUp } from '../../test/support/cleanup.js';
import { run } from './command.js';
import { missingTools } from './tools.js';

/** Names begin with this and the process that made them, so that what a killed run left can be told from what is in use. */
const prefix = 'capstan-bench-';
const namespacesDir = '/run/netns';

/** Why no network namespaces can be made here; undefined if they can. */
export function whyNoNamespaces(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const missing = missingTools(['ip', 'tc', 'nsenter']);
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
}

/** Makes a network namespace with its loopback up; it is removed at the end of the run. */
export async function makeNamespace(label: string): Promise<string> {
  await removeAbandoned();
  const name = `${prefix}${process.pid}-${label}`;
  cleanUp(() => ip('netns', 'del', name));
  await ip('netns', 'add', name);
  await ip('-n', name, 'link', 'set', 'lo', 'up');
  return name;
}

export async function ip(...args: readonly string[]): Promise<void> {
  await run({ argv: ['ip', ...args], cwd: '/' });
}

export const inNamespace = (name: string, argv: readonly string[]): readonly string[] => [
  'nsenter',
  `--net=${namespacesDir}/${name}`,
  '--',
  ...argv,
];

/** Namespaces of runs that were killed. */
async function removeAbandoned(): Promise<void> {
  const names = existsSync(namespacesDir) ? readdirSync(namespacesDir) : [];
  for (const name of names) {
    const maker = name.startsWith(prefix) ? /^\d+/.exec(name.slice(prefix.length))?.[0] : undefined;
    if (maker !== undefined && !existsSync(`/proc/${maker}`)) await ip('netns', 'del', name);
  }
}
