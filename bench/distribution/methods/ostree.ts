import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, run, shell } from '../../support/command.js';
import type { Method, Place } from '../method.js';

const target = ({ dir }: Place): string => join(dir, 'v2');
const commitFlags = "--owner-uid=0 --owner-gid=0 --no-xattrs --timestamp='2020-01-01 00:00:00 +0000'";
/** `--url`, since an update may come over another link than the first release. */
const fetch = ({ url, dir }: Place): Command => ({
  argv: shell(`ostree --repo=repo pull --url=${url} origin v2; ostree --repo=repo checkout -H origin:v2 v2`),
  cwd: dir,
});
const newRepository = (url: string): string =>
  `ostree --repo=repo init --mode=bare; ostree --repo=repo remote add --no-gpg-verify origin ${url}`;

/** A repository with a static delta from the first release to the second, and one from nothing to the second. */
export const ostree: Method = {
  name: 'ostree',
  folder: 'ostree',
  tools: ['ostree'],
  async publish(pair, served) {
    const commit = (version: 'v1' | 'v2'): string =>
      `ostree --repo=. commit -b ${version} ${commitFlags} --tree=dir=${pair[version]}`;
    const lines = [
      ...['ostree --repo=. init --mode=archive', commit('v1'), commit('v2')],
      ...[
        'ostree --repo=. static-delta generate --from=v1 --to=v2',
        'ostree --repo=. static-delta generate --empty --to=v2',
      ],
      ...['ostree --repo=. summary -u'],
    ];
    await run({ argv: shell(lines.join('; ')), cwd: served });
  },
  async seed({ url, dir }) {
    const lines = [
      newRepository(url),
      'ostree --repo=repo pull origin v1',
      'ostree --repo=repo checkout -H origin:v1 v1',
      'mv repo repo.v1',
    ];
    await run({ argv: shell(lines.join('; ')), cwd: dir });
  },
  async reset(place) {
    await rm(target(place), { recursive: true, force: true });
    await run({ argv: shell('rm -rf repo; cp -al repo.v1 repo'), cwd: place.dir }); // its files are replaced, never changed
  },
  update: fetch,
  prepare: async ({ url, dir }) => {
    await run({ argv: shell(newRepository(url)), cwd: dir });
  },
  cold: fetch,
  target,
};
