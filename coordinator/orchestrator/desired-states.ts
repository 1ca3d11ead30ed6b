import type { Assignment, DesiredState } from '../../shared/model/desired-state.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { AppName, NodeName } from '../../shared/model/ids.js';
import { zoneLabel } from '../../shared/model/labels.js';
import type { ReleaseRef } from '../../shared/model/release.js';
import { storesForZone } from '../core/origins.js';
import type { AssignmentRecord } from '../ports/state-store.js';
import { envKey, statusOf, type World } from './world.js';

/** What a node was told to do, as committed. */
interface Published {
  readonly revision: number;
  readonly assignments: readonly AssignmentRecord[];
}

const nothing: Published = { revision: 0, assignments: [] };

/**
 * What each node is to do, as it was last committed: memory may be ahead of the database for a moment, and no node
 * may hear of what could still be lost.
 */
export class DesiredStates {
  readonly #world: World;
  readonly #stores: () => readonly string[];
  readonly #published = new Map<NodeName, Published>();

  /** @param stores base URLs of the stores that agents fetch from, best first; asked when a state is given */
  constructor(world: World, stores: () => readonly string[]) {
    this.#world = world;
    this.#stores = stores;
    for (const node of world.assignments.keys()) this.publish(node);
  }

  /** What the world says of the node is committed. */
  publish(node: NodeName): void {
    const assignments = [...(this.#world.assignments.get(node)?.values() ?? [])];
    if (assignments.length === 0) {
      this.#published.delete(node); // it may be gone for good
      return;
    }
    const revision = assignments.reduce((highest, { generation }) => Math.max(highest, generation), 0);
    this.#published.set(node, { revision, assignments });
  }

  revisionOf(node: NodeName): number {
    return (this.#published.get(node) ?? nothing).revision;
  }

  of(node: NodeName): DesiredState {
    const { revision, assignments } = this.#published.get(node) ?? nothing;
    const { epoch, restoreId } = this.#world;
    return {
      revision,
      assignments: assignments.map((record) => this.#assignment(node, record)),
      stores: this.#stores(),
      ...(epoch === 0 ? {} : { epoch }),
      ...(restoreId === '' ? {} : { restoreId }),
    };
  }

  #assignment(node: NodeName, record: AssignmentRecord): Assignment {
    const { app, env, generation, intent, version, configRevision, rollout } = record;
    const release = this.#world.releases.get(app)?.get(version);
    if (release === undefined) throw new CapstanError('internal', `release ${app}@${version} is gone`);
    const { drain, restart, minHealthyTimeMs, healthDeadlineMs } = record;
    return {
      ...{ app, env, generation, intent, configRevision, rollout },
      release: this.#withUsefulDeltas(node, app, release),
      config: this.#world.configs.get(configRevision) ?? {},
      activation: { drain, restart, minHealthyTimeMs, healthDeadlineMs },
      stores: this.#storesFor(node, record),
      fetchBytesPerSecond: record.fetchBytesPerSecond ?? 0,
      ...(record.database === true ? { database: true } : {}),
      ...(record.standby === true ? { standby: true } : {}),
    };
  }

  /** Without the deltas from releases that the node does not have: a whole fleet is told this. */
  #withUsefulDeltas(node: NodeName, app: AppName, release: ReleaseRef): ReleaseRef {
    const { deltas } = release;
    if (deltas.length === 0) return release;
    const entry = this.#world.nodes.get(node);
    const status = entry === undefined ? undefined : statusOf(entry, app);
    const useful = deltas.filter(
      ({ from }) => status?.current?.digest === from || status?.staged.includes(from) === true,
    );
    return useful.length === deltas.length ? release : { ...release, deltas: useful };
  }

  #storesFor(node: NodeName, { app, env }: AssignmentRecord): readonly string[] {
    const origins = this.#world.environments.get(envKey(app, env))?.spec.stores ?? [];
    const zone = this.#world.nodes.get(node)?.record.labels[zoneLabel];
    return storesForZone(origins, zone, this.#stores());
  }
}
