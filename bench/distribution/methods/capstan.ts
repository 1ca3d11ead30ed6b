import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleasePlace, StageJob } from '../../../agent/stager/protocol.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { stageJob } from '../../../test/support/releases.js';
import { type Command, run } from '../../support/command.js';
import type { Method, Place } from '../method.js';
import type { PublishedPair } from '../publishing.js';

/** A release's directory on a node. */
const dirOf = { v1: 'r1', v2: 'r2' } as const;
type Version = keyof typeof dirOf;

const records = ({ dir }: Place): string => join(dir, 'state/releases/web');
const releaseDir = ({ dir }: Place, version: Version): string =>
  join(dir, 'srv/web/releases', dirOf[version]);

const placeOf = (place: Place, version: Version): ReleasePlace => ({
  releaseDir: releaseDir(place, version),
  recordFile: join(records(place), `${dirOf[version]}.json`),
});

/** The stager, started as the agent starts it. */
function stage(place: Place, version: Version, release: ReleaseRef): Command {
  const job: StageJob = {
    ...stageJob(place.dir, release, [place.url]),
    ...placeOf(place, version),
    reuseFrom: version === 'v2' ? [placeOf(place, 'v1')] : [],
  };
  const program = join(packageRoot(), 'dist/capstan-stager.cjs');
  return { argv: [process.execPath, program], cwd: place.dir, input: `${JSON.stringify(job)}\n` };
}

/** What the coordinator tells a node of a release: deltas only from what the node has. */
function told({ v1, v2 }: PublishedPair, patches: boolean): ReleaseRef {
  const deltas = v2.deltas.filter(({ from }) => from === v1.digest);
  return { ...v2, deltas: patches ? deltas : deltas.map((delta) => ({ ...delta, patch: undefined })) };
}

function capstan(name: string, published: PublishedPair, patches: boolean): Method {
  const { v1, v2 } = published;
  return {
    name,
    folder: 'capstan',
    tools: [],
    seed: async (place) => {
      await run(stage(place, 'v1', v1));
    },
    async reset(place) {
      await rm(releaseDir(place, 'v2'), { recursive: true, force: true });
      for (const file of await readdir(records(place))) {
        if (file.startsWith(dirOf.v2)) await rm(join(records(place), file));
      }
    },
    update: (place) => stage(place, 'v2', told(published, patches)),
    cold: (place) => stage(place, 'v2', { ...v2, deltas: [] }),
    target: (place) => releaseDir(place, 'v2'),
  };
}

export const packsAlone = 'capstan, packs alone';
export const withPatches = 'capstan, with patches';

/** Both ways, or only the first if no patch was made. */
export function capstanMethods(published: PublishedPair): readonly Method[] {
  const patched = told(published, true).deltas.some(({ patch }) => patch !== undefined);
  const alone = capstan(packsAlone, published, false);
  return patched ? [capstan(withPatches, published, true), alone] : [alone];
}
