import { expect } from 'chai';
import fc from 'fast-check';
import { digestOf, sha256 } from '../../../shared/release/digest.js';
import { encodeManifest } from '../../../shared/release/manifest.js';
import { generatePrivateKey, publicKeyOf, readPrivateKey } from '../../../shared/signing/keys.js';
import { signStatement } from '../../../shared/signing/sign.js';
import { refusalOf } from '../../../shared/signing/verify.js';
import { claimOf, statement } from '../../unit/signing/claims.js';

const manifest = encodeManifest([
  { kind: 'file', path: 'capstan.yml', executable: false, size: 3, sha256: sha256(Buffer.from('yml')) },
  { kind: 'file', path: 'run', executable: true, size: 3, sha256: sha256(Buffer.from('run')) },
]);
const digest = digestOf(sha256(manifest));
const secrets = [0, 1, 2].map(() => readPrivateKey(generatePrivateKey(), 'a.key'));
const keys = secrets.map(publicKeyOf);

/** All of `count` keys are needed, so that nothing in the envelope is superfluous. */
const signed = (count: number) => ({
  envelope: signStatement({ ...statement, digest }, secrets.slice(0, count)),
  rules: { trust: { keys, threshold: count } },
});

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  const at = Math.floor(bit / 8) % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit % 8));
  return copy;
}

const anyBit = fc.nat({ max: 1_000_000 });

describe('a signed release of which one bit is another', () => {
  it('is refused wherever in the envelope the bit is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), anyBit, (count, bit) => {
        const { envelope, rules } = signed(count);
        expect(refusalOf({ ...claimOf(envelope), digest }, rules)).to.equal('');
        const other = flipped(Buffer.from(envelope), bit).toString('latin1');
        expect(refusalOf({ ...claimOf(other), digest }, rules)).not.to.equal('');
      }),
      { numRuns: 300 },
    );
  });

  it('is refused wherever in the manifest the bit is', () => {
    const { envelope, rules } = signed(1);
    fc.assert(
      fc.property(anyBit, (bit) => {
        const other = digestOf(sha256(flipped(manifest, bit)));
        expect(refusalOf({ ...claimOf(envelope), digest: other }, rules)).to.match(/is for other content/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('an envelope that anybody may have written', () => {
  it('is refused with a sentence, and never breaks anything', () => {
    const { envelope, rules } = signed(1);
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((json) => envelope.replace('[', json)),
    );
    fc.assert(
      fc.property(text, (other) => {
        expect(refusalOf({ ...claimOf(other), digest }, rules)).to.match(
          /^the signature of web 1.4.0 cannot be read/,
        );
      }),
      { numRuns: 200 },
    );
  });
});
