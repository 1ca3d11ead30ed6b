import { expect } from 'chai';
import { parseS3Url } from '../../../shared/distribution/s3-location.js';
import { CapstanError } from '../../../shared/model/errors.js';

describe('the URL of an s3: store', () => {
  const cases = [
    ['s3://releases', 'https://releases.s3.amazonaws.com', ''],
    ['s3://releases/a/b/?region=eu-central-1', 'https://releases.s3.eu-central-1.amazonaws.com', 'a/b'],
    ['s3://rel.example/a?region=eu-central-1', 'https://s3.eu-central-1.amazonaws.com/rel.example', 'a'],
    ['s3://releases/a?endpoint=https://s3.example.org', 'https://s3.example.org/releases', 'a'],
    ['s3://releases?endpoint=http://127.0.0.1:9000&style=path', 'http://127.0.0.1:9000/releases', ''],
    [
      's3://releases?endpoint=https://s3.example.org:8443&style=virtual',
      'https://releases.s3.example.org:8443',
      '',
    ],
  ] as const;
  for (const [url, bucketUrl, prefix] of cases) {
    it(`${url} leads to ${bucketUrl}`, () => {
      expect(parseS3Url(url)).to.include({ url, bucketUrl, prefix });
    });
  }

  const refused = [
    's3://',
    's3://a',
    's3://-bucket',
    's3://bucket/a//b',
    's3://bucket/ä',
    's3://bucket?endpoint=s3.example.org',
    's3://bucket?endpoint=ftp://s3.example.org',
    's3://bucket?endpoint=https://s3.example.org/path',
    's3://bucket?style=other',
    's3://bucket?regoin=x',
    's3://bucket?region=a/b',
  ];
  for (const url of refused) {
    it(`refuses ${url}`, () => {
      expect(() => parseS3Url(url))
        .to.throw(CapstanError)
        .with.property('code', 'invalid');
    });
  }

  it('refuses credentials, and does not repeat them', () => {
    for (const url of ['s3://AKID:hunter2@bucket', 's3://bucket?endpoint=https://AKID:hunter2@host']) {
      expect(() => parseS3Url(url)).to.throw(CapstanError, /^(?!.*hunter2).*$/);
    }
  });
});
