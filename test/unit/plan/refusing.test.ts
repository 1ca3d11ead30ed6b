import { expect } from 'chai';
import { refusesSignature } from '../../../coordinator/core/plan/refusing.js';
import { encodeEnvelope } from '../../../shared/core/envelope.js';

const [ours, theirs] = ['1', '2'].map((digit) => digit.repeat(64)) as [string, string];
const signedBy = (...keys: readonly string[]) => ({
  envelope: encodeEnvelope({
    payload: 'e30=',
    signatures: keys.map((keyid) => ({ keyid, sig: `${'A'.repeat(85)}A==` })),
  }),
});

describe('what nodes are sure to refuse', () => {
  it('is unsigned where none of their applications lets that run', () => {
    expect(refusesSignature({}, { allowUnsigned: false, trustedKeys: [ours] })).to.equal(true);
    expect(refusesSignature({}, { allowUnsigned: false })).to.equal(true);
    expect(refusesSignature({}, { allowUnsigned: true, trustedKeys: [ours] })).to.equal(false);
  });

  it('is signed by none of the keys that they name; what one of several signed may be enough', () => {
    expect(refusesSignature(signedBy(theirs), { allowUnsigned: false, trustedKeys: [ours] })).to.equal(true);
    const both = signedBy(theirs, ours);
    expect(refusesSignature(both, { allowUnsigned: false, trustedKeys: [ours] })).to.equal(false);
  });

  it('is nothing where not all keys were told, or unsigned releases of some application may run', () => {
    const many = Array.from({ length: 100 }, (_, at) => `${at}`.padStart(64, '0'));
    expect(refusesSignature(signedBy(ours), { allowUnsigned: false, trustedKeys: many })).to.equal(false);
    expect(refusesSignature(signedBy(theirs), { allowUnsigned: true, trustedKeys: [ours] })).to.equal(false);
  });
});
