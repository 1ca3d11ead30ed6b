import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../../test/support/eventually.js';
import { type Command, run, shell, startServer } from '../../support/command.js';
import type { Bed } from '../bed.js';
import type { Control, Version } from '../control.js';
import { site } from '../hosts.js';
import { seeder } from '../seeds.js';
import type { Peer } from '../way.js';

/** As it comes: every host fetches from a repository, here over Git's own protocol, and moves a link. */
export const capistrano: Peer = {
  name: 'capistrano',
  tools: ['cap', 'git'],
  async make(bed, control) {
    const { origin, nodes } = bed;
    const dir = join(bed.dir, 'capistrano');
    await mkdir(join(dir, 'config/deploy'), { recursive: true });
    const url = `git://${origin.address}/web.git`;
    await writeFile(join(dir, 'Capfile'), capfile);
    await writeFile(join(dir, 'config/deploy.rb'), settings(url, control));
    await writeFile(join(dir, 'config/deploy/production.rb'), servers(nodes));
    const push = await startRepository(bed, dir, url);
    const bring = (version: Version): Command => ({
      argv: origin.on(['cap', 'production', 'deploy']),
      cwd: dir,
      env: { HOME: dir, LC_ALL: 'C.UTF-8', RELEASE: version },
    });
    return {
      name: capistrano.name,
      prepare: seeder(nodes, 'capistrano', async () => {
        await push('v1');
        await run(bring('v1'));
        await push('v2');
      }),
      update: () => bring('v2'),
      end: () => Promise.resolve(),
    };
  },
};

/** @returns what commits a release, tags it and pushes it to where the hosts fetch from */
async function startRepository(
  { pair, origin, nodes }: Bed,
  dir: string,
  url: string,
): Promise<(version: Version) => Promise<void>> {
  const served = join(dir, 'served');
  const cwd = join(dir, 'work');
  const env = { HOME: dir, GIT_CONFIG_NOSYSTEM: '1' };
  const git = `git -c user.name=bench -c user.email=bench@localhost`;
  for (const folder of [served, cwd]) await mkdir(folder);
  await run({
    ...{ cwd, env },
    argv: shell(`git init -q -b main; git init -q -b main --bare ${served}/web.git`),
  });
  startServer({
    argv: origin.on([
      ...['git', 'daemon', '--reuseaddr', '--export-all'],
      ...[`--listen=${origin.address}`, `--base-path=${served}`, served],
    ]),
    ...{ cwd: dir, env },
  });
  const [first = origin] = nodes;
  await eventually(() => run({ argv: first.on(['git', 'ls-remote', url]), cwd: dir, env }), {
    what: 'the Git daemon',
  });
  return async (version) => {
    const line = `git rm -rqf --ignore-unmatch .; cp -a ${pair[version]}/. .; git add -Af; ${git} commit -qm ${version}; git tag ${version}; git push -q --tags ${served}/web.git main`;
    await run({ argv: shell(line), cwd, env });
  };
}

const capfile = `require "capistrano/setup"
require "capistrano/deploy"
require "capistrano/scm/git"
install_plugin Capistrano::SCM::Git
`;

const settings = (url: string, { key }: Control): string => `set :application, "web"
set :repo_url, "${url}"
set :branch, ENV.fetch("RELEASE")
set :deploy_to, "${site}"
set :tmp_dir, "/srv/home"
set :ssh_options, {
  config: false, keys: ["${key}"], keys_only: true, auth_methods: ["publickey"], verify_host_key: :never
}
`;

const servers = (nodes: Bed['nodes']): string =>
  nodes.map(({ address }) => `server "${address}", user: "root", roles: %w[web]\n`).join('');
