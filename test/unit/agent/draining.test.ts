import { expect } from 'chai';
import { noteAnswer, type Pollers } from '../../../agent/core/drain.js';
import { waitDrained } from '../../../agent/draining.js';
import type { Clock } from '../../../shared/ports/clock.js';

const waitMs = 10_000;
const start = 60_000;

/** A drain on a clock of our own. What is passed says, by the time since it began, who is connected and who is told. */
async function drained(options: {
  readonly connections: (atMs: number) => number | undefined;
  /** When HAProxy was told; undefined: nobody asks. */
  readonly toldAt?: number;
}): Promise<{ readonly tookMs: number; readonly lookedAt: readonly number[] }> {
  let now = start;
  const lookedAt: number[] = [];
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sleep: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  };
  const pollers = (): Pollers => {
    const nobody = { completeSince: 0, known: [] };
    if (options.toldAt === undefined) return nobody;
    const wanted = now < start + options.toldAt;
    // It asks every half second.
    const before = noteAnswer(nobody, { from: '10.0.0.9', by: 'agentCheck', wanted: true }, start - 500);
    return noteAnswer(before, { from: '10.0.0.9', by: 'agentCheck', wanted }, start);
  };
  const connections = (): Promise<number | undefined> => {
    lookedAt.push(now - start);
    return Promise.resolve(options.connections(now - start));
  };
  const signal = new AbortController().signal;
  await waitDrained({ service: { connections }, clock }, waitMs, {
    ...{ signal, pollers, notReadySince: () => start },
  });
  return { tookMs: now - start, lookedAt };
}

describe('waiting until a node is drained', () => {
  it('ends half a second after the last connection', async () => {
    const { tookMs, lookedAt } = await drained({ toldAt: 1000, connections: (at) => (at < 3000 ? 2 : 0) });
    expect(tookMs).to.equal(3500);
    expect(lookedAt[0], 'nobody looks before the load balancers know').to.equal(1000);
  });

  it('begins anew with a connection that came late', async () => {
    const connections = (at: number): number => (at === 1250 ? 1 : 0);
    expect((await drained({ toldAt: 1000, connections })).tookMs).to.equal(2000);
  });

  it('lasts its whole time if nobody asks, if somebody stays, or if it cannot be known', async () => {
    expect(await drained({ connections: () => 0 })).to.deep.equal({ tookMs: waitMs, lookedAt: [] });
    expect((await drained({ toldAt: 0, connections: () => 1 })).tookMs).to.equal(waitMs);
    expect((await drained({ toldAt: 0, connections: () => undefined })).tookMs).to.equal(waitMs);
  });
});
