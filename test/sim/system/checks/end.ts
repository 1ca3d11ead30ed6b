import { environmentFor } from '../environments.js';
import { keys } from '../memory-store.js';
import type { SimNode } from '../node.js';
import { app, env, numberOf } from '../releases.js';
import type { Site } from '../site.js';
import { activeIn, environmentIn } from './check.js';

/** What must hold when all is well again and nobody has done anything for a while; each says what is wrong, if it is. */
export const endings: readonly {
  readonly name: string;
  readonly wrong: (site: Site) => string | undefined;
}[] = [
  {
    name: 'every rollout ends',
    wrong: ({ store }) => {
      const [header] = activeIn(store.tables);
      return header === undefined
        ? undefined
        : `${header.id} is ${header.status} for ever (${header.reason})`;
    },
  },
  { name: 'every node is connected, and is known as it is', wrong: (site) => first(site, unknownAs) },
  { name: 'no assignment is left open', wrong: (site) => first(site, leftOpen) },
  { name: 'what serves is what is live', wrong: (site) => first(site, notServing) },
  { name: 'every node runs what is proven, or it is said why not', wrong: (site) => first(site, notProven) },
  { name: 'one group of a blue/green pair takes the requests', wrong: notOneGroup },
];

const first = (site: Site, wrong: (site: Site, node: SimNode) => string | undefined): string | undefined => {
  for (const node of site.nodes) {
    const found = node.decommissioned ? undefined : wrong(site, node);
    if (found !== undefined) return `${node.name} ${found}`;
  }
  return undefined;
};

function unknownAs({ store }: Site, node: SimNode): string | undefined {
  if (!node.connected) return 'is not connected';
  const own = node.status()?.apps.find((each) => each.app === app);
  const known = store.tables.nodes.get(node.name)?.status?.apps.find((each) => each.app === app);
  const text = (status: typeof own): string =>
    [status?.generation, status?.phase, status?.current?.version, status?.ready].join(' ');
  return text(own) === text(known) ? undefined : `is "${text(own)}" and known as "${text(known)}"`;
}

/** A transfer that hangs for good is left alone, as long as nobody waits for it. */
function hangs({ host }: SimNode): boolean {
  const work = host.disk.journal()?.work;
  const fetches = work?.plan[work.at]?.action === 'stage';
  return fetches && host.faultOf(work.assignment.release.digest) === 'hangs';
}

function leftOpen({ store }: Site, node: SimNode): string | undefined {
  const given = store.tables.assignments.get(keys.assignment({ node: node.name, app }));
  const phase = node.host.disk.journal()?.work?.plan[0]?.action;
  if (given !== undefined && phase === 'stage' && node.host.faultOf(given.digest) === 'hangs')
    return undefined;
  return given?.state === 'open'
    ? `has not ended ${given.generation} (${given.intent} ${given.version})`
    : undefined;
}

function notServing(_site: Site, { host }: SimNode): string | undefined {
  const { current } = host.disk.links;
  const live = host.disk.directories.find(({ dir }) => dir === current);
  if (current !== undefined && live === undefined) return `has ${current} live, which is not there`;
  const fault = live === undefined ? undefined : host.faultOf(live.release.digest);
  if (fault === 'start' || host.disk.journal()?.settled?.phase === 'inconsistent') return undefined;
  const wanted = live === undefined || live.spec.service.kind === 'none' ? undefined : live.dir;
  return host.service?.dir === wanted
    ? undefined
    : `runs ${host.service?.dir ?? 'nothing'}, and ${current ?? 'nothing'} is live`;
}

function notProven({ store, coordinator }: Site, node: SimNode): string | undefined {
  const { name, host, labels } = node;
  if (hangs(node)) return undefined;
  const environment = environmentIn(store.tables, environmentFor(name));
  // The other group of a blue/green pair keeps what it has.
  if (environment?.activeSlot !== undefined && labels['slot'] !== environment.activeSlot) return undefined;
  const [proven] = environment?.proven ?? [];
  if (proven === undefined) return undefined;
  const live = host.disk.directories.find(({ dir }) => dir === host.disk.links.current);
  if (live?.release.digest === proven.release.digest) return undefined;
  const seen = coordinator.service?.orchestrator.inventory.node(name).apps.find((each) => each.app === app);
  if ((seen?.reason ?? '') !== '') return undefined;
  const runs = live === undefined ? 'nothing' : String(numberOf(live.release.digest));
  return `runs ${runs} though ${proven.release.version} is proven, and nobody says why`;
}

/** Once there was a switch, and where it has not been given up since. */
function notOneGroup({ store, nodes }: Site): string | undefined {
  const environment = environmentIn(store.tables);
  if (environment?.activeSlot === undefined || environment.spec.strategy.type !== 'parallel')
    return undefined;
  const taking = nodes.filter((node) => {
    const status = node.status()?.apps.find((each) => each.app === app);
    return !node.decommissioned && environmentFor(node.name) === env && status?.ready === true;
  });
  const groups = [...new Set(taking.map(({ labels }) => labels['slot']))];
  return groups.every((group) => group === environment.activeSlot)
    ? undefined
    : `${groups.join(' and ')} take requests, ${environment.activeSlot} is active`;
}
