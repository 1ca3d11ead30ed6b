import { expect } from 'chai';
import { storesForZone } from '../../../coordinator/core/origins.js';

const a1 = { url: 'https://a1', zone: 'a' };
const a2 = { url: 'https://a2', zone: 'a' };
const b = { url: 'https://b', zone: 'b' };
const cdn = { url: 'https://cdn', zone: undefined };
const own = ['https://coordinator'];

describe('the stores of a node', () => {
  it('are those of its zone, those of none, the others, and the coordinator’s last', () => {
    const origins = [b, cdn, a1, a2];
    expect(storesForZone(origins, 'a', own)).to.deep.equal([a1.url, a2.url, cdn.url, b.url, ...own]);
    expect(storesForZone(origins, 'b', own)).to.deep.equal([b.url, cdn.url, a1.url, a2.url, ...own]);
    expect(storesForZone(origins, 'c', own)).to.deep.equal([cdn.url, b.url, a1.url, a2.url, ...own]);
  });

  it('without a zone are those of none first', () => {
    expect(storesForZone([a1, cdn], undefined, own)).to.deep.equal([cdn.url, a1.url, ...own]);
  });

  it('name each once', () => {
    expect(storesForZone([{ ...cdn, zone: 'a' }, cdn], 'a', [cdn.url])).to.deep.equal([cdn.url]);
  });

  it('are left to what everybody has where an environment names none', () => {
    expect(storesForZone([], 'a', own)).to.deep.equal([]);
  });
});
