import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { compareVersions } from './compare-versions.js';

/** A package of the agent that servers may install. */
export interface AgentPackage {
  readonly file: string;
  readonly version: string;
  /** As Debian calls it. */
  readonly architecture: string;
  /** SHA-256, hexadecimal. */
  readonly digest: string;
}

type Named = Omit<AgentPackage, 'digest'>;

interface Summed {
  /** Changes when the file does. */
  readonly look: string;
  readonly digest: Promise<string>;
}

/** The folder of the agent's packages: whoever runs the coordinator puts them there, and takes them away. */
export class AgentPackages {
  readonly #dir: string;
  /** Of what was newest when somebody last looked. */
  readonly #sums = new Map<string, Summed>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The newest for each architecture. */
  async newest(): Promise<readonly AgentPackage[]> {
    const found = await this.#named();
    for (const file of this.#sums.keys()) {
      if (!found.some((each) => each.file === file)) this.#sums.delete(file);
    }
    const summed = await Promise.all(
      found.map(async (each) => {
        const digest = await this.#digestOf(each.file).catch(gone);
        return digest === undefined ? [] : [{ ...each, digest }];
      }),
    );
    return summed.flat();
  }

  /** Where a file lies that has such a name; undefined for any other. It may not be there. */
  pathOf(file: string): string | undefined {
    return named(file) === undefined ? undefined : join(this.#dir, file);
  }

  async #named(): Promise<readonly Named[]> {
    const entries = (await readdir(this.#dir, { withFileTypes: true }).catch(gone)) ?? [];
    const newest = new Map<string, Named>();
    for (const entry of entries) {
      const found = entry.isFile() || entry.isSymbolicLink() ? named(entry.name) : undefined;
      if (found === undefined) continue;
      const best = newest.get(found.architecture);
      if (best === undefined || compareVersions(found.version, best.version) > 0)
        newest.set(found.architecture, found);
    }
    return [...newest.values()];
  }

  /** Read once, however many ask, until the file changes. */
  async #digestOf(file: string): Promise<string> {
    const path = join(this.#dir, file);
    const { size, mtimeMs, ino } = await stat(path);
    const look = `${ino} ${size} ${mtimeMs}`;
    const known = this.#sums.get(file);
    if (known?.look === look) return known.digest;
    const digest = sumOf(path);
    this.#sums.set(file, { look, digest });
    digest.catch(() => this.#sums.delete(file));
    return digest;
  }
}

/** What is not there is no package; what cannot be read is somebody's mistake. */
function gone(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

function named(file: string): Named | undefined {
  const [, version, architecture] =
    /^capstan-agent_(\d[A-Za-z0-9.+~-]{0,99})_([a-z0-9]{1,20})\.deb$/.exec(file) ?? [];
  return version === undefined || architecture === undefined ? undefined : { file, version, architecture };
}

async function sumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), hash);
  return hash.digest('hex');
}
