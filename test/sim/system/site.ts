import type { AppRecord } from '../../../agent/core/record.js';
import type { EnvironmentSpec, Strategy } from '../../../shared/model/application.js';
import type { NodeName } from '../../../shared/model/ids.js';
import type { PollAnswer } from '../../../shared/model/messages.js';
import type { NodeStatus } from '../../../shared/model/node-status.js';
import { type CoordinatorService, SimCoordinator } from './coordinator.js';
import { Dice } from './dice.js';
import { environmentsOf, type Role } from './environments.js';
import { Host } from './host.js';
import { type Commit, MemoryStore, noTables, type Tables } from './memory-store.js';
import { Network } from './network.js';
import { SimNode } from './node.js';
import { Operators } from './operators.js';
import { Process } from './process.js';
import type { Pipeline, ReleaseTraits } from './releases.js';
import { Time } from './time.js';

export interface SiteOptions {
  /** The seed of all chance. */
  readonly noise: number;
  readonly nodes: number;
  readonly zones: number;
  readonly join: EnvironmentSpec['join'];
  readonly bandwidth: number;
  readonly strategies: readonly Strategy[];
  /** From the first on. */
  readonly releases: readonly ReleaseTraits[];
  /** The environment goes on by itself to newer releases whose check passed. */
  readonly byItself?: boolean;
  /** For how long of each minute each strategy lets nodes be changed, in milliseconds; undefined: all of it. */
  readonly windows?: readonly (number | undefined)[] | undefined;
  /** There is a staging environment, and a gate before the other one. */
  readonly pipeline?: Pipeline | undefined;
  /** On so many nodes content has to fail to be refused; absent: it never is. */
  readonly poisonAfter?: number | undefined;
}

/** Told of everything that happens and can be judged; each answers with what is wrong, if something is. */
export interface Watch {
  readonly committed: (site: Site, commit: Commit) => string | undefined;
  /** A poll was answered: what the node is told is on its way. */
  readonly told: (site: Site, node: SimNode, answer: PollAnswer) => string | undefined;
  /** A node knows that its report was taken. */
  readonly acknowledged: (site: Site, node: SimNode, status: NodeStatus) => string | undefined;
  readonly journalled: (site: Site, node: SimNode, record: AppRecord) => string | undefined;
  readonly started: (site: Site, node: SimNode, dir: string) => string | undefined;
  readonly databaseBegun: (site: Site, node: SimNode, release: number) => string | undefined;
}

/** What a site was like once: what runs on its nodes, and what its coordinator has in its database. */
export interface Image {
  readonly tables: Tables;
  readonly nodes: readonly { readonly disk: string; readonly dir: string; readonly digest: string }[];
}

/** A coordinator, its nodes, its operators and the network between them: real programs in a world that is made up. */
export class Site {
  readonly time = new Time();
  readonly network: Network<CoordinatorService>;
  readonly store: MemoryStore;
  readonly coordinator: SimCoordinator;
  readonly operators: Operators;
  readonly releases: readonly ReleaseTraits[];
  readonly nodes: SimNode[] = [];
  /** What happened, if somebody wants to know. */
  readonly trace: string[] | undefined;
  /** The first thing that was wrong. */
  violation: string | undefined;
  /** Happens when requests begin to be switched between two groups. */
  atSwitch: (() => void) | undefined;
  readonly byItself: boolean;
  readonly pipeline: Pipeline | undefined;
  readonly windows: readonly (number | undefined)[];
  readonly #options: SiteOptions;
  readonly #watch: Watch;
  readonly #dice: (whose: string) => Dice;

