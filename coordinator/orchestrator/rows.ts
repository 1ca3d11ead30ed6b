import type { AppName, Digest, EnvName, NodeName, RolloutId } from '../../shared/model/ids.js';
import type { Lock } from '../../shared/model/lock.js';
import type { Release } from '../../shared/model/release.js';
import type { Identity } from '../core/enrolment/identities.js';
import type { JoinToken } from '../core/enrolment/tokens.js';
import type { Operator } from '../core/operators/operator.js';
import type { PoisonRecord } from '../core/poison.js';
import type { BuildRecord } from '../core/promotion/types.js';
import type { RolloutNode } from '../core/rollout/types/node.js';
import type {
  AnswerRecord,
  ApplicationRecord,
  AssignmentRecord,
  Changes,
  ConfigRecord,
  EnvironmentRecord,
  NewEvent,
  NodeRecord,
  RolloutRecord,
} from '../ports/state-store.js';

/** The rows of one table that a transaction puts or removes: of each row, what was said of it last. */
class Table<Row, Gone> {
  readonly #rows = new Map<string, { readonly row: Row } | { readonly gone: Gone }>();

  put(key: string, row: Row): void {
    this.#rows.set(key, { row });
  }

  /** @param gone what the store is to know the row by */
  remove(key: string, gone: Gone): void {
    this.#rows.set(key, { gone });
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  get there(): readonly Row[] {
    return [...this.#rows.values()].flatMap((said) => ('row' in said ? [said.row] : []));
  }

  get gone(): readonly Gone[] {
    return [...this.#rows.values()].flatMap((said) => ('gone' in said ? [said.gone] : []));
  }
}

/** What one transaction writes, gathered while the world in memory changes. */
export class Rows {
  readonly applications = new Table<ApplicationRecord, AppName>();
  readonly environments = new Table<EnvironmentRecord, { readonly app: AppName; readonly name: EnvName }>();
  readonly releases = new Table<Release, Pick<Release, 'app' | 'version'>>();
  readonly builds = new Table<BuildRecord, Pick<BuildRecord, 'app' | 'digest'>>();
  readonly rollouts = new Table<RolloutRecord, never>();
  readonly rolloutNodes = new Table<
    { readonly rollout: RolloutId; readonly node: RolloutNode },
    { readonly rollout: RolloutId; readonly node: NodeName }
  >();
  readonly assignments = new Table<AssignmentRecord, { readonly node: NodeName; readonly app: AppName }>();
  readonly configs = new Table<ConfigRecord, string>();
  readonly nodes = new Table<NodeRecord, NodeName>();
  readonly poison = new Table<PoisonRecord, Digest>();
  readonly locks = new Table<Lock, Lock>();
  readonly tokens = new Table<JoinToken, string>();
  readonly identities = new Table<Identity, NodeName>();
  readonly operators = new Table<Operator, string>();
  readonly events: NewEvent[] = [];
  readonly answers: AnswerRecord[] = [];
  /** The counters are written down though nothing else is. */
  keepsTime = false;

  /** Undefined if nothing is to be written. */
  changes(): Changes | undefined {
    const changes: Changes = {
      applications: this.applications.there,
      removedApplications: this.applications.gone,
      environments: this.environments.there,
      removedEnvironments: this.environments.gone,
      releases: this.releases.there,
      removedReleases: this.releases.gone,
      builds: this.builds.there,
      removedBuilds: this.builds.gone,
      rollouts: this.rollouts.there,
      rolloutNodes: this.rolloutNodes.there,
      removedRolloutNodes: this.rolloutNodes.gone,
      assignments: this.assignments.there,
      removedAssignments: this.assignments.gone,
      configs: this.configs.there,
      removedConfigs: this.configs.gone,
      nodes: this.nodes.there,
      removedNodes: this.nodes.gone,
      poison: this.poison.there,
      removedPoison: this.poison.gone,
      locks: this.locks.there,
      removedLocks: this.locks.gone,
      tokens: this.tokens.there,
      removedTokens: this.tokens.gone,
      identities: this.identities.there,
      removedIdentities: this.identities.gone,
      operators: this.operators.there,
      removedOperators: this.operators.gone,
      events: this.events,
      answers: this.answers,
    };
    const some = Object.values(changes).some((rows: readonly unknown[]) => rows.length > 0);
    return some || this.keepsTime ? changes : undefined;
  }
}
