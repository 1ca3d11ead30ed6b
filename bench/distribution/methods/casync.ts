import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, run } from '../../support/command.js';
import type { Method, Place } from '../method.js';

/** What a release has, and no more: times and owners would make unchanged files into changed ones. */
const features = ['--with=permissions', '--with=symlinks'];

const target = ({ dir }: Place): string => join(dir, 'v2');

function extract({ url, dir }: Place, ...further: readonly string[]): Command {
  const from = [`--store=${url}/chunks.castr`, ...further, `${url}/v2.caidx`];
  return { argv: ['casync', ...features, 'extract', ...from, 'v2'], cwd: dir };
}

/** Chunks of the tree's archive, with the first release as the seed. */
export const casync: Method = {
  name: 'casync',
  folder: 'casync',
  tools: ['casync'],
  async publish(pair, served) {
    for (const version of ['v1', 'v2'] as const) {
      const to = ['--store=chunks.castr', `${version}.caidx`, pair[version]];
      await run({ argv: ['casync', ...features, 'make', ...to], cwd: served });
    }
  },
  seed: ({ pair, dir }) => cp(pair.v1, join(dir, 'v1'), { recursive: true, verbatimSymlinks: true }),
  reset: (place) => rm(target(place), { recursive: true, force: true }),
  update: (place) => extract(place, '--seed=v1'),
  cold: (place) => extract(place),
  target,
};