  constructor(options: SiteOptions, watch: Watch, image: Image | undefined, traced: boolean) {
    this.#options = options;
    this.#watch = watch;
    this.releases = options.releases;
    this.byItself = options.byItself === true;
    this.pipeline = options.pipeline;
    this.windows = options.windows ?? [];
    this.trace = traced ? [] : undefined;
    const known = new Map<string, Dice>();
    this.#dice = (whose) => {
      let dice = known.get(whose);
      if (dice === undefined) {
        dice = new Dice(options.noise, whose);
        known.set(whose, dice);
      }
      return dice;
    };
    const { time } = this;
    const trace = (line: string): void => {
      this.say(line);
    };
    const fault = (what: string): void => {
      this.judge(what);
    };
    this.network = new Network(time, (from) => this.#dice(`line ${from}`));
    this.store = new MemoryStore(image?.tables ?? noTables, (commit) => {
      for (const { kind, message } of commit.changes.events ?? []) this.say(`event ${kind}: ${message}`);
      this.judge(this.#watch.committed(this, commit));
      this.operators.see(commit);
      if (commit.changes.events?.some(({ kind }) => kind === 'switch.started') === true) this.atSwitch?.();
    });
    const { network, store } = this;
    const dice = this.#dice('coordinator');
    const { bandwidth, releases, poisonAfter = 0 } = options;
    this.coordinator = new SimCoordinator({
      ...{ time, dice, store, network, bandwidth, poisonAfter, trace, fault },
    });
    this.operators = new Operators({
      process: new Process(time, this.#dice('operators'), 0, () => undefined),
      environments: environmentsOf(options),
      ...{ network, store, releases, trace, fault },
    });
    for (let at = 0; at < options.nodes; at++) {
      const { host } = this.#addNode('web');
      const had = image?.nodes[at];
      if (had === undefined) continue;
      host.disk.bring(had.disk);
      host.start(had.dir, had.digest);
    }
    if (options.pipeline !== undefined) this.#addNode('test');
  }

  say(line: string): void {
    this.trace?.push(`${(this.time.now / 1000).toFixed(3)} ${line}`);
  }

  judge(wrong: string | undefined): void {
    if (wrong === undefined || this.violation !== undefined) return;
    this.violation = wrong;
    this.say(`WRONG ${wrong}`);
  }

  start(): void {
    this.coordinator.start();
    for (const node of this.nodes) this.time.after(this.#dice('boot').below(500), () => node.start());
  }

  /** Lets time pass; ends early when something is wrong. */
  async pass(ms: number): Promise<void> {
    const until = this.time.now + ms;
    while (this.violation === undefined && (await this.time.advance(until)));
  }

  pick(at: number): SimNode | undefined {
    return this.nodes[at % this.nodes.length];
  }

  nodeNamed(name: NodeName): SimNode | undefined {
    return this.nodes.find((node) => node.name === name);
  }

  join(): void {
    if (this.nodes.length < 9) this.#addNode('web').start();
  }

  part(from: NodeName, way: 'there' | 'back' | 'both', ms: number): void {
    this.say(`${from} is parted from the coordinator: ${way}`);
    this.network.part(from, way);
    this.time.after(ms, () => {
      this.network.join(from);
    });
  }

  /** A process hears of nothing for a while, and then of all of it. */
  stop(process: Process | undefined, ms: number): void {
    process?.stop();
    this.time.after(ms, () => process?.goOn());
  }

  image(): Image {
    const nodes = this.nodes.map(({ host }) => {
      const { dir, digest } = host.service ?? { dir: '', digest: '' };
      return { disk: host.disk.image(), dir, digest };
    });
    return { tables: { ...this.store.tables, answers: new Map() }, nodes };
  }

  close(): void {
    this.time.close();
  }

  #addNode(role: Role): SimNode {
    const at = this.nodes.length;
    const name = `${role === 'web' ? 'n' : 't'}${at}` as NodeName;
    const { time, network } = this;
    const watch = this.#watch;
    const host = new Host(name, at, this.releases, {
      started: (_name, dir) => {
        this.say(`${name} runs ${dir}`);
        this.judge(watch.started(this, node, dir));
      },
      databaseBegun: (_name, release) => {
        this.say(`${name} begins the database step of ${release}`);
        this.judge(watch.databaseBegun(this, node, release));
      },
      databaseEnded: (_name, release) => {
        this.say(`${name} ends the database step of ${release}`);
      },
      journalled: (_name, record) => {
        this.say(`${name} writes ${lineOf(record)}`);
        this.judge(watch.journalled(this, node, record));
      },
    });
    const node: SimNode = new SimNode({
      ...{ host, time, network },
      labels: { role, zone: `z${at % this.#options.zones}`, slot: at % 2 === 0 ? 'blue' : 'green' },
      dice: this.#dice(name),
      trace: (line) => {
        this.say(line);
      },
      fault: (what) => {
        this.judge(what);
      },
      told: (_node, answer) => {
        if (answer.desired !== undefined) this.say(`${name} is told ${answer.desired.revision}`);
        this.judge(watch.told(this, node, answer));
      },
      acknowledged: (_node, status) => {
        this.judge(watch.acknowledged(this, node, status));
      },
    });
    this.nodes.push(node);
    return node;
  }
}

function lineOf({ work, settled }: AppRecord): string {
  if (work === undefined) return `${settled?.generation ?? 0} ${settled?.phase ?? ''}`;
  const step = work.plan[work.at]?.action ?? 'end';
  return `${work.assignment.generation} ${work.direction} ${work.begun ? 'begins' : 'before'} ${step}`;
}
