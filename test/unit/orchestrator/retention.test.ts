import { expect } from 'chai';
import fc from 'fast-check';
import { releasesToRetire } from '../../../coordinator/core/retention.js';
import type { AppName, Digest, ReleaseVersion } from '../../../shared/model/ids.js';
import type { Release } from '../../../shared/model/release.js';

const release = (index: number, retired = false): Release => ({
  ...{
    app: 'web' as AppName,
    version: `1.0.${index}` as ReleaseVersion,
    digest: `sha256:${index}` as Digest,
  },
  ...{ manifestSize: 1, layout: { digest: 'sha256:l' as Digest, size: 1 }, contentSize: 1, fileCount: 1 },
  ...{ packSize: 1, deltas: [], publishedAt: index, publishedBy: 'ci' },
  ...(retired ? { retiredAt: 1 } : {}),
});

const some = (count: number): readonly Release[] => Array.from({ length: count }, (_, at) => release(at));
const pins = (...indexes: number[]): ReadonlySet<ReleaseVersion> =>
  new Set(indexes.map((at) => release(at).version));
const namesOf = (releases: readonly Release[]): readonly string[] => releases.map(({ version }) => version);

describe('retention of releases', () => {
  it('gives up all but the newest', () => {
    expect(namesOf(releasesToRetire({ releases: some(4), keep: 2, pinned: pins() }))).to.deep.equal([
      '1.0.0',
      '1.0.1',
    ]);
  });

  it('keeps what is pinned, however old (capistrano#1907, #2120, octopus#2083, codedeploy#57)', () => {
    expect(namesOf(releasesToRetire({ releases: some(4), keep: 1, pinned: pins(0) }))).to.deep.equal([
      '1.0.1',
      '1.0.2',
    ]);
  });

  it('does not count those that were given up before', () => {
    const releases = [release(0, true), release(1), release(2, true), release(3)];
    expect(releasesToRetire({ releases, keep: 2, pinned: pins() })).to.deep.equal([]);
    expect(namesOf(releasesToRetire({ releases, keep: 1, pinned: pins() }))).to.deep.equal(['1.0.1']);
  });

  it('keeps all if told so', () => {
    expect(releasesToRetire({ releases: some(50), keep: 0, pinned: pins() })).to.deep.equal([]);
  });

  it('always leaves at least the newest so many and everything that is pinned', () => {
    const index = fc.nat({ max: 29 });
    fc.assert(
      fc.property(
        fc.nat({ max: 30 }),
        fc.integer({ min: 1, max: 10 }),
        fc.array(index),
        (count, keep, pinned) => {
          const retired = new Set(
            namesOf(releasesToRetire({ releases: some(count), keep, pinned: pins(...pinned) })),
          );
          const left = some(count).filter(({ version }) => !retired.has(version));
          expect(left.length).to.be.at.least(Math.min(keep, count));
          expect(namesOf(left)).to.include.members([...namesOf(some(count).slice(-keep))]);
          for (const at of pinned) expect(retired.has(release(at).version)).to.equal(false);
        },
      ),
    );
  });
});
