import { expect } from 'chai';
import {
  type CheckFacts,
  foldProbe,
  judgeCheck,
  overall,
  type ProbeState,
  rememberedProbe,
  restartedProbe,
  unknownProbe,
} from '../../../agent/core/health.js';
import { removable } from '../../../agent/core/retention.js';
import { substitute, valuesFor } from '../../../agent/core/values.js';
import { specOf, staged } from '../../property/agent/model.js';

const timing = { everyMs: 1, timeoutMs: 1, rise: 2, fall: 3 };
const fold = (results: string): ProbeState =>
  results
    .split('')
    .reduce<ProbeState>(
      (state, result) =>
        foldProbe(state, result === '+' ? { ok: true } : { ok: false, complaint: 'no' }, timing, 0),
      unknownProbe,
    );

describe('health', () => {
  it('rises and falls by results in a row', () => {
    const verdicts = ['+', '++', '++--', '++---', '++---+', '++---++', '+-+-+-', '--', '---', '++--+--'].map(
      (results) => fold(results).verdict,
    );
    expect(verdicts).to.deep.equal([
      ...['unknown', 'healthy', 'healthy', 'unhealthy', 'unhealthy', 'healthy'],
      ...['unknown', 'unknown', 'unhealthy', 'healthy'],
    ]);
  });

  it('does not hold failures within the start period against it, until it has succeeded once', () => {
    const patient = { ...timing, startPeriodMs: 1000 };
    const after = (results: string, sinceStartMs: number, state = unknownProbe): ProbeState =>
      results
        .split('')
        .reduce<ProbeState>(
          (probe, result) =>
            foldProbe(
              probe,
              result === '+' ? { ok: true } : { ok: false, complaint: 'no' },
              patient,
              sinceStartMs,
            ),
          state,
        );
    expect(after('-----', 999)).to.deep.include({ verdict: 'unknown', complaint: 'no' });
    expect(after('---', 1000).verdict, 'it is over').to.equal('unhealthy');
    expect(after('+---', 10).verdict, 'a success ended it').to.equal('unhealthy');
    expect(after('--', 1000, after('----', 999)).verdict, 'counted from its end').to.equal('unknown');
    expect(after('---', 10, rememberedProbe('healthy')).verdict, 'as the agent was restarted').to.equal(
      'unhealthy',
    );
    expect(restartedProbe(after('++', 10), patient)).to.deep.equal(unknownProbe);
    expect(restartedProbe(fold('++'), timing).verdict, 'without a start period').to.equal('healthy');
  });

  it('is as good as its worst probe, and good without any', () => {
    expect(overall([])).to.equal('healthy');
    expect(overall([fold('++'), fold('')])).to.equal('unknown');
    expect(overall([fold('++'), fold('---')])).to.equal('unhealthy');
  });

  const facts = (more: Partial<CheckFacts>): CheckFacts => ({
    startedAt: 1000,
    now: 1500,
    healthySince: undefined,
    exits: 0,
    lastExit: '',
    over: false,
    complaint: 'status 500',
    ...more,
  });
  const policy = { minHealthyTimeMs: 200, deadlineMs: 2000 };

  it('gives up at once what nobody will start again', () => {
    const verdict = judgeCheck(facts({ over: true, exits: 1, lastExit: 'web.service failed: x' }), policy);
    expect(verdict).to.deep.equal({
      kind: 'failed',
      reason: 'the service does not run any more: web.service failed: x',
    });
  });

  it('passes after the minimum healthy time without a break', () => {
    expect(judgeCheck(facts({ healthySince: 1400 }), policy)).to.deep.equal({
      kind: 'waiting',
      untilMs: 1600,
    });
    expect(judgeCheck(facts({ healthySince: 1300 }), policy)).to.deep.equal({ kind: 'passed' });
  });

  it('fails at the deadline with what the probes say, and at once after three exits', () => {
    expect(judgeCheck(facts({ now: 2999 }), policy)).to.deep.equal({ kind: 'waiting', untilMs: 3000 });
    expect(judgeCheck(facts({ now: 3000 }), policy)).to.deep.equal({
      kind: 'failed',
      reason: 'it was not healthy within 2s: status 500',
    });
    expect(judgeCheck(facts({ exits: 3, lastExit: 'exit code 1' }), policy)).to.have.property(
      'kind',
      'failed',
    );
  });
});

describe('retention', () => {
  it('keeps the newest, and whatever is needed however old (capistrano#1907)', () => {
    const releases = ['a', 'b', 'c', 'd', 'e'].map((dir, order) =>
      staged({ dir, service: false, good: true, stages: true }, order),
    );
    expect(removable(releases, new Set(['b']), 2)).to.deep.equal(['a', 'c']);
    expect(removable(releases, new Set(), 9)).to.deep.equal([]);
  });
});

describe('values', () => {
  const spec = specOf(
    { service: true },
    { config: { LEVEL: 'info' }, health: [{ kind: 'tcp', address: '127.0.0.1:${PORT}', ...timing }] },
  );
  const allowed = (name: string): boolean => name !== 'NODE_OPTIONS';

  it('lets the node win over the environment, and that over the release', () => {
    const sources = {
      own: { PORT: '3' },
      ownForAll: { PORT: '2', ZONE: 'z' },
      config: { PORT: '1', LEVEL: 'warn' },
    };
    expect(valuesFor(spec, sources, allowed)).to.deep.equal({ LEVEL: 'warn', PORT: '3', ZONE: 'z' });
  });

  it('takes from the coordinator only what the release asks for, and loader variables from nobody', () => {
    const sources = {
      own: { NODE_OPTIONS: '--require x' },
      ownForAll: {},
      config: { OTHER: '1', NODE_OPTIONS: 'y' },
    };
    expect(valuesFor(spec, sources, allowed)).to.deep.equal({ LEVEL: 'info' });
    expect(substitute('127.0.0.1:${PORT}', { PORT: '9' })).to.equal('127.0.0.1:9');
  });
});
