import { expect } from 'chai';
import { parseApplicationSpecs } from '../../../shared/spec/application.js';
import { failure } from './failure.js';

const spec = (stores: string): string => `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: env=production
      stores: ${stores}
`;

const storesIn = (stores: string) =>
  parseApplicationSpecs(spec(stores), 'web.yml')[0]?.environments[0]?.stores;

describe('the stores of an environment', () => {
  it('are read with their zones', () => {
    expect(
      storesIn('[{ url: https://a.example/capstan/, zone: a }, { url: "s3://releases?region=eu-west-1" }]'),
    ).to.deep.equal([
      { url: 'https://a.example/capstan', zone: 'a' },
      { url: 's3://releases?region=eu-west-1', zone: undefined },
    ]);
  });

  it('are absent where the file does not name any', () => {
    const text = spec('[]').replace(/ +stores: \[\]\n/, '');
    expect(parseApplicationSpecs(text, 'web.yml')[0]?.environments[0]).to.not.have.property('stores');
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['[{ url: cdn.example }]', /not a URL/],
    ['[{ url: "ftp://cdn.example" }]', /no store/],
    ['[{ url: "https://user:hunter2@cdn.example" }]', /must not hold credentials/],
    ['[{ url: "https://cdn.example?token=x" }]', /must end with its path/],
    ['[{ url: "s3://releases?endpoint=x" }]', /endpoint/],
    ['[{ url: "https://cdn.example", zone: "a b" }]', /zone/],
    ['[{ url: "https://cdn.example" }, { url: "https://cdn.example/" }]', /twice/],
    ['[{ zone: a }]', /url/],
  ];
  for (const [stores, says] of refused) {
    it(`refuses ${stores} where it stands`, () => {
      const error = failure(() => parseApplicationSpecs(spec(stores), 'web.yml'));
      expect(error).to.include({ code: 'invalid' });
      expect(error.message).to.match(says).and.not.contain('hunter2');
      expect(error.location?.line).to.equal(8);
    });
  }
});
