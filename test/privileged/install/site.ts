import { cp, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Host } from '../../support/hosts/host.js';
import { builtPackages, type PackageName, packageIn, upgradedPackage } from '../../support/hosts/packages.js';
import { Rack } from '../../support/hosts/rack.js';

/** Bare hosts with addresses of their own: one that is to have the coordinator, and servers. */
export interface BareSite {
  readonly deploy: Host;
  readonly servers: readonly Host[];
}

/** @param servers what they are called */
export async function bareSite(servers: readonly string[]): Promise<BareSite> {
  const rack = await Rack.open();
  const names = ['deploy', ...servers];
  const addresses = names.map((name, index) => ({ name, address: `10.88.0.${10 + index}` }));
  const known = addresses.map(({ name, address }) => `${address} ${name} ${name}.example.com\n`).join('');
  const [deploy, ...others] = await Promise.all(
    addresses.map(async ({ name, address }) => {
      const host = await rack.host(name, { address });
      await writeFile(host.path('/etc/hosts'), `127.0.0.1 localhost\n${known}`);
      await host.start();
      return host;
    }),
  );
  if (deploy === undefined) throw new Error('there is no host');
  return { deploy, servers: others };
}

/** Puts a package into root's folder on a host, and takes away the one before. @param version if it is to have another */
export async function deliver(host: Host, name: PackageName, version?: string): Promise<void> {
  const built = await packageIn(await builtPackages(), name);
  await host.exec('sh', ['-ec', `rm -f /root/${name}_*`]);
  if (version === undefined) {
    await cp(built, host.path(`/root/${basename(built)}`));
  } else {
    await upgradedPackage(
      built,
      version,
      host.path(`/root/${basename(built).replace(/_[^_]*_/, `_${version}_`)}`),
    );
  }
}

/** Runs lines on a host as root would who types them, what was exported before included. @returns all that was printed */
export async function typed(host: Host, lines: string): Promise<string> {
  const file = '/root/.typed';
  const script = `exec 2>&1; set -e; [ ! -e ${file}.env ] || . ${file}.env
cd /root
${lines}
export -p >${file}.env
`;
  await writeFile(host.path(file), script);
  try {
    return await host.exec('sh', [file], { timeoutMs: 120_000 });
  } finally {
    await rm(host.path(file), { force: true });
  }
}

/** Every place of a host where somebody may come across a join token later. @returns what was found */
export const tokensLeft = (host: Host): Promise<string> =>
  host.exec('sh', [
    '-ec',
    'grep -rlas capstan_join_ /var /etc /run /tmp || :; journalctl --quiet --no-pager | grep -a capstan_join_ || :',
  ]);

/** Looks at the arguments of all processes of a host again and again until told to stop. */
export function watchArguments(host: Host): () => Promise<string> {
  const mark = '/run/watching';
  const script = `touch ${mark}; while [ -e ${mark} ]; do grep -las '[c]apstan_join_' /proc/[0-9]*/cmdline || :; done`;
  const watching = host.exec('sh', ['-c', script], { timeoutMs: 300_000 });
  return async () => {
    await host.exec('rm', [mark]);
    return watching;
  };
}
