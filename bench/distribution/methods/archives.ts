import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run, shell } from '../../support/command.js';
import type { Method, Place } from '../method.js';

/** The same tree gives the same archive, so that tools that look for what is unchanged in one find it. */
export const tarFlags = '--sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner';

const target = ({ dir }: Place): string => join(dir, 'v2');

/** The whole release as a compressed archive, unpacked as it comes. */
function archive(compressor: string, extension: string, unpack: string): Method {
  const fetch = (place: Place) => ({
    argv: shell(`mkdir v2; curl -sSf ${place.url}/v2.tar.${extension} | tar -x ${unpack} -C v2`),
    cwd: place.dir,
  });
  return {
    name: `tar.${extension}`,
    folder: 'archives',
    tools: ['curl', 'tar', compressor.split(' ')[0] ?? ''],
    async publish(pair, served) {
      const line = `tar -C ${pair.v2} ${tarFlags} -c . | ${compressor} > v2.tar.${extension}`;
      await run({ argv: shell(line), cwd: served });
    },
    seed: () => Promise.resolve(), // what was there before is of no use
    reset: (place) => rm(target(place), { recursive: true, force: true }),
    update: fetch,
    cold: fetch,
    target,
  };
}

export const tarGz = archive('gzip -6', 'gz', '-z');
export const tarZst = archive('zstd -3 -q', 'zst', '--zstd');
