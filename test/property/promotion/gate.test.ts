import { expect } from 'chai';
import * as fc from 'fast-check';
import { type AtGate, lacksOf } from '../../../coordinator/core/promotion/gate.js';
import type { AppName, Digest, EnvName } from '../../../shared/model/ids.js';

const env = 'production' as EnvName;
const names = ['unit', 'smoke', 'acceptance'];
const people = ['ann', 'bob', 'eve'];

const word = (where: fc.Arbitrary<EnvName>) =>
  fc.record({ env: where, by: fc.constantFrom(...people), at: fc.nat(), reason: fc.constant('') });
const somewhere = fc.constantFrom(env, 'staging' as EnvName);

const gates: fc.Arbitrary<AtGate> = fc.record({
  env: fc.constant(env),
  rule: fc.record(
    {
      from: fc.constantFrom('staging' as EnvName, undefined),
      bakeMs: fc.integer({ min: 0, max: 5 }),
      checks: fc.uniqueArray(fc.constantFrom(...names)),
      approvals: fc.integer({ min: 0, max: 3 }),
      ...{ fourEyes: fc.constantFrom<true[]>(true) },
    },
    { requiredKeys: ['from', 'bakeMs', 'checks', 'approvals'] },
  ),
  publishers: fc.subarray([...people]),
  build: fc.option(
    fc.record({
      app: fc.constant('web' as AppName),
      digest: fc.constant('sha256:1' as Digest),
      checks: fc.uniqueArray(
        fc.record({
          name: fc.constantFrom(...names),
          passed: fc.boolean(),
          by: fc.constantFrom(...people),
          at: fc.nat(),
          reason: fc.constant(''),
        }),
        { selector: ({ name }) => name },
      ),
      approvals: fc.array(word(somewhere), { maxLength: 5 }),
      promotions: fc.array(word(somewhere), { maxLength: 2 }),
    }),
    { nil: undefined },
  ),
  wasHere: fc.boolean(),
  before: fc.record({ proven: fc.boolean(), bakedMs: fc.integer({ min: 0, max: 6 }), goesOn: fc.boolean() }),
});

/** What the guide says, in other words. */
function mayComeIn({ rule, build, wasHere, before, publishers }: AtGate): boolean {
  if (rule === undefined) return true;
  const word = (name: string): boolean | undefined =>
    build?.checks.find((check) => check.name === name)?.passed;
  if (rule.checks.some((name) => word(name) === false)) return false;
  if (wasHere || (build?.promotions ?? []).some((promotion) => promotion.env === env)) return true;
  const approved = new Set((build?.approvals ?? []).flatMap((one) => (one.env === env ? [one.by] : [])));
  if (rule.fourEyes === true) for (const by of publishers) approved.delete(by);
  return (
    rule.checks.every((name) => word(name) === true) &&
    approved.size >= rule.approvals &&
    (rule.from === undefined || (before.proven && before.bakedMs >= rule.bakeMs))
  );
}

describe('the gate of an environment, whatever was recorded', () => {
  it('lets in exactly what has everything', () => {
    fc.assert(
      fc.property(gates, (gate) => {
        expect(lacksOf(gate).length === 0).to.equal(mayComeIn(gate));
      }),
      { numRuns: 2000 },
    );
  });

  it('never asks for more because somebody approved', () => {
    fc.assert(
      fc.property(gates, word(somewhere), (gate, approval) => {
        const { build } = gate;
        if (build === undefined) return;
        const after = { ...gate, build: { ...build, approvals: [...build.approvals, approval] } };
        expect(lacksOf(after).length).to.be.at.most(lacksOf(gate).length);
      }),
      { numRuns: 1000 },
    );
  });
});
