import { expect } from 'chai';
import { candidates, farther } from '../../../coordinator/core/promotion/candidates.js';
import { type AtGate, lacksOf } from '../../../coordinator/core/promotion/gate.js';
import { beginTime, provenMs } from '../../../coordinator/core/promotion/proven-times.js';
import { lackHints, lackText } from '../../../coordinator/core/promotion/sentences.js';
import type { BuildRecord, CheckRecord } from '../../../coordinator/core/promotion/types.js';
import type { AppName, Digest, EnvName, ReleaseVersion } from '../../../shared/model/ids.js';
import type { Release } from '../../../shared/model/release.js';

const app = 'web' as AppName;
const env = 'production' as EnvName;
const staging = 'staging' as EnvName;
const version = '1.4.0' as ReleaseVersion;
const digest = (letter: string): Digest => `sha256:${letter.repeat(64)}` as Digest;

const check = (name: string, passed: boolean): CheckRecord => ({ name, passed, by: 'ci', at: 1, reason: '' });
const build = (fields: Partial<BuildRecord>): BuildRecord => ({
  ...{ app, digest: digest('a'), checks: [], approvals: [], promotions: [] },
  ...fields,
});
const approved = (by: string, where = env) => ({ env: where, by, at: 1, reason: '' });

const rule = { from: staging, bakeMs: 60_000, checks: ['smoke'], approvals: 2 };
const before = { proven: true, bakedMs: 60_000, goesOn: true };
const whole = build({ checks: [check('smoke', true)], approvals: [approved('ann'), approved('bob')] });

const lacks = (fields: Partial<AtGate>): readonly string[] =>
  lacksOf({ env, rule, build: whole, wasHere: false, publishers: ['ci'], before, ...fields }).map(lackText);

describe('the gate of an environment', () => {
  it('is open without a rule, and to what has everything', () => {
    expect(lacks({ rule: undefined, build: undefined })).to.deep.equal([]);
    expect(lacks({})).to.deep.equal([]);
  });

  it('names all that is lacking at once', () => {
    const proof = { proven: false, bakedMs: 0, goesOn: false };
    expect(lacks({ build: undefined, before: proof })).to.deep.equal([
      'it has not proven itself in staging',
      'check smoke was not recorded',
      'it has 0 of 2 approvals',
    ]);
  });

  it('counts people and not their words, and only those for this environment', () => {
    const approvals = [approved('ann'), approved('ann'), approved('bob', staging)];
    expect(lacks({ build: { ...whole, approvals } })).to.deep.equal(['it has 1 of 2 approvals (ann)']);
  });

  it('takes no approval of who published it where four eyes are asked for', () => {
    const own = { publishers: ['ann', 'ci'] };
    expect(lacks(own)).to.deep.equal([]);
    const fourEyes = { ...rule, fourEyes: true } as const;
    expect(lacks({ ...own, rule: fourEyes })).to.deep.equal([
      'it has 1 of 2 approvals by others than who published it (bob)',
    ]);
    expect(lacks({ rule: fourEyes })).to.deep.equal([]);
    const [lack] = lacksOf({ env, rule: fourEyes, build: whole, wasHere: false, before, ...own });
    expect(lackHints(lack === undefined ? [] : [lack], { app, version, env })).to.match(
      /other than ann, ci, bob/,
    );
  });

  it('waits until a release has baked to the last millisecond', () => {
    const baking = { proven: true, bakedMs: 59_999, goesOn: true };
    expect(lacks({ before: baking })).to.deep.equal(['it was the proven release in staging for 59s of 1m']);
    expect(lacks({ before: { ...baking, goesOn: false } })[0]).to.match(/and is no longer$/);
  });

  it('goes by the newest word on a check, also after the promotion', () => {
    const failed = { ...whole, checks: [check('smoke', false)] };
    expect(lacks({ build: failed })).to.deep.equal(['check smoke failed, says ci']);
    const promoted = { ...failed, promotions: [approved('ann')] };
    expect(lacks({ build: promoted })).to.deep.equal(['check smoke failed, says ci']);
  });

  it('asks nothing more of what was promoted, or was proven here before', () => {
    const proof = { proven: false, bakedMs: 0, goesOn: false };
    const promoted = build({ promotions: [approved('ann')] });
    expect(lacks({ build: promoted, before: proof })).to.deep.equal([]);
    expect(lacks({ build: undefined, before: proof, wasHere: true })).to.deep.equal([]);
    const elsewhere = build({ promotions: [approved('ann', staging)] });
    expect(lacks({ build: elsewhere, before: proof })).to.have.length(3);
  });

  it('says what to do about each', () => {
    const proof = { proven: false, bakedMs: 0, goesOn: false };
    const all = lacksOf({ env, rule, build: undefined, wasHere: false, before: proof, publishers: [] });
    const hints = lackHints(all, { app, version, env });
    expect(hints).to.contain('capstan deploy web@1.4.0 --env staging');
    expect(hints).to.contain('capstan check record web@1.4.0 smoke --passed');
    expect(hints).to.contain('capstan approve web@1.4.0 --to production');
  });
});

