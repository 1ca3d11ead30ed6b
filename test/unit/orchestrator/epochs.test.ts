import { expect } from 'chai';
import { Batch } from '../../../coordinator/orchestrator/batch.js';
import { openEpoch } from '../../../coordinator/orchestrator/epochs.js';
import { judgeClosures } from '../../../coordinator/orchestrator/locks/closures.js';
import { byRestore, clearHint } from '../../../coordinator/orchestrator/locks/locks.js';
import { buildWorld } from '../../../coordinator/orchestrator/world.js';
import { app } from '../../sim/fixtures.js';
import { emptySnapshot } from '../../support/empty-snapshot.js';

const limits = {
  ...{ silentAfterMs: 1, lostAfterMs: 1, startGraceMs: 0 },
  ...{ massWindowMs: 1, massShare: 1, massMinimum: 1 },
};

describe('what a restore freezes', () => {
  it('stays frozen until a person thaws it, also where a person had frozen it for a while', () => {
    const frozen = { kind: 'freeze', app, env: undefined, owner: 'ann', reason: 'fair', since: 0 } as const;
    const world = buildWorld(
      {
        ...emptySnapshot,
        applications: [{ name: app, text: '' }],
        locks: [{ ...frozen, until: 1000 }],
        meta: { ...emptySnapshot.meta, epoch: 2, restored: { takenAt: 0, restoredAt: 1 } },
      },
      limits,
      0,
    );
    openEpoch(new Batch(world, 500, 0));
    const later = new Batch(world, 5000, 0);
    judgeClosures(later);
    expect([...world.locks.values()]).to.deep.equal([{ ...frozen, until: undefined }]);
    for (const by of [undefined, 'ann'])
      expect(
        clearHint({ ...frozen, owner: byRestore, until: undefined }, by),
        'nobody can be asked',
      ).to.equal(`capstan env thaw ${app} --reason TEXT --force`);
    openEpoch(later);
    expect(later.changes(), 'asked for once').to.equal(undefined);
  });
});
