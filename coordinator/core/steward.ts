import type { Strategy } from '../../shared/model/application.js';
import type { NodeName } from '../../shared/model/ids.js';
import { type FetchRoom, shareOf } from './fetch-shares.js';
import { atMost } from './rollout/amounts.js';
import { turnSentence } from './rollout/explain/sentences.js';
import { isFor, runs } from './rollout/planning/new-node.js';
import type { PlanNode, Target } from './rollout/types/plan.js';

/** What holds for all nodes of an environment outside a rollout. */
export interface StewardRules {
  readonly strategy: Pick<Strategy, 'maxUnavailable'>;
  readonly join: 'stable' | 'target' | 'hold';
  /** The environment's last proven target. */
  readonly proven: Target;
  /**
   * True if the environment's last rollout ended as succeeded or rolledBack: then nodes that missed it are caught
   * up. False after an abort or a failure: mixed versions stay until the next deploy, only nodes that never had a
   * release are given one.
   */
  readonly settled: boolean;
  /** Why nothing may be changed in the environment now, a sentence: then only nodes that never had a release are given one. */
  readonly closed?: string | undefined;
}

/** How a node stands to the proven release of its environment. */
export interface Standing {
  /** It belongs to those that take the requests: of a blue/green pair, to that group. */
  readonly leads: boolean;
  /** It counts for how many may be out of service … */
  readonly capacity: boolean;
  /** … and is in service. */
  readonly available: boolean;
  /** It is to be given the proven release, and has it on disk or would have to fetch it. */
  readonly due: 'onDisk' | 'fetch' | undefined;
  /** Why it holds what it has though it is not the proven release, a sentence. */
  readonly obstacle: string | undefined;
}

/** A node that is not the steward's to look after; `why`: if it holds what it has for that. */
export const apart = (leads: boolean, why: string | undefined): Standing => ({
  ...{ leads, capacity: false, available: false, due: undefined },
  obstacle: why,
});

/** Of a node that takes requests. */
export function standingOf(rules: StewardRules, node: PlanNode): Standing {
  const obstacle = obstacleOf(rules, node);
  const onDisk = node.staged.includes(rules.proven.release.digest);
  return {
    leads: true,
    capacity: isCapacity(node),
    available: isAvailable(node),
    due: obstacle !== '' ? undefined : onDisk ? 'onDisk' : 'fetch',
    obstacle: obstacle === '' ? undefined : obstacle,
  };
}

/** A node that is given the proven release. */
export interface Grant {
  readonly node: NodeName;
  /** Its share of the fleet's bandwidth, bytes a second; 0: no limit. */
  readonly share: number;
}

export interface Held {
  readonly why: string;
  /** True if it is given the proven release without anybody's doing. */
  readonly goesOn: boolean;
  /** Up-time since when it has held without a break. */
  readonly since: number;
}

/**
 * The nodes of an environment outside a rollout: how many are in service, who waits to be given the proven release, and who
 * holds what it has and why. To put a node, or to give to those who may have it, costs the same however many there are.
 */
export class Roster {
  #rules: StewardRules;
  readonly #standings = new Map<NodeName, Standing>();
  /** Of those that hold what they have, or wait: up-time. */
  #since = new Map<NodeName, number>();
  #leading = 0;
  #capacity = 0;
  #unavailable = 0;
  /** In the order in which they came to wait. Those out of service are not kept waiting for the floor. */
  readonly #free = { onDisk: new Set<NodeName>(), fetch: new Set<NodeName>() };
  readonly #serving = { onDisk: new Set<NodeName>(), fetch: new Set<NodeName>() };

  constructor(rules: StewardRules) {
    this.#rules = rules;
  }

  get rules(): StewardRules {
    return this.#rules;
  }

  /** True if nobody is left of those that take the requests. */
  get isHeadless(): boolean {
    return this.#leading === 0;
  }

