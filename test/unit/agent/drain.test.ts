import { expect } from 'chai';
import * as fc from 'fast-check';
import { type Answer, allTold, judgeDrain, noteAnswer, type Pollers } from '../../../agent/core/drain.js';

type Told = readonly [now: number, answer: Answer];

const nobody: Pollers = { completeSince: 0, known: [] };
const told = (...answers: readonly Told[]): Pollers =>
  answers.reduce((pollers, [now, answer]) => noteAnswer(pollers, answer, now), nobody);
const http = (from: string, wanted: boolean): Answer => ({ from, by: 'http', wanted });
const haproxy = (from: string, wanted: boolean): Answer => ({ from, by: 'agentCheck', wanted });

/** A drain of ten seconds that began at 60 s. */
const drain = (pollers: Pollers) => ({ since: 60_000, waitMs: 10_000, pollers });

describe('whether all load balancers have been told', () => {
  it('takes three refusals of what asks over HTTP, and one of an agent-check', () => {
    const asked: Told[] = [
      [59_000, http('a', true)],
      [59_500, haproxy('b', true)],
    ];
    expect(allTold(drain(told(...asked)))).to.equal(false);
    asked.push([60_100, haproxy('b', false)], [60_200, http('a', false)], [60_700, http('a', false)]);
    expect(allTold(drain(told(...asked)))).to.equal(false);
    asked.push([61_200, http('a', false)]);
    expect(allTold(drain(told(...asked)))).to.equal(true);
    asked.push([61_300, http('a', true)], [61_400, http('a', false)]);
    expect(allTold(drain(told(...asked))), 'counted in a row').to.equal(false);
  });

  it('waits for each that asked shortly before, even if it asks no more', () => {
    const asked: Told[] = [
      [51_000, haproxy('slow', true)],
      [60_100, haproxy('quick', false)],
    ];
    expect(allTold(drain(told(...asked)))).to.equal(false);
    expect(allTold(drain(told([49_000, haproxy('gone', true)], [60_100, haproxy('quick', false)])))).to.equal(
      true,
    );
  });

  it('knows nothing where nobody asks, where it has not watched for long, and where too many ask', () => {
    expect(allTold(drain(nobody))).to.equal(false);
    const late = noteAnswer({ completeSince: 55_000, known: [] }, haproxy('a', false), 60_100);
    expect(allTold(drain(late)), 'the agent was started five seconds before').to.equal(false);
    const crowd = Array.from({ length: 65 }, (_, n): Told => [60_000 + n, haproxy(`h${n}`, false)]);
    expect(told(...crowd).known).to.have.length(64);
    expect(allTold(drain(told(...crowd)))).to.equal(false);
  });

  it('is never so while one that asked within the time of the drain lacks a refusal', () => {
    const answer = fc.record({
      from: fc.constantFrom('a', 'b', 'c'),
      by: fc.constantFrom('http' as const, 'agentCheck' as const),
      wanted: fc.boolean(),
    });
    const history = fc.array(fc.tuple(fc.integer({ min: 40_000, max: 70_000 }), answer), { maxLength: 30 });
    fc.assert(
      fc.property(history, (unsorted) => {
        const answers = unsorted.toSorted(([one], [other]) => one - other);
        if (!allTold(drain(told(...answers)))) return;
        const recent = answers.filter(([now]) => now >= 50_000);
        expect(recent).to.not.have.length(0);
        for (const [, { from, by }] of recent) {
          const own = answers.map(([, each]) => each).filter((each) => each.from === from && each.by === by);
          const needed = by === 'http' ? 3 : 1;
          expect(own.slice(-needed).filter(({ wanted }) => !wanted)).to.have.length(needed);
        }
      }),
    );
  });
});

describe('a drain', () => {
  const facts = drain(nobody);

  it('lasts its time if nothing is known, and ends when nobody has been connected for half a second', () => {
    expect(judgeDrain(facts, undefined, 61_000)).to.deep.equal({ kind: 'waiting', untilMs: 70_000 });
    expect(judgeDrain(facts, 61_000, 61_250)).to.deep.equal({ kind: 'waiting', untilMs: 61_500 });
    expect(judgeDrain(facts, 61_000, 61_500)).to.deep.equal({ kind: 'over' });
    expect(judgeDrain(facts, undefined, 70_000)).to.deep.equal({ kind: 'over' });
    expect(judgeDrain(facts, 69_900, 69_950), 'never longer than its time').to.deep.equal({
      kind: 'waiting',
      untilMs: 70_000,
    });
  });
});
