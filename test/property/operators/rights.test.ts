import { expect } from 'chai';
import fc from 'fast-check';
import { needs, requireRights } from '../../../coordinator/core/operators/access.js';
import { type Concern, mayAs, mayWhere, type Place } from '../../../coordinator/core/operators/rights.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, EnvName } from '../../../shared/model/ids.js';
import { roles } from '../../../shared/model/operator.js';

const apps = ['web' as AppName, 'api' as AppName];
const envs = ['staging' as EnvName, 'production' as EnvName];
const place: fc.Arbitrary<Place> = fc.record({
  app: fc.constantFrom(...apps, undefined),
  env: fc.constantFrom(...envs),
});
const concern: fc.Arbitrary<Concern> = fc.oneof(
  fc.constantFrom<Concern>({ kind: 'nothing' }, { kind: 'everything' }),
  fc.constantFrom(...apps).map((app): Concern => ({ kind: 'app', app })),
  fc
    .tuple(fc.constantFrom(...apps), fc.constantFrom(...envs, ''))
    .map(([app, env]): Concern => ({ kind: 'environment', app, env })),
);
const role = fc.constantFrom(...roles);

describe('the rights of an operator', () => {
  it('grow with the role and with each place, and never shrink by more of either', () => {
    fc.assert(
      fc.property(fc.array(place), place, concern, role, role, role, (places, more, what, a, b, c) => {
        if (mayWhere(places, what)) expect(mayWhere([...places, more], what)).to.equal(true);
        expect(mayWhere(undefined, what)).to.equal(true);
        if (mayAs(a, b) && mayAs(b, c)) expect(mayAs(a, c)).to.equal(true);
        expect(mayAs(a, b) || mayAs(b, a)).to.equal(true);
      }),
    );
  });

  it('reach an environment only by a place that names it, and what is about all of them by none', () => {
    fc.assert(
      fc.property(fc.array(place), concern, (places, what) => {
        if (what.kind === 'nothing' || !mayWhere(places, what)) return;
        expect(what.kind).not.to.equal('everything');
        const names = places.some(({ app, env }) => {
          const isApp = 'app' in what && (app ?? what.app) === what.app;
          return isApp && (what.kind !== 'environment' || env === what.env);
        });
        expect(names).to.equal(true);
      }),
    );
  });

  it('are refused by a sentence with what it takes, exactly where they do not reach', () => {
    fc.assert(
      fc.property(
        fc.option(fc.array(place), { nil: undefined }),
        concern,
        role,
        role,
        (places, what, has, needed) => {
          const may = mayAs(has, needed) && mayWhere(places, what);
          const said = refusal(() => {
            requireRights('ann', { role: has, places }, needed, what);
          });
          expect(said === '').to.equal(may);
          if (said !== '')
            expect(said).to.match(/^permissionDenied: ann (is an? \w+, and this takes|may change .* only)/);
        },
      ),
    );
  });

  it('of a viewer change nothing: whatever it may do is about nothing', () => {
    const asked = { app: 'web', env: 'staging', action: '', consumer: '' };
    for (const [name, need] of Object.entries(needs)) {
      const least = typeof need.role === 'string' ? need.role : need.role(asked);
      if (least === 'viewer') expect(need.about, name).to.equal('nothing');
    }
  });
});

function refusal(act: () => void): string {
  try {
    act();
    return '';
  } catch (thrown) {
    const { code, message } = CapstanError.from(thrown);
    return `${code}: ${message}`;
  }
}