  /** Looks at all nodes anew, by these rules. Those that still hold have done so since they began. */
  fill(rules: StewardRules, nodes: Iterable<readonly [NodeName, Standing]>, up: number): void {
    const before = this.#since;
    this.#rules = rules;
    this.#standings.clear();
    this.#since = new Map();
    this.#leading = 0;
    this.#capacity = 0;
    this.#unavailable = 0;
    for (const { onDisk, fetch } of [this.#free, this.#serving]) {
      onDisk.clear();
      fetch.clear();
    }
    for (const [name, standing] of nodes) this.put(name, standing, before.get(name) ?? up);
  }

  /** @param standing undefined: the node does not belong to the environment any more */
  put(name: NodeName, standing: Standing | undefined, up: number): void {
    const before = this.#standings.get(name);
    if (before !== undefined) this.#count(before, -1);
    if (standing === undefined) this.#standings.delete(name);
    else {
      this.#standings.set(name, standing);
      this.#count(standing, 1);
    }
    const [left, queue] = [this.#queueOf(before), this.#queueOf(standing)];
    if (left !== queue) left?.delete(name);
    queue?.add(name);
    if (queue === undefined && standing?.obstacle === undefined) this.#since.delete(name);
    else if (!this.#since.has(name)) this.#since.set(name, up);
  }

  #count({ leads, capacity, available }: Standing, by: number): void {
    if (leads) this.#leading += by;
    if (!capacity) return;
    this.#capacity += by;
    if (!available) this.#unavailable += by;
  }

  #queueOf(standing: Standing | undefined): Set<NodeName> | undefined {
    if (standing?.due === undefined) return undefined;
    const { capacity, available, due } = standing;
    return (capacity && available ? this.#serving : this.#free)[due];
  }

  get #limit(): number {
    return atMost(this.#rules.strategy.maxUnavailable, this.#capacity);
  }

  /**
   * Who is to be given the proven release now: the same floor holds as in a rollout, and who is out of service goes first.
   * They wait until they are put as those who were given it.
   */
  grants(room: FetchRoom): { readonly grants: readonly Grant[]; readonly awaitsTurn: boolean } {
    const grants: Grant[] = [...this.#free.onDisk].map((node) => ({ node, share: 0 }));
    let places = Math.max(0, this.#limit - this.#unavailable);
    const serving = firstOf(this.#serving.onDisk, places).map((node) => ({ node, share: 0 }));
    places -= serving.length;
    let { left } = room;
    let waiting = this.#free.fetch.size + Math.min(places, this.#serving.fetch.size);
    let awaitsTurn = false;
    const share = (queue: Set<NodeName>, most: number): void => {
      let given = 0;
      for (const node of queue) {
        if (given >= most) return;
        const part = shareOf({ ...room, left }, waiting);
        if (part === undefined) {
          awaitsTurn = true;
          return;
        }
        given += 1;
        waiting -= 1;
        left -= part;
        grants.push({ node, share: part });
      }
    };
    share(this.#free.fetch, this.#free.fetch.size);
    grants.push(...serving);
    share(this.#serving.fetch, places);
    return { grants, awaitsTurn };
  }

  heldOf(node: NodeName): Held | undefined {
    const since = this.#since.get(node);
    const standing = this.#standings.get(node);
    if (since === undefined || standing === undefined) return undefined;
    const { obstacle } = standing;
    return { why: obstacle ?? this.#waitSentence(standing), goesOn: obstacle === undefined, since };
  }

  /** Those that hold what they have though it is not the proven release. */
  held(): readonly (Held & { readonly node: NodeName })[] {
    return [...this.#since.keys()].flatMap((node) => {
      const held = this.heldOf(node);
      return held === undefined ? [] : [{ node, ...held }];
    });
  }

  #waitSentence({ capacity, available }: Standing): string {
    const limit = this.#limit;
    if (!capacity || !available || this.#unavailable < limit) return turnSentence;
    return `${this.#unavailable} nodes are out of service and ${limit} may be`;
  }
}

function firstOf(queue: Set<NodeName>, most: number): readonly NodeName[] {
  const first: NodeName[] = [];
  for (const node of queue) {
    if (first.length >= most) break;
    first.push(node);
  }
  return first;
}

/** '' if the node is to be given the proven release; undefined if it has it, or will; else why it is not given it. */
function obstacleOf({ proven, join, settled, closed }: StewardRules, node: PlanNode): string | undefined {
  if (runs(node, proven)) return undefined;
  const { assigned } = node;
  // One that was in an idle group has to be told to take requests.
  const isGiven = assigned?.intent === 'activate' && node.standby !== true && isFor(assigned, proven);
  const given = isGiven ? assigned : undefined;
  const { version } = proven.release;
  if (given?.state === 'open') return undefined;
  if (given?.state === 'failed') return `${version} failed here; a retry needs a new deploy`;
  if (given?.state === 'done') return undefined;
  if (node.liveness !== 'connected') return 'it is not connected';
  if (!node.deployed) return join === 'hold' ? 'its environment lets new nodes hold' : '';
  if (closed !== undefined) return closed;
  if (settled) return '';
  return serves(node, proven) ? undefined : 'the last rollout was not completed; the next deploy decides';
}

/** Whatever it was told meanwhile, and failed at: it is where it was. */
const serves = (node: PlanNode, { release, configRevision }: Target): boolean =>
  isAvailable(node) &&
  node.standby !== true &&
  node.current?.digest === release.digest &&
  node.currentConfigRevision === configRevision;

const isCapacity = (node: PlanNode): boolean =>
  node.liveness !== 'lost' && (node.deployed || isUnderWay(node));

const isUnderWay = ({ assigned }: PlanNode): boolean =>
  assigned?.intent === 'activate' && assigned.state === 'open';

const isAvailable = (node: PlanNode): boolean =>
  node.serving && node.liveness === 'connected' && !isUnderWay(node);
