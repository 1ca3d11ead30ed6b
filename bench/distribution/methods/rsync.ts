import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '../../support/command.js';
import type { Method, Place } from '../method.js';

const target = ({ dir }: Place): string => join(dir, 'v2');

function fetch(place: Place, ...further: readonly string[]): Command {
  const flags = ['-az', '--stats', ...further];
  return { argv: ['rsync', ...flags, `${place.rsyncUrl}/v2/`, `${target(place)}/`], cwd: place.dir };
}

/** A pull from a daemon, without ssh, with what is unchanged linked from the first release. */
export const rsync: Method = {
  name: 'rsync -z',
  folder: 'rsync',
  tools: ['rsync'],
  seed: ({ pair, dir }) =>
    cp(pair.v1, join(dir, 'v1'), { recursive: true, preserveTimestamps: true, verbatimSymlinks: true }),
  reset: (place) => rm(target(place), { recursive: true, force: true }),
  update: (place) => fetch(place, '--link-dest=../v1'),
  cold: (place) => fetch(place),
  target,
  traffic({ stdout }) {
    const received = /^Total bytes received: ([\d,]+)$/m.exec(stdout)?.[1] ?? '';
    return { requests: Number.NaN, bytes: Number(received.replaceAll(',', '')) };
  },
};
