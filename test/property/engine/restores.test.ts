import { expect } from 'chai';
import fc from 'fast-check';
import { epochAfter, firstGeneration } from '../../../shared/core/epoch.js';
import { atOnce } from '../../sim/system/environments.js';
import type { Tables } from '../../sim/system/memory-store.js';
import { app, numberOf, type ReleaseTraits } from '../../sim/system/releases.js';
import { Site } from '../../sim/system/site.js';

const good: ReleaseTraits = { fault: undefined, oneIn: 1, database: undefined, service: true };
const strategy = { ...atOnce, maxUnavailable: { kind: 'count', count: 1 } } as const;

/** A site of which it is judged that no node goes back; what is started on its nodes is noted. */
function siteOf(noise: number, nodes: number): { readonly site: Site; readonly started: string[] } {
  const highest = new Map<string, number>();
  const started: string[] = [];
  const nothing = (): undefined => undefined;
  const chance = { noise, nodes, zones: 2, join: 'stable', bandwidth: 0 } as const;
  const options = { ...chance, strategies: [strategy], releases: [good, good, good] };
  const site = new Site(
    options,
    {
      ...{ committed: nothing, told: nothing, acknowledged: nothing, databaseBegun: nothing },
      journalled: (_site, { name }, record) => {
        const before = highest.get(name) ?? 0;
        highest.set(name, Math.max(before, record.highest));
        return record.highest < before ? `${name} went back from ${before} to ${record.highest}` : undefined;
      },
      started: (_site, { name }, dir) => {
        started.push(`${name} ${dir}`);
        return undefined;
      },
    },
    undefined,
    false,
  );
  return { site, started };
}

/** The coordinator dies, and another one comes up with what it once had. @returns the epoch that begins */
function restore(site: Site, backup: Tables): number {
  site.coordinator.kill(1000);
  const { meta } = backup;
  const now = site.time.now;
  const epoch = epochAfter(meta.epoch ?? 0, now);
  const nextGeneration = Math.max(meta.nextGeneration, firstGeneration(epoch));
  const restored = { takenAt: now, restoredAt: now };
  site.store.tables = { ...backup, meta: { ...meta, nextGeneration, epoch, restoreId: `${now}`, restored } };
  return epoch;
}

async function thaw(site: Site): Promise<void> {
  const operations = site.coordinator.service?.orchestrator.operations;
  if (operations === undefined) throw new Error('the coordinator is not there');
  const call = { key: 'thaw', method: 'thaw', request: 'thaw', by: 'ann' };
  const done = operations.unlock(call, {
    kind: 'freeze',
    app,
    env: undefined,
    reason: 'looked',
    force: true,
  });
  await site.pass(2000);
  await done;
}

const liveIn = (site: Site): readonly (number | undefined)[] =>
  site.nodes.map(({ host }) => (host.service === undefined ? undefined : numberOf(host.service.digest)));

const moment = fc.integer({ min: 0, max: 9000 });

describe('sites whose coordinator is restored from an older backup in the middle of rollouts', () => {
  it('move no node before somebody deploys, and then all of them, and none goes back to what is older', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1e6),
        fc.integer({ min: 1, max: 4 }),
        moment,
        moment,
        fc.nat(2),
        async (noise, nodes, takenAt, lostAt, failing) => {
          const { site, started } = siteOf(noise, nodes);
          try {
            site.start();
            await site.pass(1500);
            for (const release of [1, 2, 3]) site.operators.register(release);
            site.operators.apply(0);
            await site.pass(1000);
            site.operators.deploy(1);
            await site.pass(40_000);
            expect(new Set(liveIn(site)), 'before').to.deep.equal(new Set([1]));
            site.operators.deploy(2);
            await site.pass(takenAt);
            const backup = site.store.tables;
            await site.pass(3000);
            site.operators.deploy(3);
            await site.pass(lostAt);
            const epoch = restore(site, backup);
            site.coordinator.nextCommits = Array.from({ length: failing }, () => 'fails'); // the first ones: what a restore asks for is among them
            await site.pass(30_000); // what was begun on a node ends by itself
            const { length } = started;
            await thaw(site);
            await site.pass(20_000);
            expect(started.slice(length), 'after the thaw').to.deep.equal([]);
            site.operators.deploy(2);
            await site.pass(60_000);
            expect(site.violation).to.equal(undefined);
            expect(liveIn(site)).to.deep.equal(site.nodes.map(() => 2));
            for (const { host } of site.nodes) {
              expect(host.disk.desired()?.epoch).to.equal(epoch);
            }
            expect(site.store.tables.locks.size).to.equal(0);
          } finally {
            site.close();
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});
