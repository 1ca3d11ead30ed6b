import { expect } from 'chai';
import fc from 'fast-check';
import { dealWaves } from '../../../coordinator/core/rollout/waves.js';
import type { GroupKeys } from '../../../shared/model/application.js';
import { plainStrategy } from '../../sim/fixtures.js';
import { planNode, wave } from '../../unit/engine/harness.js';

const fleet = fc.array(
  fc.record({
    region: fc.constantFrom('eu', 'us', undefined),
    rack: fc.constantFrom('r1', 'r2', 'r3'),
    lost: fc.boolean(),
  }),
  { maxLength: 30 },
);
const by: GroupKeys = ['region', 'rack'];

const nodesOf = (
  hosts: readonly { readonly region: string | undefined; readonly rack: string; readonly lost: boolean }[],
) =>
  hosts.map(({ region, rack, lost }, at) =>
    planNode(`n${String(at).padStart(2, '0')}`, {
      labels: { rack, ...(region === undefined ? {} : { region }) },
      liveness: lost ? 'lost' : 'connected',
    }),
  );

describe('canaries of groups', () => {
  it('take from every group as many as asked, and never all of one that has more than one node', () => {
    fc.assert(
      fc.property(fleet, fc.integer({ min: 1, max: 4 }), (hosts, each) => {
        const nodes = nodesOf(hosts);
        const waves = [wave('pilot', { members: { kind: 'canary', by, each } })];
        const pilot = dealWaves({ ...plainStrategy, waves }, 'deploy', nodes)[0]?.members ?? [];
        const groups = new Map<string, string[]>();
        for (const { name, labels } of nodes) {
          const id = `${labels['region'] ?? ''}/${labels['rack'] ?? ''}`;
          groups.set(id, [...(groups.get(id) ?? []), name]);
        }
        const single = [...groups.values()].every((members) => members.length === 1);
        for (const members of groups.values()) {
          const taken = pilot.filter(({ name }) => members.includes(name)).length;
          const most = members.length > 1 ? Math.min(each, members.length - 1) : 1;
          if (single && nodes.length > 1) expect(taken).to.be.within(0, most);
          else expect(taken).to.equal(most);
        }
        if (nodes.length > 1) expect(pilot.length).to.be.lessThan(nodes.length);
        expect(pilot.map(({ name }) => name)).to.deep.equal(pilot.map(({ name }) => name).sort());
      }),
    );
  });

  it('deal every node out exactly once, whatever groups and parts the waves are of', () => {
    const within = {
      requirements: [{ kind: 'in' as const, key: 'region', values: ['eu'] }],
      text: 'region=eu',
    };
    fc.assert(
      fc.property(fleet, fc.integer({ min: 1, max: 100 }), (hosts, percent) => {
        const nodes = nodesOf(hosts);
        const waves = [
          wave('eu pilot', {
            within,
            members: { kind: 'canaryTotal', by, amount: { kind: 'percent', percent } },
          }),
          wave('eu', { within, members: { kind: 'by', by: ['rack'] } }),
          wave('others', { members: { kind: 'by', by: ['region'] } }),
        ];
        const planned = dealWaves({ ...plainStrategy, waves }, 'deploy', nodes);
        const dealt = planned.flatMap(({ members }) => members.map(({ name }) => name));
        expect([...dealt].sort()).to.deep.equal(nodes.map(({ name }) => name));
        for (const {
          wave: { spec },
          members,
        } of planned.filter((one) => one.wave.spec < 2)) {
          expect(members.map(({ labels }) => labels['region'] ?? spec)).to.deep.equal(
            members.map(() => 'eu'),
          );
        }
      }),
    );
  });
});
