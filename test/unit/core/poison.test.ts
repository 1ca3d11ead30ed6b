import { expect } from 'chai';
import {
  blames,
  type Evidence,
  evidenceText,
  onlyConfig,
  type PoisonRecord,
  withEvidence,
} from '../../../coordinator/core/poison.js';
import type { AppName, Digest, EnvName, NodeName, ReleaseVersion } from '../../../shared/model/ids.js';

const of = { app: 'web' as AppName, digest: `sha256:${'a'.repeat(64)}` as Digest };
const on = (node: string, at = 1): Evidence => ({
  node: node as NodeName,
  env: 'production' as EnvName,
  version: '2.0.0' as ReleaseVersion,
  step: 'check',
  reason: 'probe answered 500',
  rollout: undefined,
  at,
});

describe('poison', () => {
  it('is what failed on so many nodes, and stays so', () => {
    let poison: PoisonRecord | undefined;
    for (const [node, at] of [
      ['a', 1],
      ['a', 2],
      ['b', 3],
    ] as const) {
      poison = withEvidence(poison, of, on(node, at), 3);
      expect(poison.since).to.equal(undefined);
    }
    poison = withEvidence(poison, of, on('c', 4), 3);
    expect(poison.since).to.equal(4);
    expect(withEvidence(poison, of, on('d', 5), 9).since).to.equal(4);
    expect(evidenceText(withEvidence(poison, of, on('d', 5), 3))).to.equal(
      '4 nodes: a (production, check: probe answered 500), b (production, check: probe answered 500), c (production, check: probe answered 500) and 1 more',
    );
  });

  it('is told with its values as long as it never failed with others', () => {
    const values = (node: string, configRevision: string, config: number): Evidence => ({
      ...{ ...on(node), configRevision, config },
    });
    const one = withEvidence(undefined, of, values('a', 'r4', 4), 2);
    expect(evidenceText(one)).to.match(/\), each time with config 4 of production$/);
    const elsewhere = withEvidence(one, of, { ...values('b', 'r4', 1), env: 'staging' as EnvName }, 2);
    expect(onlyConfig(elsewhere)).to.include({ node: 'b', config: 1 });
    expect(onlyConfig(withEvidence(one, of, values('b', 'r5', 5), 2))).to.equal(undefined);
    expect(onlyConfig(withEvidence(one, of, on('b'), 2)), 'of an older version').to.equal(undefined);
  });

  it('keeps so much evidence and no more, however many nodes fail', () => {
    let poison: PoisonRecord | undefined;
    for (let at = 0; at < 200; at++) poison = withEvidence(poison, of, on(`n${at}`, at), 3);
    expect(poison?.evidence).to.have.length(50);
    expect(poison?.since).to.equal(2);
  });

  it('blames no release for bytes that did not come, full disks, or the old one (elastic#15557, codedeploy#348)', () => {
    expect(
      (['fetch', 'verify', 'unpack', 'preflight', 'drain', 'stop', 'swap', 'remove'] as const).some(blames),
    ).to.equal(false);
    expect((['database', 'start', 'check', 'rejoin', 'turnBack'] as const).every(blames)).to.equal(true);
  });
});
