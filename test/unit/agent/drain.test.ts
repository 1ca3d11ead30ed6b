import { expect } from 'chai';
import * as fc from 'fast-check';
import { type Answer, allTold, judgeDrain, noteAnswer, type Pollers } from '../../../agent/core/drain.js';

type Told = readonly [now: number, answer: Answer];

const nobody: Pollers = { completeSince: 0, known: [] };
const told = (...answers: readonly Told[]): Pollers =>
  answers.reduce((pollers, [now, answer]) => noteAnswer(pollers, answer, now), nobody);
const http = (from: string, wanted: boolean): Answer => ({ from, by: 'http', wanted });
const haproxy = (from: string, wanted: boolean): Answer => ({ from, by: 'agentCheck', wanted });

/** Even times, both ends included. */
const times = (ms: number, from: number, to: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / ms) + 1 }, (_, n) => from + n * ms);
const every = (ms: number, from: number, to: number, answer: Answer): readonly Told[] =>
  times(ms, from, to).map((now) => [now, answer]);

/** A drain of ten seconds that began at 60 s. */
const drain = (pollers: Pollers) => ({ since: 60_000, waitMs: 10_000, pollers });
const toldAll = (asked: readonly Told[], now: number): boolean => allTold(drain(told(...asked)), now);

describe('whether all load balancers have been told', () => {
  it('takes three refusals of what asks over HTTP, and one of an agent-check', () => {
    const asked: Told[] = [
      ...every(500, 57_700, 59_700, http('a', true)),
      ...every(600, 58_900, 59_500, haproxy('b', true)),
    ];
    expect(toldAll(asked, 60_000)).to.equal(false);
    asked.push([60_100, haproxy('b', false)], [60_200, http('a', false)], [60_700, http('a', false)]);
    expect(toldAll(asked, 61_000)).to.equal(false);
    asked.push([61_200, http('a', false)]);
    expect(toldAll(asked, 61_499), 'as long as three of its questions take').to.equal(false);
    expect(toldAll(asked, 61_500)).to.equal(true);
    asked.push([61_700, http('a', true)], [62_200, http('a', false)]);
    expect(toldAll(asked, 65_000), 'counted in a row').to.equal(false);
  });

  it('leaves the slowest of several at one address the time that it needs', () => {
    const by = (asker: (from: string, wanted: boolean) => Answer, fall: number): void => {
      const questions = [
        ...times(2000, 50_300, 70_000).map((now) => [now, 'haproxy'] as const),
        ...times(500, 50_000, 70_000).map((now) => [now, 'monitor'] as const),
      ].sort(([one], [other]) => one - other);
      const asked: Told[] = [];
      let refused = 0;
      for (const [now, who] of questions) {
        const wanted = now < 60_000;
        asked.push([now, asker('10.0.0.9', wanted)]);
        if (!wanted && who === 'haproxy') refused += 1;
        if (!wanted && toldAll(asked, now)) break;
      }
      expect(refused).to.equal(fall);
      expect(asked.at(-1)?.[0], 'not the whole time').to.be.below(68_000);
    };
    by(http, 3);
    by(haproxy, 1);
  });

  it('takes the usual pace for that of one who asked for the first time', () => {
    const asked: Told[] = [[60_100, haproxy('new', false)]];
    expect(toldAll(asked, 61_999)).to.equal(false);
    expect(toldAll(asked, 62_000)).to.equal(true);
  });

  it('waits for each that asked shortly before, even if it asks no more', () => {
    const asked: Told[] = [
      [51_000, haproxy('slow', true)],
      [60_100, haproxy('quick', false)],
    ];
    expect(toldAll(asked, 69_000)).to.equal(false);
    asked[0] = [49_000, haproxy('gone', true)];
    expect(toldAll(asked, 69_000)).to.equal(true);
  });

  it('knows nothing where nobody asks, where it has not watched for long, and where too many ask', () => {
    expect(allTold(drain(nobody), 69_000)).to.equal(false);
    const late = noteAnswer({ completeSince: 55_000, known: [] }, haproxy('a', false), 60_100);
    expect(allTold(drain(late), 69_000), 'the agent was started five seconds before').to.equal(false);
    const crowd = Array.from({ length: 65 }, (_, n): Told => [60_000 + n, haproxy(`h${n}`, false)]);
    expect(told(...crowd).known).to.have.length(64);
    expect(toldAll(crowd, 69_000)).to.equal(false);
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
        if (!toldAll(answers, 70_000)) return;
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
