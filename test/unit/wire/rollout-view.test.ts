import { expect } from 'chai';
import { rolloutChanges } from '../../../coordinator/cli/commands/rollout-changes.js';
import { rolloutJson } from '../../../coordinator/cli/views/rollout-json.js';
import { valuesOf } from '../../../coordinator/core/collections/hash-map.js';
import { rolloutView } from '../../../coordinator/io/grpc/operator/rollout-view.js';
import { Drive, planNode, wave } from '../engine/harness.js';

const amount = { kind: 'amount', amount: { kind: 'count', count: 2 } } as const;

function viewOf({ state }: Drive) {
  const { header } = state;
  const nodes = [...valuesOf(state.nodes)].sort((a, b) => a.ordinal - b.ordinal);
  const record = { header, createdAt: 0, endedAt: undefined, supersededBy: undefined };
  return rolloutView({ record, counts: header.counts, nodes, waitingFor: '' });
}

describe('a rollout that was aborted', () => {
  const drive = new Drive(
    ['a1', 'a2', 'a3'].map((name) => planNode(name)),
    { waves: [wave('first', { members: amount }), wave('rest')] },
  );
  const before = viewOf(drive);
  drive.operator('abort');
  const after = viewOf(drive);

  it('shows no wave as running and no node as waiting', () => {
    expect(before.waves?.map(({ status }) => status)).to.deep.equal(['running', 'pending']);
    expect(after.waves?.map(({ status }) => status)).to.deep.equal(['ended', 'ended']);
    const reasons = after.waves
      ?.flatMap(({ nodes }) => nodes ?? [])
      .map(({ name, reason }) => [name, reason]);
    expect(reasons).to.deep.equal([
      ['a1', 'it was under way when the rollout ended, and finishes by itself'],
      ['a2', 'it holds what it has: the rollout has ended'],
      ['a3', 'it holds what it has: the rollout has ended'],
    ]);
  });

  it('is told to whoever watches without a line for each node that it leaves as it was', () => {
    type View = Parameters<typeof rolloutJson>[0];
    const lines = rolloutChanges(rolloutJson(before as View), rolloutJson(after as View));
    expect(lines.slice(1)).to.deep.equal(['wave first: ended', 'wave rest: ended']);
    expect(lines[0]).to.match(/^rollout r1: aborted: /);
  });
});
