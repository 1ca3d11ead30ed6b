import { expect } from 'chai';
import fc from 'fast-check';
import { valuesOf } from '../../../coordinator/core/collections/hash-map.js';
import { loadRollout } from '../../../coordinator/core/rollout/load.js';
import { activeSlot, isSwitching, type SlotName } from '../../../coordinator/core/rollout/parallel/slots.js';
import type { OperatorAction } from '../../../coordinator/core/rollout/types/events.js';
import type { RolloutNode } from '../../../coordinator/core/rollout/types/node.js';
import type { RolloutHeader } from '../../../coordinator/core/rollout/types/rollout.js';
import type { AppStatus } from '../../../shared/model/node-status.js';
import { terminalRolloutStatuses } from '../../../shared/model/rollout.js';
import { app, releaseId } from '../../sim/fixtures.js';
import { Drive, planNode, v1, v2 } from '../../unit/engine/harness.js';

/** A node that does at once what it was told, as soon as it hears of it. */
interface Agent {
  readonly name: string;
  generation: number;
  runs: typeof v1;
  standby: boolean;
  well: boolean;
  here: boolean;
  /** What it was told last and has not heard. */
  inbox: { readonly generation: number; readonly runs?: typeof v1; readonly standby: boolean } | undefined;
  fails: boolean;
  failed: boolean;
}

const operations = [
  'switch',
  'switchBack',
  'release',
  'pause',
  'resume',
  'abort',
  'supersede',
  'retry',
] as const;

type Event =
  | { readonly kind: 'hear' | 'sicken' | 'heal' | 'lose' | 'silence' | 'back'; readonly at: number }
  | { readonly kind: 'tick'; readonly ms: number }
  | { readonly kind: 'crash' }
  | { readonly kind: 'operator'; readonly action: OperatorAction };

const at = fc.nat({ max: 5 });
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('hear' as const), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('sicken', 'lose', 'silence'), at }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('heal', 'back'), at }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('tick' as const), ms: fc.constantFrom(1_000, 5_000, 60_000) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'crash' } as const) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('operator' as const), action: fc.constantFrom(...operations) }),
  },
);

