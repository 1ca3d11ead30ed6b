import { expect } from 'chai';
import { Batch } from '../../../coordinator/orchestrator/batch.js';
import { memberEntries } from '../../../coordinator/orchestrator/tending/members.js';
import { tendAll } from '../../../coordinator/orchestrator/tending/tend.js';
import { problemsIn } from '../../../coordinator/orchestrator/views/problems.js';
import { buildWorld, envKey, type World } from '../../../coordinator/orchestrator/world.js';
import type { EnvironmentRecord, NodeRecord } from '../../../coordinator/ports/state-store.js';
import type { Strategy } from '../../../shared/model/application.js';
import type { EnvName } from '../../../shared/model/ids.js';
import type { Labels } from '../../../shared/model/labels.js';
import { app, nodeName, plainStrategy, target } from '../../sim/fixtures.js';
import { emptySnapshot } from '../../support/empty-snapshot.js';

const limits = {
  ...{ silentAfterMs: 1, lostAfterMs: 1, startGraceMs: 0 },
  ...{ massWindowMs: 1, massShare: 1, massMinimum: 1 },
};

const environment = (name: string, ordinal: number, strategy: Strategy): EnvironmentRecord => ({
  ...{ app, name: name as EnvName, ordinal, proven: [target(1)], wanted: undefined, settled: true },
  spec: {
    ...{ name: name as EnvName, config: {}, strategy, join: 'stable' },
    selector: { requirements: [{ kind: 'in', key: 'env', values: [name] }], text: '' },
  },
});

/** Nodes by their names, and the environments that select those with their names in the label `env`. */
function site(nodes: Readonly<Record<string, Labels>>, strategy: Strategy = plainStrategy): World {
  const records = Object.entries(nodes).map(
    ([name, labels]): NodeRecord => ({
      ...{ name: nodeName(name), labels, operatorLabels: {}, instance: '', address: '' },
      ...{ status: undefined, decommissioned: false, firstSeenAt: 0, lastSeenAt: 0 },
    }),
  );
  const world = buildWorld(
    {
      ...{ ...emptySnapshot, applications: [{ name: app, text: '' }], nodes: records },
      environments: [environment('one', 0, strategy)],
    },
    limits,
    0,
  );
  const batch = new Batch(world, 1, 1);
  for (const key of world.environments.keys()) batch.unsettled.set(key, 'all');
  tendAll(batch);
  return world;
}

function problems(world: World): readonly string[] {
  const one = world.environments.get(envKey(app, 'one'));
  if (one === undefined) throw new Error('the environment is gone');
  return problemsIn(world, one, memberEntries(world, app, one.name));
}

const named = (count: number, labels: (at: number) => Labels): Readonly<Record<string, Labels>> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, labels(at)]));

describe('the problems of an environment', () => {
  it('names the first few nodes that several environments select, however many there are', () => {
    const world = site(named(9, () => ({ env: 'one' })));
    const batch = new Batch(world, 2, 2);
    const two = environment('two', 1, plainStrategy);
    const selector = { requirements: [{ kind: 'in' as const, key: 'env', values: ['one'] }], text: '' };
    batch.putEnvironment({ ...two, spec: { ...two.spec, selector } });
    const found = problems(world).filter((problem) => problem.includes('selected'));
    expect(found).to.have.length(6);
    expect(found[0]).to.equal('n0 is selected by one and two: it holds what it has');
    expect(found.at(-1)).to.equal('4 more nodes are selected by several environments');
  });

  it('tells those that hold for one reason in one sentence, and the first few reasons', () => {
    const world = site(named(9, () => ({ env: 'one' })));
    const roster = world.rosters.get(envKey(app, 'one'));
    const apart = { leads: true, capacity: false, available: false, due: undefined };
    for (let at = 0; at < 9; at += 1)
      roster?.put(nodeName(`n${at}`), { ...apart, obstacle: at < 2 ? 'both' : `reason ${at}` }, 2);
    const found = problems(world);
    expect(found[0]).to.equal('2 nodes hold what they have (n0, n1): both');
    expect(found).to.have.length(6);
    expect(found.at(-1)).to.equal('3 more nodes hold what they have');
  });

  it('has it that nothing can be deployed to a blue/green pair of which nobody can say which it is', () => {
    const pair: Strategy = {
      ...plainStrategy,
      type: 'parallel',
      parallel: { label: 'slot', switch: 'auto', overlapMs: 0, releaseAfterMs: 0 },
    };
    const colours = ['blue', 'blue', 'green', 'green', 'red', 'red'];
    const ambiguous = site(
      named(6, (at) => ({ env: 'one', slot: colours[at] ?? '' })),
      pair,
    );
    expect(problems(ambiguous)[0]).to.equal(
      'nothing can be deployed: its strategy is parallel, which takes two values of the label "slot"; its nodes have blue (n0, n1), green (n2, n3), red (n4, n5)',
    );
    const clear = site(
      named(4, (at) => ({ env: 'one', slot: colours[at] ?? '' })),
      pair,
    );
    expect(problems(clear).join()).to.not.contain('nothing can be deployed');
  });
});
