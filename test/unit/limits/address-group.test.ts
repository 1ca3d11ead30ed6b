import { expect } from 'chai';
import { addressGroup } from '../../../coordinator/core/limits/address-group.js';

describe('who counts as one address', () => {
  for (const [address, group] of [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['', ''],
  ] as const) {
    it(`${address} is one of ${group}`, () => {
      expect(addressGroup(address)).to.equal(group);
    });
  }
});
