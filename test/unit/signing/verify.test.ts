import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { expect } from 'chai';
import { encodeEnvelope, shortKeyId } from '../../../shared/core/envelope.js';
import { signatureTroubleIn, withRulesOf } from '../../../shared/core/signature-refusals.js';
import {
  type AppName,
  type Digest,
  isPublicKey,
  type PublicKey,
  type ReleaseVersion,
} from '../../../shared/model/ids.js';
import { generatePrivateKey, keyIdOf, publicKeyOf, readPrivateKey } from '../../../shared/signing/keys.js';
import { signStatement } from '../../../shared/signing/sign.js';
import { encodeStatement, type Statement, signedBytes } from '../../../shared/signing/statement.js';
import { refusalOf } from '../../../shared/signing/verify.js';
import { failure } from '../spec/failure.js';
import { claimOf, statement } from './claims.js';

interface Pair {
  readonly secret: KeyObject;
  readonly key: PublicKey;
  readonly id: string;
}
const pair = (): Pair => {
  const secret = readPrivateKey(generatePrivateKey(), 'a.key');
  const key = publicKeyOf(secret);
  return { secret, key, id: shortKeyId(keyIdOf(key)) };
};
const [one, two, stranger] = [pair(), pair(), pair()];
const trusting = (threshold: number, ...pairs: readonly Pair[]) => ({
  trust: { keys: pairs.map(({ key }) => key), threshold },
});
const signedBy = (...pairs: readonly Pair[]): string =>
  signStatement(
    statement,
    pairs.map(({ secret }) => secret),
  );
const about = (change: Partial<Statement>): string =>
  signStatement({ ...statement, ...change }, [one.secret]);

