import { expect } from 'chai';
import { unitRefusal } from '../../../agent/io/services/units/installing.js';
import type { AppName } from '../../../shared/model/ids.js';
import { type AppRules, noRules } from '../../../shared/model/node-rules.js';

describe('which units a release may use', () => {
  const refusal = (unit: string, rules: Partial<AppRules> = {}, file?: string): string =>
    unitRefusal(
      'web' as AppName,
      { kind: 'systemd', unit, ...(file === undefined ? {} : { file }) },
      { of: () => ({ ...noRules, ...rules }), confDir: '/etc/conf.d' },
      'deployer.service',
    );

  it('are never those of Capstan, nor the agent itself', () => {
    for (const unit of [
      'capstan-agent.service',
      'capstan.service',
      'capstan@a.service',
      'deployer.service',
    ]) {
      expect(refusal(unit, { units: [unit] }), unit).to.include('a name that Capstan keeps for itself');
      expect(refusal(unit, { installUnits: true, user: 'web' }, 'a.service'), unit).to.not.equal('');
    }
  });

  it('are those that the node names, if it says whom the release runs as', () => {
    expect(refusal('ssh.service', { user: 'web' })).to.equal(
      'the release uses ssh.service of this host, which this node does not allow: ' +
        'name it in units: [ssh.service] under applications.web in a file of /etc/conf.d',
    );
    expect(refusal('ssh.service', { user: 'web', units: ['web.service'] })).to.include('does not allow');
    expect(refusal('ssh.service', { units: ['web.service'] })).to.include('does not allow');
    expect(refusal('web.service', { user: 'web', units: ['web.service'] })).to.equal('');
    expect(refusal('own.service', { user: 'web', installUnits: true }, 'own.service')).to.equal('');
  });

  it('are any if its programs run as the agent does anyway', () => {
    expect(refusal('web.service')).to.equal('');
  });
});
