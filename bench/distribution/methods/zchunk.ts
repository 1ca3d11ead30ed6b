import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, run, shell } from '../../support/command.js';
import type { Method, Place } from '../method.js';
import { tarFlags } from './archives.js';

const target = ({ dir }: Place): string => join(dir, 'v2');

function fetch({ url, dir }: Place, source: string): Command {
  const line = `mkdir v2; zckdl -q ${source} ${url}/v2.tar.zck; unzck -c v2.tar.zck | tar -x -C v2`;
  return { argv: shell(line), cwd: dir };
}

/** A chunked archive; the node has kept that of the first release. */
export const zchunk: Method = {
  name: 'zchunk',
  folder: 'zchunk',
  tools: ['zck', 'zckdl', 'unzck', 'curl', 'tar'],
  async publish(pair, served) {
    for (const version of ['v1', 'v2'] as const) {
      const name = `${version}.tar`;
      const line = `tar -C ${pair[version]} ${tarFlags} -cf ${name} .; zck -o ${name}.zck ${name}; rm ${name}`;
      await run({ argv: shell(line), cwd: served });
    }
  },
  seed: async ({ url, dir }) => {
    await run({ argv: ['curl', '-sSfO', `${url}/v1.tar.zck`], cwd: dir });
  },
  async reset(place) {
    await rm(target(place), { recursive: true, force: true });
    await rm(join(place.dir, 'v2.tar.zck'), { force: true });
  },
  update: (place) => fetch(place, '-s v1.tar.zck'),
  cold: (place) => fetch(place, ''),
  target,
};