describe('what a node lets run', () => {
  it('is what a key signed that it trusts', () => {
    expect(refusalOf(claimOf(signedBy(one)), trusting(1, one))).to.equal('');
    expect(refusalOf(claimOf(signedBy(stranger, two)), trusting(1, one, two))).to.equal('');
    expect(refusalOf(claimOf(signedBy(two, one)), trusting(2, one, two))).to.equal('');
  });

  it('is nothing unsigned, unless the node says so', () => {
    expect(refusalOf(claimOf(), trusting(1, one))).to.equal(
      'web 1.4.0 is not signed, and this node runs only signed releases of web',
    );
    expect(refusalOf(claimOf(), {})).to.equal(
      'web 1.4.0 is not signed, and this node neither trusts a key for web nor allows unsigned releases',
    );
    expect(refusalOf(claimOf(), { allowUnsigned: true })).to.equal('');
    expect(refusalOf(claimOf(), { ...trusting(1, one), allowUnsigned: true })).to.equal('');
  });

  it('is nothing signed where it trusts nobody, unless it lets even unsigned releases run', () => {
    expect(refusalOf(claimOf(signedBy(one)), {})).to.equal(
      'web 1.4.0 is signed, but this node trusts no key for web',
    );
    expect(refusalOf(claimOf(signedBy(one)), { allowUnsigned: true })).to.equal('');
  });

  it('does not take a signature for none: with keys it counts, also where unsigned releases may run', () => {
    const rules = { ...trusting(1, one), allowUnsigned: true };
    expect(refusalOf(claimOf(signedBy(stranger)), rules)).to.match(/which this node does not trust/);
  });

  it('is no release of another application, of another version, with other content', () => {
    const refusal = (change: Partial<Statement>): string =>
      refusalOf(claimOf(about(change)), trusting(1, one));
    expect(refusal({ application: 'shop' as AppName })).to.equal(
      'the signature given with web 1.4.0 is for another application, shop',
    );
    expect(refusal({ version: '1.3.9' as ReleaseVersion })).to.equal(
      'the signature given with web 1.4.0 is for another version, 1.3.9',
    );
    expect(refusal({ digest: `sha256:${'0c'.repeat(32)}` as Digest })).to.equal(
      'the signature of web 1.4.0 is for other content (sha256:0c0c0c0c0c0c) than what is to run (sha256:abababababab)',
    );
  });

  it('is nothing that a retired key or a stranger signed', () => {
    expect(refusalOf(claimOf(signedBy(stranger)), trusting(1, one, two))).to.equal(
      `web 1.4.0 is signed by key ${stranger.id}, which this node does not trust (any more); it trusts ${one.id}, ${two.id}`,
    );
  });

  it('is nothing signed by fewer keys than it asks for; one that signs twice counts once', () => {
    expect(refusalOf(claimOf(signedBy(one, stranger)), trusting(2, one, two))).to.equal(
      `web 1.4.0 is signed by 1 of the 2 trusted keys that this node asks for (${one.id})`,
    );
    expect(refusalOf(claimOf(signedBy(one, one)), trusting(2, one, two))).to.equal(
      `web 1.4.0 is signed by 1 of the 2 trusted keys that this node asks for (${one.id}); a key that signed twice counts once`,
    );
  });

  it('is refused in words by which others know what is to be done about it', () => {
    const trouble = (envelope: string | undefined, rules: Parameters<typeof refusalOf>[1]) =>
      signatureTroubleIn(withRulesOf(refusalOf(claimOf(envelope), rules), '/etc/conf.d'));
    expect(trouble(undefined, trusting(1, one))).to.equal('unsigned');
    expect(trouble(undefined, {})).to.equal('unsigned');
    expect(trouble(signedBy(one), {})).to.equal('untrusted');
    expect(trouble(signedBy(stranger), trusting(1, one))).to.equal('untrusted');
    expect(trouble(signedBy(one), trusting(2, one, two))).to.equal('untrusted');
    expect(trouble(about({ version: '1.3.9' as ReleaseVersion }), trusting(1, one))).to.equal('changed');
    expect(trouble('{}', trusting(1, one))).to.equal('changed');
    expect(signatureTroubleIn('the disk is full'), 'it is about something else').to.equal(undefined);
  });

  it('is nothing whose signature is not one: of somebody else under the name of a trusted key', () => {
    const payload = encodeStatement(statement);
    const sig = sign(null, signedBytes(payload), stranger.secret).toString('base64');
    const forged = encodeEnvelope({
      payload: payload.toString('base64'),
      signatures: [{ keyid: keyIdOf(one.key), sig }],
    });
    expect(refusalOf(claimOf(forged), trusting(1, one))).to.equal(
      `the signature of web 1.4.0 by key ${one.id} is not one: it, or what it signs, was changed`,
    );
  });

  it('is nothing whose statement was signed for another purpose', () => {
    const payload = encodeStatement(statement);
    const sig = sign(null, payload, one.secret).toString('base64'); // without the type
    const bare = encodeEnvelope({
      payload: payload.toString('base64'),
      signatures: [{ keyid: keyIdOf(one.key), sig }],
    });
    expect(refusalOf(claimOf(bare), trusting(1, one))).to.match(/is not one/);
  });

  it('is nothing whose signature cannot be read', () => {
    expect(refusalOf(claimOf('{}'), trusting(1, one))).to.match(
      /^the signature of web 1.4.0 cannot be read: /,
    );
    const payload = Buffer.from('{"application":"web"}');
    const sig = sign(null, signedBytes(payload), one.secret).toString('base64');
    const odd = encodeEnvelope({
      payload: payload.toString('base64'),
      signatures: [{ keyid: keyIdOf(one.key), sig }],
    });
    expect(refusalOf(claimOf(odd), trusting(1, one))).to.equal(
      'the signature of web 1.4.0 cannot be read: its statement is not one of a release',
    );
  });
});

describe('a key', () => {
  it('is told by its text, and named by the SHA-256 of its bytes', () => {
    // The first of the examples in RFC 8032.
    const raw = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');
    const text = `ed25519:${raw.toString('base64')}`;
    if (!isPublicKey(text)) throw new Error('it is one');
    expect(keyIdOf(text)).to.equal('21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9');
    const d = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url'), d: d.toString('base64url') };
    expect(publicKeyOf(createPrivateKey({ key: jwk, format: 'jwk' }))).to.equal(text);
  });

  it('is 32 bytes in Base64 as there is one way to write them', () => {
    const { key } = one;
    expect(isPublicKey(key)).to.equal(true);
    expect(isPublicKey(key.replace('ed25519:', ''))).to.equal(false);
    expect(isPublicKey(key.slice(0, -1))).to.equal(false);
    expect(isPublicKey(`${key.slice(0, -2)}B=`)).to.equal(false);
    expect(isPublicKey(`${key} `)).to.equal(false);
  });

  it('of another kind does not sign', () => {
    const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const pem = rsa.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(failure(() => readPrivateKey(pem, 'a.key')).message).to.equal(
      'The key in a.key is ec, not Ed25519.',
    );
    expect(failure(() => readPrivateKey('no key', 'a.key')).code).to.equal('invalid');
  });
});
