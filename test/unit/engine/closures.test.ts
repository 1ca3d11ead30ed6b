import { expect } from 'chai';
import {
  explainNode,
  explainRollout,
  waitingFor,
} from '../../../coordinator/core/rollout/explain/explain.js';
import type { Closure } from '../../../coordinator/core/rollout/types/plan.js';
import { nodeName } from '../../sim/fixtures.js';
import { Drive, planNode, v1, wave } from './harness.js';

const nodes = (...names: string[]): ReturnType<typeof planNode>[] => names.map((name) => planNode(name));
const frozen: Closure = {
  kind: 'freeze',
  waitsFor: 'a thaw: web/production is frozen by ann: sale',
  hint: 'thaw it',
};
const outside: Closure = {
  kind: 'window',
  waitsFor: 'its maintenance window, which opens at 22:00',
  hint: '',
};

const close = (drive: Drive, closure: Closure | undefined): void => {
  drive.send({ kind: 'closure', closure });
};
const eventsOf = (drive: Drive): string[] =>
  drive.log.flatMap((effect) => (effect.kind === 'record' ? [effect.event] : []));

describe('rollout engine: a closed environment', () => {
  for (const [closure, status] of [
    [frozen, 'paused'],
    [outside, 'waiting'],
  ] as const) {
    it(`stops between nodes at a ${closure.kind}, and goes on when it is over`, () => {
      const drive = new Drive(nodes('a1', 'a2', 'a3'));
      expect(drive.assigned()).to.deep.equal(['a1=to']);
      drive.now = 5_000;
      close(drive, closure);
      expect(drive.status).to.equal(status);
      expect(eventsOf(drive)).to.deep.equal(['rollout.held']);
      drive.healthy('a1');
      drive.tick(3_600_000);
      expect(drive.assigned()).to.deep.equal([]);
      expect(waitingFor(drive.state, drive.now)).to.equal(closure.waitsFor);
      expect(explainRollout(drive.state, drive.now)).to.include({ since: 5_000, hint: closure.hint });
      expect(explainNode(drive.state, nodeName('a2'), drive.now)?.answer).to.contain(
        `it waits for ${closure.waitsFor}`,
      );
      close(drive, undefined);
      expect(drive.status).to.equal('running');
      expect(eventsOf(drive)).to.deep.equal(['rollout.resumed']);
      expect(drive.assigned()).to.deep.equal(['a2=to']);
    });
  }

  it('has no deadline while it is closed, and its full time afterwards (nomad#11267, GH-27804)', () => {
    const slow = new Drive([planNode('a1', { liveness: 'silent' })]);
    slow.tick(500_000);
    close(slow, outside);
    slow.tick(86_400_000);
    expect(slow.status).to.equal('waiting');
    close(slow, undefined);
    slow.tick(599_999);
    expect(slow.status).to.equal('running');
    slow.tick(1);
    expect(slow.status).to.equal('rolledBack'); // nothing was changed yet
  });

  it('starts nothing when it is planned outside of a window, but stages', () => {
    const drive = new Drive(
      nodes('a1', 'a2'),
      { stageRequire: { kind: 'percent', percent: 100 } },
      { closed: outside },
    );
    expect(drive.status).to.equal('staging');
    expect(drive.assigned()).to.deep.equal(['a1=stage', 'a2=stage']);
    drive.report('a1', 'staged');
    drive.report('a2', 'staged');
    expect(drive.status).to.equal('waiting');
    expect(drive.state.header.waves[0]?.status).to.equal('pending');
    expect(drive.assigned()).to.deep.equal([]);
    close(drive, undefined);
    expect(drive.assigned()).to.deep.equal(['a1=to']);
  });

  it('does not even stage in a freeze', () => {
    const drive = new Drive(
      nodes('a1'),
      { stageRequire: { kind: 'percent', percent: 100 } },
      { closed: frozen },
    );
    expect(drive.assigned()).to.deep.equal([]);
    expect(drive.status).to.equal('paused');
    close(drive, undefined);
    expect(drive.assigned()).to.deep.equal(['a1=stage']);
  });

  it('takes back what failed though the window has closed, and in a freeze only when it is over', () => {
    for (const closure of [outside, frozen]) {
      const drive = new Drive(nodes('a1', 'a2', 'a3'), {
        budget: { failed: { kind: 'count', count: 0 }, lost: { kind: 'count', count: 0 } },
      });
      drive.healthy('a1');
      close(drive, closure);
      drive.assigned();
      drive.fail('a2');
      expect(drive.state.header.lane).to.equal('back');
      if (closure === frozen) {
        expect(drive.status).to.equal('paused');
        expect(drive.assigned()).to.deep.equal([]);
        close(drive, undefined);
      }
      expect(drive.status).to.equal('rollingBack');
      expect(drive.assigned()).to.deep.equal(['a1=from']);
      drive.healthy('a1', 'a2');
      expect(drive.status).to.equal('rolledBack');
    }
  });

  it('lets a rollback that a person asked for go on at any hour', () => {
    const drive = new Drive(nodes('a1', 'a2'), {}, { cause: 'rollback', closed: outside });
    expect(drive.assigned()).to.deep.equal(['a1=to']);
    expect(drive.status).to.equal('running');
  });

  it('holds a rolling restart', () => {
    const drive = new Drive(nodes('a1', 'a2'), {}, { cause: 'restart', to: v1, closed: outside });
    expect(drive.assigned()).to.deep.equal([]);
    expect(drive.status).to.equal('waiting');
  });

  it('gives a node that joins the proven release outside of windows', () => {
    const drive = new Drive(nodes('a1'), {}, { closed: outside });
    const fresh = { serving: false, deployed: false, current: undefined, currentConfigRevision: undefined };
    drive.send({ kind: 'nodeJoined', node: planNode('a9', fresh) });
    expect(drive.assigned()).to.deep.equal(['a9=from']);
  });

  it('lets a wave bake and its gate be approved, and begins the next one when it is open', () => {
    const drive = new Drive(nodes('a1', 'a2'), {
      waves: [
        wave('pilot', { members: { kind: 'canary', by: ['zone'], each: 1 }, bakeMs: 60_000, gate: 'manual' }),
        wave('rest'),
      ],
    });
    drive.healthy('a1');
    close(drive, outside);
    drive.tick(60_000);
    drive.operator('approve');
    expect(drive.state.header.waves.map(({ status }) => status)).to.deep.equal(['passed', 'pending']);
    drive.assigned();
    close(drive, undefined);
    expect(drive.assigned()).to.deep.equal(['a2=to']);
  });

  it('is judged at once when all have the release on disk, and not only with the next report', () => {
    const within = { requirements: [{ kind: 'in' as const, key: 'zone', values: ['a'] }], text: 'zone=a' };
    const pilot = wave('pilot', { members: { kind: 'canary', by: ['zone'], each: 1 }, within });
    const drive = new Drive([planNode('a1', { liveness: 'lost' }), planNode('b1')], {
      ...{ waves: [pilot, wave('rest')], stageRequire: { kind: 'count', count: 1 } },
    });
    close(drive, frozen);
    drive.report('b1', 'staged');
    expect(drive.reason).to.contain('none of its 1 canary node could be reached');
  });

  it('can be aborted, and says what holds it when it is told to resume', () => {
    const drive = new Drive(nodes('a1', 'a2'));
    close(drive, frozen);
    expect(drive.operator('resume').refusal?.message).to.contain('it waits for a thaw');
    drive.operator('abort');
    expect(drive.status).to.equal('aborted');
    expect(drive.state.header.closed).to.equal(undefined);
  });

  it('keeps a pause that a person made when it opens (spinnaker#5545)', () => {
    const drive = new Drive(nodes('a1', 'a2'));
    close(drive, outside);
    drive.operator('pause');
    close(drive, undefined);
    drive.healthy('a1');
    drive.assigned();
    drive.tick(1);
    expect(drive.status).to.equal('paused');
    expect(drive.assigned()).to.deep.equal([]);
  });
});