describe('the time that a release was the proven one', () => {
  const [a, b] = [digest('a'), digest('b')];

  it('ends when another one is, and goes on when it comes again', () => {
    const first = beginTime([], a, [a], 100);
    const again = beginTime(first, a, [a], 500);
    expect(again).to.equal(first);
    const other = beginTime(again, b, [b, a], 1000);
    const back = beginTime(other, a, [a, b], 5000);
    expect(provenMs(other, a, 9000)).to.equal(900);
    expect(provenMs(back, a, 6000)).to.equal(900 + 1000);
    expect(provenMs(back, b, 6000)).to.equal(4000);
    expect(provenMs(back, digest('c'), 6000)).to.equal(undefined);
  });

  it('is known for as long as the build is known as proven, whatever came and went since', () => {
    const c = digest('c');
    let times = beginTime(beginTime([], c, [c], 0), a, [a, c], 7);
    for (let at = 8; at < 108; at++) times = beginTime(times, at % 2 === 0 ? b : a, [a, b, c], at);
    expect(times).to.have.length(3);
    expect(provenMs(times, c, 200)).to.equal(7);
    expect(provenMs(times, a, 108)).to.equal(51);
    expect(beginTime(times, b, [b, a], 200).map((time) => time.digest)).to.deep.equal([b, a]);
  });
});

describe('what an environment goes on to by itself', () => {
  const release = (name: string, publishedAt: number, retiredAt?: number): Release => ({
    ...{ app, version: name as ReleaseVersion, digest: digest('a'), publishedAt, publishedBy: 'ci' },
    ...{ manifestSize: 1, layout: { digest: digest('b'), size: 1 }, contentSize: 1, fileCount: 1 },
    ...{ packSize: 1, deltas: [] },
    ...(retiredAt === undefined ? {} : { retiredAt }),
  });
  const versions = (releases: readonly Release[]): readonly string[] => releases.map((one) => one.version);
  const all = [release('1', 10), release('2', 20), release('3', 20), release('4', 30)];

  it('is newer than all that was asked for, newest first, also of those published at once', () => {
    const reached = { version: '2' as ReleaseVersion, publishedAt: 20 };
    expect(versions(candidates(all, reached))).to.deep.equal(['4', '3']);
    expect(versions(candidates(all, undefined))).to.deep.equal(['4', '3', '2', '1']);
    expect(candidates(all, { version: '4' as ReleaseVersion, publishedAt: 30 })).to.deep.equal([]);
  });

  it('is never what was rolled back, nor older (nomad PR 3496)', () => {
    const asked = farther(undefined, { version: '4' as ReleaseVersion, publishedAt: 30 });
    const back = farther(asked, { version: '1' as ReleaseVersion, publishedAt: 10 });
    expect(candidates(all, back)).to.deep.equal([]);
  });

  it('is never one that was given up', () => {
    const reached = { version: '1' as ReleaseVersion, publishedAt: 10 };
    expect(versions(candidates([release('1', 10), release('2', 20, 25)], reached))).to.deep.equal([]);
  });
});
