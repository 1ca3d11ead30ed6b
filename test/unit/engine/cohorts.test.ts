import { expect } from 'chai';
import {
  type Comparison,
  compareCohorts,
  type Vitals,
} from '../../../coordinator/core/rollout/explain/cohorts.js';
import { releaseId } from '../../sim/fixtures.js';
import { Drive, planNode, v2, wave } from './harness.js';

const hour = 3_600_000;
const calm = { cpu: 5, memory: 0, io: 1 };
const pilot = wave('pilot', {
  members: { kind: 'canary', by: ['zone'], each: 1 },
  gate: 'manual',
});
const names = ['a1', 'a2', 'a3', 'b1', 'b2'];

/** At the gate after the pilot of a1 and b1. */
function atTheGate(): Drive {
  const drive = new Drive(
    names.map((name) => planNode(name, name === 'a3' ? { restarts: 7 } : {})),
    { waves: [pilot, wave('rest')] },
  );
  drive.healthy('a1', 'b1');
  expect(drive.status).to.equal('waiting');
  return drive;
}

function compared(
  drive: Drive,
  vitals: Readonly<Record<string, Partial<Vitals>>> = {},
): Comparison | undefined {
  const of = (name: string): Vitals => ({
    restarts: 0,
    pressure: undefined,
    pressureAt: drive.now,
    ...vitals[name],
  });
  return compareCohorts(drive.state, of, drive.now, drive.now);
}

describe('cohorts at the gate', () => {
  it('are those that have the release and those that have not, and no worse if nothing is', () => {
    const drive = atTheGate();
    drive.tick(hour);
    const found = compared(drive, { a1: { pressure: calm }, a3: { restarts: 7, pressure: calm } });
    expect(found?.having).to.include({ nodes: 2, healthy: 2, restarts: 0, restartRate: 0 });
    expect(found?.lacking).to.include({ nodes: 3, healthy: 3, restarts: 0 });
    expect(found?.having.pressure).to.deep.equal(calm);
    expect(found?.differences).to.deep.equal([]);
  });

  it('tell what is worse with the release: health, restarts and pressure', () => {
    const drive = atTheGate();
    drive.tick(hour / 2);
    drive.operator('approve'); // a2 is being changed from now on; what happens to the pilot is no failure any more
    drive.report('a1', 'healthy', { health: 'unhealthy' });
    drive.liveness('b1', 'silent');
    const found = compared(drive, {
      a1: { restarts: 3, pressure: { cpu: 40, memory: 2, io: 11 } },
      a2: { restarts: 99, pressure: { cpu: 100, memory: 100, io: 100 } },
      a3: { restarts: 8, pressure: calm },
      b2: { pressure: { ...calm, cpu: 15 } },
    });
    expect(found?.having).to.include({ restarts: 3, restartRate: 3, unhealthy: 1, away: 1 });
    expect(found?.lacking.restarts).to.equal(1);
    expect(found?.lacking.restartRate).to.equal(1);
    expect(found?.lacking.pressure?.cpu).to.equal(10);
    expect(found?.differences).to.deep.equal([
      '1 of 2 nodes with web 2.0.0 is unhealthy, 0 of 2 without',
      '1 of 2 nodes with web 2.0.0 is not connected, 0 of 2 without',
      'services with web 2.0.0 ended by themselves 3.0 times a node and hour, without it 1.0 times',
      'nodes with web 2.0.0 waited for cpu 40 % of the time, those without 10 %',
      'nodes with web 2.0.0 waited for disk 11 % of the time, those without 1 %',
    ]);
  });

  it('count what ended since the plan was made, and a service that was started anew from nothing', () => {
    const drive = atTheGate();
    drive.tick(hour);
    expect(compared(drive, { a3: { restarts: 9 } })?.lacking.restarts).to.equal(2);
    expect(compared(drive, { a3: { restarts: 1 } })?.lacking.restarts).to.equal(1);
    expect(compared(drive, { a3: { restarts: 7 }, b2: { restarts: 5 } })?.lacking.restarts).to.equal(5);
  });

  it('take no pressure for that of the release that was told before the node had it', () => {
    const drive = atTheGate();
    drive.tick(hour);
    const before = { pressure: { cpu: 90, memory: 0, io: 0 }, pressureAt: -1 };
    const found = compared(drive, { a1: before, a2: { ...before, pressure: calm }, a3: { restarts: 7 } });
    expect(found?.having.pressure).to.equal(undefined);
    expect(found?.lacking.pressure).to.deep.equal(calm);
    expect(found?.differences).to.deep.equal([]);
  });

  it('need both to be there, and leave out who failed, is being changed, or does not count', () => {
    const drive = new Drive(
      names.map((name) => planNode(name)),
      {
        maxUnavailable: { kind: 'count', count: 3 },
        budget: { failed: { kind: 'percent', percent: 100 }, lost: { kind: 'percent', percent: 100 } },
      },
    );
    expect(compared(drive), 'nobody has it').to.equal(undefined);
    drive.healthy('a1');
    drive.fail('a2');
    const found = compared(drive);
    expect(found, 'all others are being changed').to.equal(undefined);
    drive.operator('abort');
    expect(compared(drive), 'it is over').to.equal(undefined);
  });

  it('are not told apart in a first deploy: those that run nothing are no measure', () => {
    const fresh = { serving: false, deployed: false, current: undefined, currentConfigRevision: undefined };
    const drive = new Drive(
      names.map((name) => planNode(name, fresh)),
      { waves: [pilot, wave('rest')] },
      { from: undefined },
    );
    drive.healthy('a1', 'b1');
    expect(drive.status).to.equal('waiting');
    expect(compared(drive)).to.equal(undefined);
  });

  it('of a restart are told by who was restarted, though all have the same release', () => {
    const drive = new Drive(
      names.map((name) =>
        planNode(name, { current: releaseId(v2), currentConfigRevision: v2.configRevision }),
      ),
      {},
      { cause: 'restart', from: v2 },
    );
    drive.healthy('a1');
    expect([compared(drive)?.having.nodes, compared(drive)?.lacking.nodes]).to.deep.equal([1, 3]);
  });
});
