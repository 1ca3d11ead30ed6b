import { open, readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import type { AgentPackages } from './agent-packages.js';
import { fillScript, type InstallFacts } from './install-script.js';

export interface InstallOptions {
  readonly packages: AgentPackages;
  /** The script, with places for what is known of this coordinator only. */
  readonly scriptFile: string;
  /** Asked when it is served: ports may not be known before. */
  readonly facts: () => InstallFacts;
}

/** Where the script is below the server's root. */
const scriptPath = '/install.sh';

/** Where servers get the script; undefined while there is no package to install. */
export async function installUrl({ packages, facts }: InstallOptions): Promise<string | undefined> {
  const newest = await packages.newest();
  return newest.length === 0 ? undefined : `${facts().origin}${scriptPath}`;
}

/**
 * What makes a server a node: a script, and the package that it installs. Reading needs no permission: nothing of it is
 * secret, and the join token is not in it.
 */
export function addInstallRoutes(server: FastifyInstance, options: InstallOptions): void {
  const { packages, scriptFile, facts } = options;

  server.get(scriptPath, async (_request, reply) => {
    const [template, newest] = await Promise.all([readFile(scriptFile, 'utf8'), packages.newest()]);
    // As text, so that whoever wants to read it in a browser can.
    return await reply
      .header('cache-control', 'no-store')
      .type('text/plain; charset=utf-8')
      .send(fillScript(template, facts(), newest));
  });

  // Asked for its head alone, it would still be read to its end.
  server.get<PackageRoute>('/packages/:file', { exposeHeadRoute: false }, async (request, reply) => {
    const file = await openFile(packages.pathOf(request.params.file));
    if (file === undefined) return await reply.status(404).send({ message: 'there is no such package' });
    return await reply
      .type('application/vnd.debian.binary-package')
      .header('content-length', file.size)
      .send(file.stream);
  });
}

interface PackageRoute {
  readonly Params: { readonly file: string };
}

/** Undefined if there is none. What is read has the size that was seen, whatever becomes of the file. */
async function openFile(path: string | undefined) {
  const handle = path === undefined ? undefined : await open(path).catch(() => undefined);
  if (handle === undefined) return undefined;
  const stats = await handle.stat();
  if (stats.isFile() && stats.size > 0) {
    const stream = handle.createReadStream({ end: stats.size - 1, highWaterMark: 256 * 1024 });
    return { size: stats.size, stream };
  }
  await handle.close();
  return undefined;
}
