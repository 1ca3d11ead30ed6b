import { expect } from 'chai';
import { Batch } from '../../../coordinator/orchestrator/batch.js';
import { isJudged, judgeClosures } from '../../../coordinator/orchestrator/locks/closures.js';
import { lock, unlock } from '../../../coordinator/orchestrator/locks/commands.js';
import { problemsIn } from '../../../coordinator/orchestrator/views/problems.js';
import { buildWorld, envKey, type World } from '../../../coordinator/orchestrator/world.js';
import type { EnvironmentRecord } from '../../../coordinator/ports/state-store.js';
import type { EnvName } from '../../../shared/model/ids.js';
import { type Maintenance, weekDays } from '../../../shared/model/maintenance.js';
import { app, plainStrategy } from '../../sim/fixtures.js';
import { emptySnapshot } from '../../support/empty-snapshot.js';

const hour = 3_600_000;
const limits = {
  ...{ silentAfterMs: 1, lostAfterMs: 1, startGraceMs: 0 },
  ...{ massWindowMs: 1, massShare: 1, massMinimum: 1 },
};

/** A window of an hour a day. */
const daily = (fromHour: number, timeZone = 'UTC'): Maintenance => ({
  timeZone,
  windows: [{ days: weekDays, fromMinutes: fromHour * 60, forMs: hour }],
});

/** Environments, and the names of those whose windows were worked out since it was last asked. */
function site(windows: Readonly<Record<string, Maintenance>>) {
  const looked: string[] = [];
  const environments = Object.entries(windows).map(([name, maintenance], ordinal): EnvironmentRecord => {
    const selector = { requirements: [], text: '' };
    return {
      ...{ app, name: name as EnvName, ordinal, proven: [], wanted: undefined, settled: true },
      spec: {
        ...{ name: name as EnvName, selector, config: {}, strategy: plainStrategy, join: 'stable' },
        get maintenance() {
          looked.push(name);
          return maintenance;
        },
      },
    };
  });
  const world = buildWorld(
    { ...emptySnapshot, applications: [{ name: app, text: '' }], environments },
    limits,
    0,
  );
  return { world, judged: () => looked.splice(0) };
}

const judge = (world: World, now: number): void => {
  judgeClosures(new Batch(world, now, 0));
};

describe('which environments are closed', () => {
  it('is worked out for those alone whose windows open or close now', () => {
    const { world, judged } = site({ early: daily(2), late: daily(20) });
    judge(world, 0);
    expect(judged()).to.deep.equal(['early', 'late']);
    expect(isJudged(world, 2 * hour - 1)).to.equal(true);
    expect(isJudged(world, 2 * hour)).to.equal(false);
    judge(world, 2 * hour);
    expect(judged()).to.deep.equal(['early']);
    expect([...world.closures.keys()]).to.deep.equal(['web/late']);
    judge(world, 3 * hour);
    expect(judged()).to.deep.equal(['early']);
    expect([...world.closures.keys()]).to.have.members(['web/early', 'web/late']);
    expect(isJudged(world, 20 * hour - 1)).to.equal(true);
  });

  it('is worked out for the environment alone that is frozen, thawed, or described anew', () => {
    const { world, judged } = site({ one: daily(2), two: daily(2) });
    judge(world, 0);
    judged();
    const command = { kind: 'freeze', app, env: 'two' as EnvName, reason: 'sale' } as const;
    lock(new Batch(world, 1, 0), { ...command, until: hour }, 'ann');
    expect(judged()).to.deep.equal(['two']);
    unlock(new Batch(world, 2, 0), { ...command, force: false }, 'ann');
    expect(judged()).to.deep.equal(['two']);
    lock(new Batch(world, 3, 0), { ...command, until: hour }, 'ann');
    judged();
    judge(world, hour);
    expect(judged(), 'when the time of its freeze is over').to.deep.equal(['two']);
    const batch = new Batch(world, hour + 1, 0);
    const one = world.environments.get(envKey(app, 'one'));
    if (one === undefined) throw new Error('one is gone');
    batch.putEnvironment({ ...one, spec: { ...one.spec, maintenance: daily(1) } });
    judged();
    judgeClosures(batch);
    expect([...world.closures.keys()]).to.deep.equal(['web/two']);
    expect(judged()).to.deep.equal([]);
  });

  it('is worked out for all when the clock was set back', () => {
    const { world, judged } = site({ one: daily(2), two: daily(20) });
    judge(world, 2 * hour);
    judged();
    expect(isJudged(world, hour)).to.equal(false);
    judge(world, hour);
    expect(judged()).to.deep.equal(['one', 'two']);
    expect(world.closures.has(envKey(app, 'one'))).to.equal(true);
  });

  it('says of one whose time zone is not known that it is, and why, and judges the others', () => {
    const { world } = site({ lost: daily(0, 'Mars/Olympus'), found: daily(0) });
    judge(world, 1);
    expect([...world.closures.keys()]).to.deep.equal(['web/lost']);
    const lost = world.environments.get(envKey(app, 'lost'));
    if (lost === undefined) throw new Error('lost is gone');
    expect(problemsIn(world, lost, [])).to.deep.equal([
      "nothing can be changed here: it waits for its maintenance window, whose time zone Mars/Olympus the coordinator's Node.js does not know",
    ]);
  });
});