const scenario = fc.record({
  events: fc.array(event, { maxLength: 60, size: 'max' }),
  auto: fc.boolean(),
  timed: fc.boolean(),
  onFailure: fc.constantFrom('rollback' as const, 'pause' as const),
  fails: fc.array(
    fc.nat({ max: 5 }).map((luck) => luck === 0),
    { minLength: 3, maxLength: 3 },
  ),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never;

class World {
  readonly agents: readonly Agent[];
  readonly drive: Drive;
  /** What each node was told in each generation: no node gets two answers for one. */
  readonly told = new Map<string, string>();
  active: SlotName = 'old';

  constructor({ auto, timed, onFailure, fails }: Scenario) {
    const names = ['b1', 'b2', 'b3', 'g1', 'g2', 'g3'];
    this.agents = names.map((name, index) => ({
      ...{ name, generation: 0, runs: v1, well: true, here: true, inbox: undefined, failed: false },
      standby: name.startsWith('g'),
      fails: fails[index - 3] === true && name.startsWith('g'),
    }));
    const nodes = names.map((name) =>
      planNode(name, {
        labels: { slot: name.slice(0, 1) },
        ...(name.startsWith('g') ? { standby: true } : {}),
      }),
    );
    const parallel = {
      label: 'slot',
      switch: auto ? 'auto' : 'manual',
      overlapMs: 5_000,
      releaseAfterMs: timed ? 120_000 : undefined,
    } as const;
    this.drive = new Drive(
      nodes,
      {
        type: 'parallel',
        parallel,
        onFailure,
        budget: { failed: { kind: 'count', count: 1 }, lost: { kind: 'count', count: 3 } },
      },
      { slots: { label: 'slot', fresh: 'g', old: 'b' }, nodes },
    );
    this.deliver();
  }

  get header(): RolloutHeader {
    return this.drive.state.header;
  }

  get isOver(): boolean {
    return terminalRolloutStatuses.has(this.header.status);
  }

  agent(name: string): Agent {
    const found = this.agents.find((agent) => agent.name === name);
    if (found === undefined) throw new Error(`no agent ${name}`);
    return found;
  }

  /** Hands the effects to the agents' inboxes, and judges them. */
  deliver(): void {
    const { log } = this.drive;
    this.drive.log = [];
    for (const effect of log) {
      if (effect.kind === 'switched') this.active = effect.slot === 'g' ? 'fresh' : 'old';
      if (effect.kind !== 'assign' && effect.kind !== 'traffic') continue;
      const agent = this.agent(effect.node);
      const { generation, standby } = effect;
      const runs = effect.kind === 'assign' ? (effect.target === 'to' ? v2 : v1) : undefined;
      const answer = `${effect.kind} ${String(standby)} ${runs?.release.version ?? ''}`;
      const key = `${effect.node} ${generation}`;
      expect(this.told.get(key) ?? answer, 'one answer for one generation').to.equal(answer);
      this.told.set(key, answer);
      if (effect.kind === 'assign') expect(effect.node, 'the old group is never changed').to.match(/^g/);
      if (effect.kind === 'traffic' && !standby && agent.name.startsWith('g'))
        expect(agent.runs, 'only the release itself is let in').to.equal(v2);
      agent.inbox = { generation, standby, ...(runs === undefined ? {} : { runs }) };
    }
    expect(this.inLoad('told').length, 'some group was told to take requests').to.be.greaterThan(0);
  }

  /** The groups that take requests: by what was told last, or by what the agents do. */
  inLoad(by: 'told' | 'done'): readonly SlotName[] {
    const is = ({ inbox, standby }: Agent): boolean =>
      !(by === 'told' ? (inbox?.standby ?? standby) : standby);
    const groups = this.agents.filter(is).map(({ name }) => (name.startsWith('g') ? 'fresh' : 'old'));
    return [...new Set(groups)];
  }

  hear(agent: Agent): void {
    const { inbox } = agent;
    if (inbox !== undefined && agent.here) {
      agent.inbox = undefined;
      agent.generation = inbox.generation;
      agent.failed = inbox.runs === v2 && agent.runs !== v2 && agent.fails;
      if (!agent.failed) {
        agent.runs = inbox.runs ?? agent.runs;
        agent.standby = inbox.standby;
      }
    }
    if (agent.here) this.report(agent);
  }

  report({ name, generation, runs, standby, well, failed }: Agent): void {
    const status: AppStatus = {
      app,
      generation,
      phase: failed ? 'turnedBack' : generation === 0 ? 'idle' : 'healthy',
      health: well ? 'healthy' : 'unhealthy',
      ready: well && !standby,
      current: releaseId(runs),
      previous: undefined,
      staged: [],
      failure: failed ? { step: 'check', reason: 'no', logTail: '' } : undefined,
      note: '',
      fetched: undefined,
      fetchedFrom: [],
      ...(standby ? { standby } : {}),
    };
    this.drive.send({ kind: 'nodeReported', node: this.drive.node(name).name, status });
    this.deliver();
  }

  happen(one: Event): void {
    if (one.kind === 'tick') this.drive.tick(one.ms);
    else if (one.kind === 'operator') this.drive.operator(one.action);
    else if (one.kind === 'crash') this.crash();
    else this.happenTo(this.agents[one.at] ?? this.agent('g1'), one.kind);
    this.deliver();
    this.judge();
  }

  private happenTo(agent: Agent, kind: 'hear' | 'sicken' | 'heal' | 'lose' | 'silence' | 'back'): void {
    if (kind === 'sicken' || kind === 'heal') agent.well = kind === 'heal';
    if (kind === 'lose' || kind === 'silence') {
      agent.here = false;
      this.drive.liveness(agent.name, kind === 'lose' ? 'lost' : 'silent');
    }
    if (kind === 'back' && !agent.here) {
      agent.here = true;
      this.drive.liveness(agent.name, 'connected');
    }
    this.deliver();
    this.hear(agent);
  }

  private crash(): void {
    const header = JSON.parse(JSON.stringify(this.header)) as RolloutHeader;
    const nodes = JSON.parse(JSON.stringify([...valuesOf(this.drive.state.nodes)])) as RolloutNode[];
    this.drive.state = loadRollout(header, nodes);
  }

  /** After every event: the group that the engine says is the one that it told to take requests. */
  judge(): void {
    const { slots } = this.header;
    if (slots === undefined) throw new Error('no groups');
    expect(activeSlot(slots), 'who takes the requests').to.equal(this.active);
    if (isSwitching(this.header)) expect(this.isOver, 'no end in the middle').to.equal(false);
    else expect(this.wanted(), 'one group is to take requests').to.deep.equal([this.active]);
  }

  wanted(): readonly SlotName[] {
    const slots = [...valuesOf(this.drive.state.nodes)].filter(({ standby }) => standby !== true);
    return [...new Set(slots.flatMap(({ slot }) => slot ?? []))];
  }

  /** Everybody is well and back, and time passes until nothing moves. */
  settle(): void {
    for (let round = 0; round < 40; round++) {
      for (const agent of this.agents) {
        agent.well = true;
        if (!agent.here) this.happenTo(agent, 'back');
        this.hear(agent);
      }
      const { wake } = this.drive;
      if (wake !== undefined) this.happen({ kind: 'tick', ms: Math.max(1, wake - this.drive.now) });
    }
    for (const agent of this.agents) this.hear(agent);
  }
}

describe('rollout engine, blue and green over generated disasters', function () {
  this.timeout(60_000);
  it('tells exactly one group to take requests but while it switches, and ends or waits for a person', () => {
    fc.assert(
      fc.property(scenario, (one) => {
        const world = new World(one);
        for (const each of one.events) world.happen(each);
        world.settle();
        const { status, slots } = world.header;
        expect(isSwitching(world.header), 'a switch comes to its end').to.equal(false);
        if (!world.isOver) expect(status).to.be.oneOf(['waiting', 'paused']);
        expect(world.active).to.equal(slots === undefined ? undefined : activeSlot(slots));
        for (const { name, standby } of world.isOver ? [] : world.agents) {
          const { phase, standby: wanted } = world.drive.node(name);
          if (phase === 'healthy') expect(standby, `${name} does as its group is to`).to.equal(wanted);
        }
        const settled = world.isOver ? world.inLoad('told') : world.inLoad('done');
        expect(settled, 'and the agents do as told').to.deep.equal([world.active]);
      }),
      { numRuns: 500 },
    );
  });
});
