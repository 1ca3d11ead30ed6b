import { expect } from 'chai';
import {
  encodeEnvelope,
  joinEnvelopes,
  parseEnvelope,
  payloadType,
  signersOf,
} from '../../../shared/core/envelope.js';
import { maxEnvelopeBytes, maxSignatures } from '../../../shared/model/release.js';
import { generatePrivateKey, readPrivateKey } from '../../../shared/signing/keys.js';
import { signStatement } from '../../../shared/signing/sign.js';
import { parseStatement, preAuthEncoding, signedBytes } from '../../../shared/signing/statement.js';
import { statement } from './claims.js';

const newKey = () => readPrivateKey(generatePrivateKey(), 'a.key');

describe('DSSE', () => {
  it('encodes what is signed as the example of its specification', () => {
    const encoded = preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world'));
    expect(encoded.toString()).to.equal('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  it('counts bytes, not characters, and takes an empty body', () => {
    expect(preAuthEncoding('type/ü', Buffer.from('€')).toString()).to.equal('DSSEv1 7 type/ü 3 €');
    expect(preAuthEncoding('a', Buffer.alloc(0)).toString()).to.equal('DSSEv1 1 a 0 ');
  });

  it('signs the type of the payload with it', () => {
    expect(signedBytes(Buffer.from('{}')).toString()).to.equal(`DSSEv1 36 ${payloadType} 2 {}`);
  });
});

describe('an envelope', () => {
  const text = signStatement(statement, [newKey()]);
  const changed = (change: (value: Record<string, unknown>) => unknown) =>
    parseEnvelope(JSON.stringify(change(JSON.parse(text) as Record<string, unknown>)));

  it('is read back as it was written, with the statement in it', () => {
    const envelope = parseEnvelope(text);
    if (typeof envelope === 'string') throw new Error(envelope);
    expect(encodeEnvelope(envelope)).to.equal(text);
    expect(parseStatement(Buffer.from(envelope.payload, 'base64'))).to.deep.equal(statement);
  });

  it('has the longest statement and the most signatures within its bound', () => {
    const long = { ...statement, application: 'a'.repeat(63), version: '9'.repeat(128) } as typeof statement;
    const full = signStatement(
      long,
      Array.from({ length: maxSignatures }, () => newKey()),
    );
    expect(full.length).to.be.below(maxEnvelopeBytes);
    expect(parseEnvelope(full)).to.be.an('object');
  });

  it('is refused with what is wrong with it', () => {
    expect(parseEnvelope('not JSON')).to.equal('it is not JSON as an envelope is');
    expect(parseEnvelope('null')).to.equal('it is not JSON as an envelope is');
    expect(parseEnvelope('"text"')).to.equal('it is not JSON as an envelope is');
    expect(parseEnvelope(' '.repeat(maxEnvelopeBytes + 1))).to.match(/longer than/);
    expect(changed((value) => ({ ...value, payloadType: 'text/plain' }))).to.match(/not of the type/);
    expect(changed((value) => ({ ...value, payload: 'e30' }))).to.equal('its payload is not Base64');
    expect(changed((value) => ({ ...value, payload: 7 }))).to.equal('its payload is not Base64');
    expect(changed((value) => ({ ...value, signatures: [] }))).to.equal('it has no signatures');
    expect(changed((value) => ({ ...value, signatures: {} }))).to.equal('it has no signatures');
    expect(changed((value) => ({ ...value, signatures: [null] }))).to.match(/is not 64 bytes/);
    expect(changed((value) => ({ ...value, more: 1 }))).to.equal('it is not written as Capstan writes it');
    const [one] = (JSON.parse(text) as { readonly signatures: readonly unknown[] }).signatures;
    const many = Array.from({ length: maxSignatures + 1 }, () => one);
    expect(changed((value) => ({ ...value, signatures: many }))).to.match(/more than 16 signatures/);
  });

  it('takes more signatures of the same statement, each once', () => {
    const parse = (envelope: string) => {
      const found = parseEnvelope(envelope);
      if (typeof found === 'string') throw new Error(found);
      return found;
    };
    const other = signStatement(statement, [newKey()]);
    const joined = joinEnvelopes(parse(text), parse(other));
    if (typeof joined === 'string') throw new Error(joined);
    expect(joined.signatures).to.have.length(2);
    expect(signersOf(encodeEnvelope(joined))).to.deep.equal([...signersOf(text), ...signersOf(other)]);
    expect(joinEnvelopes(joined, parse(text))).to.deep.equal(joined);
    const otherwise = signStatement({ ...statement, version: '9' as typeof statement.version }, [newKey()]);
    expect(joinEnvelopes(parse(text), parse(otherwise))).to.match(/another statement/);
    const full = parse(
      signStatement(
        statement,
        Array.from({ length: maxSignatures }, () => newKey()),
      ),
    );
    expect(joinEnvelopes(full, parse(text))).to.match(/more than 16/);
  });
});
