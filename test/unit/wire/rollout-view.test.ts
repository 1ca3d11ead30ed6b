import { expect } from 'chai';
import { rolloutChanges } from '../../../coordinator/cli/commands/rollout-changes.js';
import { rolloutJson } from '../../../coordinator/cli/views/rollout-json.js';
import { rolloutText } from '../../../coordinator/cli/views/rollout-text.js';
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

type View = Parameters<typeof rolloutJson>[0];

describe('nodes that fail for the same reason', () => {
  const names = ['a1', 'a2', 'a3', 'b1'];
  const drive = new Drive(
    names.map((name) => planNode(name)),
    {
      maxUnavailable: { kind: 'count', count: 4 },
      budget: { failed: { kind: 'count', count: 3 }, lost: amount.amount },
    },
  );
  const views = [rolloutJson(viewOf(drive) as View)];
  for (const failing of [['a1', 'a2'], ['a3'], ['b1']]) {
    for (const name of failing) drive.fail(name);
    views.push(rolloutJson(viewOf(drive) as View));
  }

  it('are told together, and later ones with who gave it first', () => {
    const [before, two, three, back] = views;
    if (two === undefined || three === undefined || back === undefined) throw new Error('a state is missing');
    const ofNodes = (lines: readonly string[]) => lines.filter((line) => line.startsWith('  '));
    expect(ofNodes(rolloutChanges(before, two))).to.deep.equal([
      '  a1, a2: turnedBack (check: probe http answered 500)',
    ]);
    expect(ofNodes(rolloutChanges(two, three))).to.deep.equal(['  a3: turnedBack (as on a1)']);
    expect(ofNodes(rolloutChanges(three, back)), 'on the way back').to.deep.equal([
      '  a1: staging',
      '  a2: staging',
      '  a3: staging',
      '  b1: staging (as on a1)',
    ]);
  });

  it('are shown with the reason once, and so is what they printed', async () => {
    const last = views[2];
    if (last === undefined) throw new Error('a state is missing');
    const text = await rolloutText(last, (_tone, shown) => shown);
    const table = text.slice(text.indexOf('WAVE'));
    expect(table.match(/probe http answered 500/g)).to.have.length(1);
    expect(table.match(/as on a1/g)).to.have.length(2);
    expect(text).to.contain('Last output on a1, a2, a3:\n| boom\n');
  });
});

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
    const lines = rolloutChanges(rolloutJson(before as View), rolloutJson(after as View));
    expect(lines.slice(1)).to.deep.equal(['wave first: ended', 'wave rest: ended']);
    expect(lines[0]).to.match(/^rollout r1: aborted: /);
  });
});
