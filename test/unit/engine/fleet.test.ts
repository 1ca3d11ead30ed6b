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
import { membersOf, overlapsOf } from '../../../coordinator/core/membership.js';
import { steward } from '../../../coordinator/core/steward.js';
import type { ApplicationSpec, EnvironmentSpec } from '../../../shared/model/application.js';
import type { EnvName } from '../../../shared/model/ids.js';
import { app, nodeName, plainStrategy } from '../../sim/fixtures.js';
import { planNode, v1, v2 } from './harness.js';

const fresh = { serving: false, deployed: false, current: undefined, currentConfigRevision: undefined };
const request = {
  strategy: plainStrategy,
  join: 'stable' as const,
  proven: v2,
  settled: true,
  room: noLimit,
};

describe('steward', () => {
  it('gives new nodes the proven release, and catches up those that came back, within the floor', () => {
    const { assignments, held } = steward(
      { ...request, nodes: [planNode('a1', fresh), planNode('a2'), planNode('a3')] },
      7,
    );
    expect(assignments.map(({ node, generation }) => `${node} ${generation}`)).to.deep.equal([
      'a1 7',
      'a2 8',
    ]);
    expect(held.get(nodeName('a3'))).to.equal('1 nodes are out of service and 1 may be');
  });

  it('leaves mixed versions after an abort to the next deploy', () => {
    expect(steward({ ...request, settled: false, nodes: [planNode('a1')] }, 1).assignments).to.deep.equal([]);
  });

  it('lets new nodes hold if the environment says so', () => {
    const { assignments, held } = steward({ ...request, join: 'hold', nodes: [planNode('a1', fresh)] }, 1);
    expect(assignments).to.deep.equal([]);
    expect(held.get(nodeName('a1'))).to.equal('its environment lets new nodes hold');
  });

  it('does not try again what failed', () => {
    const assigned = {
      generation: 3,
      intent: 'activate' as const,
      digest: v2.release.digest,
      configRevision: v2.configRevision,
      state: 'failed' as const,
    };
    const { assignments } = steward({ ...request, nodes: [planNode('a1', { assigned })] }, 4);
    expect(assignments).to.deep.equal([]);
    expect(steward({ ...request, proven: v1, nodes: [planNode('a1')] }, 4).assignments).to.deep.equal([]);
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
      if (decision.freeze !== undefined) log.push(decision.freeze ? 'freeze' : 'thaw');
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
    expect(log.filter((line) => line === 'freeze')).to.have.length(1);
    expect(log.some((line) => line.endsWith('lost'))).to.equal(false);
    expect(nextLivenessWake(state)).to.equal(710_000);
    const over = decideLiveness(state, tick, 710_000);
    expect(over.freeze).to.equal(false);
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
    expect(log.filter((line) => line === 'freeze' || line === 'thaw')).to.deep.equal(['freeze', 'thaw']);
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
    expect(membersOf(spec, 'one' as EnvName, all).map(({ name }) => name)).to.deep.equal(['a1']);
    expect(membersOf(spec, 'two' as EnvName, all)).to.deep.equal([]);
  });
});
