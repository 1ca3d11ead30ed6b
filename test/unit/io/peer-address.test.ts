import { expect } from 'chai';
import { reachable } from '../../../coordinator/io/grpc/peer-address.js';

describe('the address of a node that serves packs', () => {
  const as = (url: string, address: string): string => reachable({ url, slots: 1, packs: [] }, address).url;

  it('is the one that it calls from, if it listens on all of them', () => {
    expect(as('https://0.0.0.0:7660', '10.1.2.3:54321')).to.equal('https://10.1.2.3:7660');
    expect(as('https://[::]:7660', 'fd00::1:54321')).to.equal('https://[fd00::1]:7660');
    expect(as('https://[::]:7660', '[fd00::1]:54321')).to.equal('https://[fd00::1]:7660');
    expect(as('https://0.0.0.0:7660', '::ffff:10.1.2.3:54321')).to.equal('https://10.1.2.3:7660');
  });

  it('is left as it is otherwise, also where nothing better is known', () => {
    expect(as('https://10.0.0.9:7660', '10.1.2.3:54321')).to.equal('https://10.0.0.9:7660');
    expect(as('https://[fd00::2]:7660', '10.1.2.3:54321')).to.equal('https://[fd00::2]:7660');
    expect(as('https://0.0.0.0:7660', 'unknown')).to.equal('https://0.0.0.0:7660');
    expect(as('https://0.0.0.0:7660', 'fe80::1%eth0:1')).to.equal('https://0.0.0.0:7660');
  });
});
