import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../test/support/eventually.js';
import { tempDir } from '../../test/support/temp-dir.js';
import { run, startServer } from './command.js';
import { inNamespace, ip, makeNamespace, whyNoNamespaces } from './namespaces.js';
import { findTool } from './tools.js';

/** The way from an origin to a node. */
export interface Link {
  readonly name: string;
  /** The origin's address, as the node sees it. */
  readonly address: string;
  /** A command, to be run at that end. */
  onOrigin(argv: readonly string[]): readonly string[];
  onNode(argv: readonly string[]): readonly string[];
}

export const loopback: Link = {
  name: 'loopback',
  address: '127.0.0.1',
  onOrigin: (argv) => argv,
  onNode: (argv) => argv,
};

export interface SlowLink {
  /** Round trip. Milliseconds. */
  readonly latencyMs: number;
  /** Mbit/s. */
  readonly rateMbit: number;
}

/** Why no slow link can be made here; undefined if one can. */
export function whyNoSlowLink(): string | undefined {
  if (findTool('cc') === undefined) return 'not installed: cc';
  if (!existsSync('/dev/net/tun')) return 'the kernel has no /dev/net/tun';
  return whyNoNamespaces();
}

/** Two network namespaces with a cable between them that delays and shapes in both directions. */
export async function slowLink({ latencyMs, rateMbit }: SlowLink): Promise<Link> {
  const dir = await tempDir();
  const program = join(dir, 'delay-link');
  const source = fileURLToPath(new URL('./delay-link.c', import.meta.url));
  await run({ argv: ['cc', '-O2', '-o', program, source], cwd: dir });
  const [origin, node] = [await makeNamespace('origin'), await makeNamespace('node')];
  const oneWayUs = Math.round(latencyMs * 500);
  const ends = [origin, 'link0', node, 'link0'];
  startServer({ argv: [program, ...ends, `${oneWayUs}`, `${rateMbit * 1_000_000}`], cwd: dir });
  await plug(origin, '10.213.0.1');
  await plug(node, '10.213.0.2');
  return {
    name: `${rateMbit} Mbit/s, ${latencyMs} ms`,
    address: '10.213.0.1',
    onOrigin: (argv) => inNamespace(origin, argv),
    onNode: (argv) => inNamespace(node, argv),
  };
}

async function plug(namespace: string, address: string): Promise<void> {
  await eventually(
    async () => {
      await ip('-n', namespace, 'addr', 'replace', `${address}/24`, 'dev', 'link0');
      return true;
    },
    { what: `the cable's end in ${namespace}` },
  );
  await ip('-n', namespace, 'link', 'set', 'link0', 'txqueuelen', '10000', 'up');
}
