import { expect } from 'chai';
import { Link, type LinkOptions } from '../../../agent/link.js';
import type { Coordinator } from '../../../agent/ports/coordinator.js';
import { CapstanError } from '../../../shared/model/errors.js';
import {
  type LogRequest,
  messageLimits,
  type PollAnswer,
  type ReportRequest,
} from '../../../shared/model/messages.js';
import { app } from '../../property/agent/model.js';
import { eventually } from '../../support/eventually.js';

const nothingNew: PollAnswer = { desired: undefined, retryAfterMs: 0, reportWanted: false, logs: [] };
const never = new Promise<PollAnswer>(() => undefined);
const minuteMs = 60_000;

/** A link whose polls are answered by `poll`, told how many there were, on a clock that only sleeping moves. */
function setup(
  poll: (count: number) => Promise<PollAnswer>,
  more: Partial<LinkOptions> & Partial<Pick<Coordinator, 'report'>> = {},
) {
  const world = { nowMs: 0, polls: 0, sleeps: [] as number[], late: 0 };
  const stopping = new AbortController();
  const coordinator: Coordinator = {
    address: '127.0.0.1:7000',
    poll: () => {
      world.polls += 1;
      if (!link.onTime) world.late += 1;
      return poll(world.polls);
    },
    report: more.report ?? (() => never as Promise<never>),
    findPeers: () => never as Promise<never>,
    close: () => undefined,
  };
  const link: Link = new Link({
    coordinators: [coordinator],
    instance: 'i',
    session: 's',
    clock: {
      now: () => 0,
      monotonic: () => world.nowMs,
      sleep: (ms) => {
        world.sleeps.push(ms);
        world.nowMs += ms;
        return Promise.resolve();
      },
    },
    random: { next: () => 0.5, hex: () => '' },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    revisionSeen: () => 0,
    epochSeen: () => 0,
    restoreSeen: () => '',
    status: () => ({ apps: [], facts: undefined, agentVersion: '1', allowUnsigned: false }),
    serving: () => undefined,
    apply: () => Promise.resolve(),
    readLog: () => Promise.resolve(''),
    ...more,
  });
  return { link, world, stopping };
}

describe('the poll loop, as a watchdog sees it', () => {
  it('is late when a poll does not end by itself (Mender 5.0.3: active, and silent for 66 minutes)', async () => {
    const { link, world, stopping } = setup((count) => (count === 1 ? Promise.resolve(nothingNew) : never));
    expect(link.onTime, 'before it began').to.equal(false);
    void link.run(stopping.signal);
    await eventually(() => world.polls === 2);
    expect(link.onTime).to.equal(true);
    world.nowMs += 1.5 * minuteMs;
    expect(link.onTime, 'a poll may be held so long').to.equal(true);
    world.nowMs += minuteMs;
    expect(link.onTime).to.equal(false);
  });

  it('is late when what it was told is not taken', async () => {
    const desired = { revision: 1, assignments: [], stores: [] };
    const { link, world, stopping } = setup(() => Promise.resolve({ ...nothingNew, desired }), {
      apply: () => never as Promise<never>,
    });
    void link.run(stopping.signal);
    await eventually(() => world.polls === 1);
    expect(link.onTime).to.equal(true);
    world.nowMs += 2 * minuteMs;
    expect(link.onTime).to.equal(false);
  });

  it('goes on after every error, and nobody sends it to sleep for long', async () => {
    const troubles: readonly (() => Promise<PollAnswer>)[] = [
      () => Promise.reject(new CapstanError('unreachable', 'nobody answers')),
      () => Promise.reject(new CapstanError('refused', 'not wanted')),
      () => Promise.reject(new CapstanError('unavailable', 'busy', { retryAfterMs: 1440 * minuteMs })),
      () => Promise.reject(new TypeError('a defect')),
      () => {
        throw new Error('a defect at once');
      },
      () => Promise.resolve({ ...nothingNew, desired: { revision: 1, assignments: [], stores: [] } }),
      () => Promise.resolve({ ...nothingNew, retryAfterMs: 1440 * minuteMs }),
    ];
    const { link, world, stopping } = setup((count) => troubles[count - 1]?.() ?? never, {
      apply: () => Promise.reject(new Error('the disk is gone')),
    });
    void link.run(stopping.signal);
    await eventually(() => world.polls === troubles.length + 1);
    expect(Math.max(...world.sleeps)).to.equal(5 * minuteMs);
    expect(link.onTime, 'it does what it should').to.equal(true);
  });
});

describe('the logs that an agent is asked for', () => {
  const asked = (count: number): PollAnswer => ({
    ...nothingNew,
    logs: Array.from({ length: count }, (_, n) => ({ id: `l${n}`, app, maxBytes: 1 })),
  });
  const longest = '\u{6f22}'.repeat(messageLimits.logText);

  it('go in as many reports as they need', async () => {
    const reports: ReportRequest[] = [];
    const { link, stopping } = setup((count) => (count === 1 ? Promise.resolve(asked(9)) : never), {
      readLog: () => Promise.resolve(`cut${longest}`),
      report: (report) => Promise.resolve(reports.push(report)),
    });
    void link.run(stopping.signal);
    await eventually(() => reports.flatMap(({ logs }) => logs).length === 9);
    for (const { logs } of reports) {
      const bytes = logs.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
      expect(bytes).to.be.most(messageLimits.messageBytes / 2);
      for (const { text } of logs) expect(text).to.equal(longest);
    }
    expect(new Set(reports.flatMap(({ logs }) => logs.map(({ id }) => id)))).to.have.length(9);
  });

  it('do not mute the node when they are refused, and wait for a coordinator that is away', async () => {
    const troubles = [new CapstanError('unreachable', 'away'), new CapstanError('unavailable', 'too large')];
    const reports: ReportRequest[] = [];
    const { link, stopping } = setup((count) => (count === 1 ? Promise.resolve(asked(1)) : never), {
      report: (report) => {
        reports.push(report);
        const trouble = report.logs.length > 0 ? troubles.shift() : undefined;
        return trouble === undefined ? Promise.resolve(report.sequence) : Promise.reject(trouble);
      },
    });
    void link.run(stopping.signal);
    await eventually(() => troubles.length === 0 && reports.at(-1)?.logs.length === 0);
    expect(reports.filter(({ logs }) => logs.length > 0)).to.have.length(2);
  });

  it('are read beside the poll loop, a limited number at once', async () => {
    const reading: LogRequest[] = [];
    const { link, world, stopping } = setup((count) => (count < 4 ? Promise.resolve(asked(10)) : never), {
      readLog: (request) => (reading.push(request), never as Promise<never>),
    });
    void link.run(stopping.signal);
    await eventually(() => world.polls === 4);
    expect(link.onTime).to.equal(true);
    expect(reading).to.have.length(16);
  });
});
