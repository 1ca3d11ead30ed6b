import { byItself } from '../../../../coordinator/ports/operations.js';
import type { EnvName } from '../../../../shared/model/ids.js';
import type { AppStatus } from '../../../../shared/model/node-status.js';
import { keys, type Tables } from '../memory-store.js';
import { app, env as production, staging } from '../releases.js';
import type { Site } from '../site.js';
import { type Check, environmentIn, freshIn, headerOf } from './check.js';

/** What was committed under a generation, in a form that can be compared. */
type Given = string;

const givenOf = (given: {
  readonly intent: string;
  readonly version: string;
  readonly configRevision: string;
  readonly restart: boolean;
  readonly database?: boolean;
}): Given =>
  [given.intent, given.version, given.configRevision, given.restart, given.database === true].join(' ');

export const generations = (): Check => {
  const known = new Map<number, Map<string, Given>>();
  return {
    name: '9 a generation is given once, means one thing, and nobody hears of it before it is committed',
    committed: (_site, commit) => {
      for (const assignment of freshIn(commit)) {
        const { generation, node, rollout } = assignment;
        const nodes = known.get(generation) ?? new Map<string, Given>();
        // The groups of a blue/green pair are told where requests go in one.
        const ofGroup = headerOf(commit.after, rollout)?.slots !== undefined;
        if (nodes.has(node) || (nodes.size > 0 && !ofGroup))
          return `generation ${generation} was given twice, then to ${node}`;
        known.set(generation, nodes.set(node, givenOf(assignment)));
      }
      return undefined;
    },
    told: (site, { name }, { desired }) => {
      for (const { generation, release, activation, ...told } of desired?.assignments ?? []) {
        const { restart } = activation;
        const given = givenOf({ ...told, version: release.version, restart });
        const committed = known.get(generation)?.get(name) ?? inImage(site, name, generation);
        if (committed === undefined) return `${name} was told ${generation}, which is not committed`;
        if (committed !== given)
          return `${name} was told "${given}" as ${generation}, which is "${committed}"`;
      }
      return undefined;
    },
  };
};

/** Given before the run began. */
function inImage({ store }: Site, name: string, generation: number): Given | undefined {
  const found = [...store.tables.assignments.values()].find(
    (each) => each.generation === generation && each.node === name,
  );
  return found === undefined ? undefined : givenOf(found);
}

const verdictOf = (status: AppStatus | undefined): string =>
  status === undefined
    ? 'nothing'
    : [status.generation, status.phase, status.health, status.ready, status.current?.version].join(' ');

export const acknowledgements = (): Check => ({
  name: 'a report that a node knows to be taken is committed',
  acknowledged: (site, { name, decommissioned }, status) => {
    const record = site.store.tables.nodes.get(name);
    if (decommissioned || record === undefined) return undefined;
    const ofApp = (apps: readonly AppStatus[] | undefined): string =>
      verdictOf(apps?.find((each) => each.app === app));
    const [said, kept] = [ofApp(status.apps), ofApp(record.status?.apps)];
    return said === kept ? undefined : `${name} said "${said}" and the coordinator has "${kept}"`;
  },
});

export const onceOnly = (): Check => {
  const seen = new Set<string>();
  return {
    name: 'what an operator asks for is done once, however often it is sent',
    committed: (_site, { changes }) => {
      for (const { kind, reason, actor } of changes.events ?? []) {
        if (!kind.endsWith('.requested') || reason === '' || actor === byItself) continue;
        const key = `${kind} ${reason}`;
        if (seen.has(key)) return `${reason} was carried out twice`;
        seen.add(key);
      }
      return undefined;
    },
  };
};

/** Releases go out by themselves in the order of their publication, each once, and only while their check stands. */
export const onItsOwn = (): Check => ({
  name: 'what goes on by itself has passed, and is newer than all that was asked for',
  committed: (_site, { before, after, changes }) => {
    const reachedIn = (tables: Tables, env: EnvName): number =>
      environmentIn(tables, env)?.reached?.publishedAt ?? 0;
    for (const env of [staging, production])
      if (reachedIn(after, env) < reachedIn(before, env)) return `what was asked for in ${env} is forgotten`;
    for (const { header } of changes.rollouts ?? []) {
      if (header.requestedBy !== byItself || before.rollouts.has(header.id)) continue;
      const { version, digest } = header.to.release;
      const build = after.builds.get(keys.build({ app, digest }));
      // Staging takes all that is published.
      if (header.env === production && build?.checks.some(({ passed }) => passed) !== true)
        return `${version} has not passed`;
      const published = after.releases.get(keys.release({ app, version }))?.publishedAt ?? 0;
      if (published <= reachedIn(before, header.env))
        return `${version} is not newer than what was asked for in ${header.env}`;
    }
    return undefined;
  },
});
