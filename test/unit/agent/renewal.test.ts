import { expect } from 'chai';
import { RenewedCoordinator } from '../../../agent/io/identity/renewed-coordinator.js';
import { keepRenewed, type Renewable } from '../../../agent/renewal.js';
import { validFor } from '../../../shared/core/certificate-times.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { PollAnswer } from '../../../shared/model/messages.js';
import type { AgentClient } from '../../../shared/wire/agent-client.js';

const hour = 3_600_000;
const start = 1_700_000_000_000;

/** Renews on a clock that only sleeping moves, until `renew` was asked `times`. */
async function renewals(
  times: number,
  renew: (nowMs: number, count: number) => Renewable,
  { aheadMs = 0, chance = 0 } = {},
) {
  let nowMs = start;
  let failures = 0;
  const asked: number[] = [];
  const logged: string[] = [];
  const stop = new AbortController();
  const log = (event: string): void => void logged.push(event);
  await keepRenewed(
    {
      first: { validity: validFor(24 * hour, start - aheadMs), aheadMs },
      renew: () => {
        asked.push((nowMs - start) / hour);
        if (asked.length === times) stop.abort();
        try {
          return Promise.resolve(renew(nowMs, asked.length));
        } catch (error) {
          failures += 1;
          return Promise.reject(CapstanError.from(error));
        }
      },
      clock: {
        now: () => nowMs,
        monotonic: () => nowMs,
        sleep: (ms) => {
          nowMs += Math.max(1, Math.round(ms));
          return Promise.resolve();
        },
      },
      random: { next: () => chance, hex: () => '' },
      log: { info: log, warn: log, error: log },
    },
    stop.signal,
  );
  return { asked, logged, failures };
}

describe('renewing a certificate', () => {
  it('is done when two thirds of each life are over, and not by all nodes in the same moment', async () => {
    const renew = (now: number): Renewable => ({ validity: validFor(24 * hour, now), aheadMs: 0 });
    expect((await renewals(3, renew)).asked).to.deep.equal([16, 32, 48]);
    expect((await renewals(3, renew, { chance: 0.5 })).asked).to.deep.equal([17, 34, 51]);
  });

  it("goes by the coordinator's clock, however wrong this host's is, and says so", async () => {
    const aheadMs = 100 * 24 * hour;
    const renew = (now: number): Renewable => ({ validity: validFor(24 * hour, now - aheadMs), aheadMs });
    const { asked, logged } = await renewals(2, renew, { aheadMs });
    expect(asked).to.deep.equal([16, 32]);
    expect(logged).to.include('clock.skewed');
  });

  it('is tried again within minutes when it fails, and told as an error once the certificate is over', async () => {
    const renew = (now: number, count: number): Renewable => {
      if (count < 200) throw new CapstanError('unreachable', 'nobody answers');
      return { validity: validFor(24 * hour, now), aheadMs: 0 };
    };
    const { asked, logged, failures } = await renewals(200, renew, { chance: 0.5 });
    expect(failures).to.equal(199);
    expect(asked.at(-1)).to.be.greaterThan(24);
    const gaps = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
    expect(Math.max(...gaps)).to.be.at.most(5 / 60 + 0.001);
    expect(logged.filter((event) => event === 'certificate.notRenewed')).to.have.length(199);
  });
});

describe('a connection that is renewed', () => {
  it('lets calls that are under way end on the one that they began on, and closes that then', async () => {
    const clients: { ends: ((answer: PollAnswer) => void)[]; isClosed: boolean }[] = [];
    const nothing: PollAnswer = { desired: undefined, retryAfterMs: 0, reportWanted: false, logs: [] };
    const connect = (): AgentClient => {
      const client = { ends: [] as ((answer: PollAnswer) => void)[], isClosed: false };
      clients.push(client);
      return {
        address: 'a:1',
        poll: () => new Promise((resolve) => client.ends.push(resolve)),
        report: () => Promise.reject(new CapstanError('unreachable', 'gone')),
        findPeers: () => Promise.resolve({ packs: [], askAgainMs: 0 }),
        close: () => {
          client.isClosed = true;
        },
      };
    };
    const coordinator = new RenewedCoordinator('a:1', connect);
    const options = { deadlineMs: 1000, signal: new AbortController().signal };
    const asked = { revisionSeen: 0, instance: 'i', session: 's', reportSequence: 0 };
    const before = coordinator.poll(asked, options);
    coordinator.renew();
    const after = coordinator.poll(asked, options);
    expect(clients.map(({ ends, isClosed }) => [ends.length, isClosed])).to.deep.equal([
      [1, false],
      [1, false],
    ]);
    clients[0]?.ends[0]?.(nothing);
    await before;
    expect(clients.map(({ isClosed }) => isClosed)).to.deep.equal([true, false]);
    clients[1]?.ends[0]?.(nothing);
    await after;
    coordinator.renew();
    expect(clients.map(({ isClosed }) => isClosed)).to.deep.equal([true, true, false]);
  });
});
