import { expect } from 'chai';
import { noLimit } from '../../../coordinator/core/fetch-shares.js';
import {
  decideLiveness,
  defaultLivenessLimits,
  type LivenessEvent,
  livenessOf,
  nextLivenessWake,
  startLiveness,
} from '../../../coordinator/core/liveness.js';
import { indexMembers, overlapsOf, placeMember } from '../../../coordinator/core/membership.js';
import type { PlanNode, Target } from '../../../coordinator/core/rollout/types/plan.js';
import { Roster, type StewardRules, standingOf } from '../../../coordinator/core/steward.js';
import type { ApplicationSpec, EnvironmentSpec } from '../../../shared/model/application.js';
import type { EnvName } from '../../../shared/model/ids.js';
import type { Labels } from '../../../shared/model/labels.js';
import { app, nodeName, plainStrategy } from '../../sim/fixtures.js';
import { planNode, v1, v2 } from './harness.js';

const given = ({ release, configRevision }: Target) => ({ digest: release.digest, configRevision });
const fresh = { serving: false, deployed: false, current: undefined, currentConfigRevision: undefined };
const rules: StewardRules = { strategy: plainStrategy, join: 'stable', proven: v2, settled: true };

function rosterOf(nodes: readonly PlanNode[], change: Partial<StewardRules> = {}): Roster {
  const changed = { ...rules, ...change };
  const roster = new Roster(changed);
  roster.fill(
    changed,
    nodes.map((node) => [node.name, standingOf(changed, node)] as const),
    0,
  );
  return roster;
}

const granted = (roster: Roster, room = noLimit): readonly string[] =>
  roster.grants(room).grants.map(({ node }) => node);

describe('steward', () => {
  const underWay = { generation: 7, intent: 'activate' as const, ...given(v2), state: 'open' as const };

  it('gives new nodes the proven release, and catches up those that came back, within the floor', () => {
    const roster = rosterOf([planNode('a1', fresh), planNode('a2'), planNode('a3')]);
    expect(granted(roster)).to.deep.equal(['a1', 'a2']);
    roster.put(nodeName('a2'), standingOf(rules, planNode('a2', { assigned: underWay })), 1);
    expect(granted(roster)).to.deep.equal(['a1']);
    expect(roster.heldOf(nodeName('a3'))?.why).to.equal('1 nodes are out of service and 1 may be');
  });

  it('goes on with the next one when one is back in service, leaves, or is lost', () => {
    for (const end of ['done', 'left', 'lost']) {
      const roster = rosterOf([planNode('a1', { assigned: underWay }), planNode('a2'), planNode('a3')]);
      expect(granted(roster)).to.deep.equal([]);
      const node = planNode('a1', {
        ...(end === 'lost' ? { liveness: 'lost', assigned: underWay } : {}),
        ...(end === 'done' ? { current: { version: v2.release.version, digest: v2.release.digest } } : {}),
      });
      roster.put(nodeName('a1'), end === 'left' ? undefined : standingOf(rules, node), 5);
      expect(granted(roster), end).to.deep.equal(['a2']);
    }
  });

  it('lets them wait for the bandwidth of the fleet, and those that need none of it pass', () => {
    const staged = planNode('a3', { staged: [v2.release.digest] });
    const roster = rosterOf([planNode('a1', fresh), planNode('a2', fresh), staged], { join: 'stable' });
    const room = { left: 1000, least: 600 };
    expect(roster.grants(room)).to.deep.equal({
      grants: [
        { node: 'a1', share: 1000 },
        { node: 'a3', share: 0 },
      ],
      awaitsTurn: true,
    });
    expect(granted(roster, { left: 0, least: 600 })).to.deep.equal(['a3']);
  });

  it('remembers since when a node holds, however often all are looked at', () => {
    const roster = rosterOf([planNode('a1')], { settled: false });
    const unsettled = { ...rules, settled: false };
    roster.fill(unsettled, [[nodeName('a1'), standingOf(unsettled, planNode('a1'))]], 9);
    expect(roster.heldOf(nodeName('a1'))?.since).to.equal(0);
    roster.fill(rules, [[nodeName('a1'), standingOf(rules, planNode('a1', { assigned: underWay }))]], 10);
    expect(roster.held()).to.deep.equal([]);
  });

  it('leaves mixed versions after an abort to the next deploy', () => {
    expect(granted(rosterOf([planNode('a1')], { settled: false }))).to.deep.equal([]);
  });

  it('says nothing of a node that is where it was before, whatever it failed at meanwhile', () => {
    const assigned = { ...underWay, state: 'failed' as const };
    const unsettled = { proven: v1, settled: false };
    expect(rosterOf([planNode('a1', { assigned })], unsettled).held()).to.deep.equal([]);
    const other = { current: { version: v2.release.version, digest: v2.release.digest }, assigned };
    const held = rosterOf([planNode('a1', other)], unsettled).heldOf(nodeName('a1'));
    expect(held?.why).to.equal('the last rollout was not completed; the next deploy decides');
  });

  it('lets new nodes hold if the environment says so', () => {
    const roster = rosterOf([planNode('a1', fresh)], { join: 'hold' });
    expect(granted(roster)).to.deep.equal([]);
    expect(roster.heldOf(nodeName('a1'))?.why).to.equal('its environment lets new nodes hold');
  });

  it('does not try again what failed', () => {
    const assigned = { ...underWay, generation: 3, state: 'failed' as const };
    expect(granted(rosterOf([planNode('a1', { assigned })]))).to.deep.equal([]);
    expect(granted(rosterOf([planNode('a1')], { proven: v1 }))).to.deep.equal([]);
  });

  it('gives new nodes of a closed environment what is proven, and lets those that missed it hold', () => {
    const nodes = [planNode('a1'), planNode('a2', fresh)];
    expect(granted(rosterOf(nodes))).to.have.members(['a1', 'a2']);
    const closed = rosterOf(nodes, { closed: 'it waits for a thaw' });
    expect(granted(closed)).to.deep.equal(['a2']);
    expect(closed.heldOf(nodeName('a1'))?.why).to.equal('it waits for a thaw');
  });
});

