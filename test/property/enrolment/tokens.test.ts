import { expect } from 'chai';
import { array, assert, boolean, integer, property, record } from 'fast-check';
import { admit, type Identity } from '../../../coordinator/core/enrolment/identities.js';
import { type JoinToken, tokenState } from '../../../coordinator/core/enrolment/tokens.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { NodeName } from '../../../shared/model/ids.js';

const begin = 1000;
const fresh: JoinToken = {
  ...{ hash: 'a'.repeat(64), labels: {}, env: undefined, createdBy: 'ann', createdAt: begin },
  ...{ expiresAt: begin + 50, revokedAt: undefined, uses: 1, used: 0 },
};

interface Attempt {
  readonly node: NodeName;
  readonly keyDigest: string;
  readonly laterMs: number;
  readonly revoke: boolean;
}

/** Somebody tries to join: a name of three, a key of three, so much later, and whether the token is revoked before. */
const attempts = array(
  record({
    node: integer({ min: 0, max: 2 }).map((n) => `n${n}` as NodeName),
    keyDigest: integer({ min: 0, max: 2 }).map(String),
    laterMs: integer({ min: 0, max: 10 }),
    revoke: boolean(),
  }),
  { maxLength: 30 },
);

/** What a coordinator does with them. */
function play(uses: number, list: readonly Attempt[]) {
  let token: JoinToken = { ...fresh, uses };
  const identities = new Map<NodeName, Identity>();
  const joined: { readonly at: number; readonly state: string; readonly how: 'new' | 'again' }[] = [];
  let now = begin;
  for (const { node, keyDigest, laterMs, revoke } of list) {
    now += laterMs;
    if (revoke && laterMs === 10) token = { ...token, revokedAt: now };
    const state = tokenState(token, now);
    try {
      const how = admit({ node, keyDigest }, token, identities.get(node), now);
      joined.push({ at: now, state, how });
      if (how === 'again') continue;
      expect(identities.has(node)).to.equal(false);
      identities.set(node, { node, id: '', labels: {}, token: token.hash, keyDigest, enrolledAt: now });
      token = { ...token, used: token.used + 1 };
    } catch (error) {
      expect(error).to.be.instanceOf(CapstanError);
    }
  }
  return { token, identities, joined };
}

describe('join tokens', () => {
  it('let no more nodes join than they say, whoever asks how often, and a name belongs to one key', () => {
    assert(
      property(integer({ min: 1, max: 3 }), attempts, (uses, list) => {
        const { token, identities, joined } = play(uses, list);
        expect(identities.size).to.equal(joined.filter(({ how }) => how === 'new').length);
        expect(identities.size).to.be.at.most(uses);
        expect(token.used).to.equal(identities.size);
      }),
    );
  });

  it('let nobody join after their end, nor once they are revoked', () => {
    assert(
      property(integer({ min: 1, max: 3 }), attempts, (uses, list) => {
        for (const { at, state } of play(uses, list).joined) {
          expect(at).to.be.lessThan(fresh.expiresAt);
          expect(state).not.to.equal('revoked');
        }
      }),
    );
  });

  it('answer a server that asks again with the same key as long as they last, also when they are used up', () => {
    const first = { node: 'n1' as NodeName, keyDigest: '1' };
    const { token, identities } = play(1, [{ ...first, laterMs: 0, revoke: false }]);
    expect(tokenState(token, begin)).to.equal('usedUp');
    expect(admit(first, token, identities.get(first.node), begin)).to.equal('again');
    const other = { ...first, keyDigest: '2' };
    expect(() => admit(other, token, identities.get(first.node), begin)).to.throw(
      /used as often as it may be/,
    );
    expect(() => admit(first, token, identities.get(first.node), fresh.expiresAt)).to.throw(/has expired/);
  });
});
