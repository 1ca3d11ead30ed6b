import { expect } from 'chai';
import { compareVersions } from '../../../coordinator/io/http/install/compare-versions.js';

describe('versions of packages', () => {
  it('are ordered as dpkg does', () => {
    const sorted = [
      '0.9',
      '0.10~~',
      '0.10~rc1',
      '0.10~rc2',
      '0.10',
      '0.10-1',
      '0.10a',
      '0.10+later',
      '0.10.1',
      '1',
    ];
    for (const [at, version] of sorted.entries()) {
      expect(compareVersions(version, version), version).to.equal(0);
      for (const later of sorted.slice(at + 1)) {
        expect(compareVersions(version, later), `${version} < ${later}`).to.be.below(0);
        expect(compareVersions(later, version), `${later} > ${version}`).to.be.above(0);
      }
    }
  });
});