describe('liveness', () => {
  const play = (events: readonly (readonly [number, LivenessEvent])[]) => {
    let state = startLiveness(defaultLivenessLimits, 0);
    const log: string[] = [];
    for (const [now, event] of events) {
      const decision = decideLiveness(state, event, now);
      state = decision.state;
      log.push(...decision.changes.map(({ node, liveness }) => `${node} ${liveness}`));
      if (decision.suspicion !== undefined) log.push(decision.suspicion);
    }
    return { state, log };
  };
  const of = (kind: 'pollHeld' | 'pollOver' | 'known', name: string): LivenessEvent => ({
    kind,
    node: nodeName(name),
  });
  const tick: LivenessEvent = { kind: 'tick' };

  it('goes from connected to silent after 10 s and to lost after 90 s more', () => {
    const { state, log } = play([
      [400_000, of('pollHeld', 'a')],
      [400_000, of('pollOver', 'a')],
      [409_999, tick],
      [410_000, tick],
      [499_999, tick],
      [500_000, tick],
    ]);
    expect(log).to.deep.equal(['a connected', 'a silent', 'a lost']);
    expect(nextLivenessWake(state)).to.equal(undefined);
  });

  it('keeps a node connected over the gap between two polls', () => {
    const { log } = play([
      [0, of('pollHeld', 'a')],
      [10, of('pollOver', 'a')],
      [5_000, of('pollHeld', 'a')],
      [20_000, tick],
    ]);
    expect(log).to.deep.equal(['a connected']);
  });

  it('declares nobody lost in the first five minutes (Nomad gives 300 s)', () => {
    const { state, log } = play([
      [0, of('known', 'a')],
      [299_999, tick],
    ]);
    expect(log).to.deep.equal(['a silent']);
    expect(nextLivenessWake(state)).to.equal(300_000);
    expect(decideLiveness(state, tick, 300_000).changes).to.have.length(1);
  });

  it('suspects itself when a large share goes silent at once, and loses nobody until that is over', () => {
    const names = Array.from({ length: 8 }, (_, at) => `n${at}`);
    const { state, log } = play([
      ...names.map((name) => [400_000, of('pollHeld', name)] as const),
      ...names.slice(0, 6).map((name) => [400_000, of('pollOver', name)] as const),
      [410_000, tick],
      [600_000, tick],
    ]);
    expect(log.filter((line) => line === 'began')).to.have.length(1);
    expect(log.some((line) => line.endsWith('lost'))).to.equal(false);
    expect(nextLivenessWake(state)).to.equal(710_000);
    const over = decideLiveness(state, tick, 710_000);
    expect(over.suspicion).to.equal('givenUp');
    expect(livenessOf(over.state, nodeName('n0'))).to.equal('lost');
  });

  it('goes on as soon as the fleet is back', () => {
    const names = Array.from({ length: 8 }, (_, at) => `n${at}`);
    const { log } = play([
      ...names.map((name) => [400_000, of('pollHeld', name)] as const),
      ...names.map((name) => [400_000, of('pollOver', name)] as const),
      [410_000, tick],
      ...names.map((name) => [420_000, of('pollHeld', name)] as const),
    ]);
    expect(log.filter((line) => line === 'began' || line === 'nodesAreBack')).to.deep.equal([
      'began',
      'nodesAreBack',
    ]);
  });
});

describe('membership', () => {
  const environment = (name: string, zones: readonly string[]): EnvironmentSpec => ({
    name: name as EnvName,
    selector: { requirements: [{ kind: 'in', key: 'zone', values: zones }], text: '' },
    config: {},
    strategy: plainStrategy,
    join: 'stable',
  });
  const spec: ApplicationSpec = {
    name: app,
    environments: [environment('one', ['a', 'b']), environment('two', ['b'])],
  };

  it('names the nodes that two environments select, and counts them to neither (hawkbit#863, #773, #2153)', () => {
    const all = [planNode('a1'), planNode('b1'), planNode('c1')];
    expect(overlapsOf(spec, all)).to.deep.equal([{ app, node: 'b1', environments: ['one', 'two'] }]);
    const { ofEnvironment, ofNode } = indexMembers(spec, all);
    expect([...ofNode]).to.deep.equal([['a1', 'one']]);
    expect([...ofEnvironment]).to.deep.equal([['one', new Set(['a1'])]]);
  });

  it('follows a node from one environment to another, and out of all', () => {
    const index = indexMembers(spec, [planNode('a1'), planNode('a2')]);
    const place = (labels: Labels | undefined) =>
      placeMember(index, spec, nodeName('a1'), labels && { labels });
    const apart: ApplicationSpec = {
      name: app,
      environments: [environment('one', ['a']), environment('two', ['b'])],
    };
    expect(place({ zone: 'b' })).to.deep.equal({ before: 'one', after: undefined });
    expect(placeMember(index, apart, nodeName('a1'), { labels: { zone: 'b' } }).after).to.equal('two');
    expect([...(index.ofEnvironment.get('one' as EnvName) ?? [])]).to.deep.equal(['a2']);
    expect(place(undefined)).to.deep.equal({ before: 'two', after: undefined });
    expect(index.ofNode.has(nodeName('a1'))).to.equal(false);
  });
});
