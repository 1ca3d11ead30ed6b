import { expect } from 'chai';
import { shortages } from '../../../agent/core/shortage.js';
import { metricsText } from '../../../agent/metrics.js';
import { waitingShare } from '../../../agent/stager/pressure.js';
import type { HostFacts } from '../../../shared/model/node-status.js';

const facts: HostFacts = {
  ...{ os: 'Debian 12', kernel: '6.1', arch: 'x64', hostname: 'web-1', cpus: 2, nodeVersion: 'v20.19.0' },
  ...{
    memoryTotal: 4e9,
    memoryAvailable: 1e9,
    diskTotal: 40e9,
    diskFree: 9e9,
    load1: 0.5,
    uptimeSeconds: 60,
  },
};

describe('what a host is nearly out of', () => {
  it('is judged by what is left, in share and in amount', () => {
    expect(shortages(facts)).to.equal('');
    expect(shortages({ ...facts, diskFree: 1.9e9 })).to.equal(
      'the disk is nearly full: 1.9 GB of 40 GB are free',
    );
    expect(shortages({ ...facts, diskTotal: 4e12, diskFree: 150e9 }), 'a twentieth of much').to.equal('');
    expect(shortages({ ...facts, diskTotal: 8e9, diskFree: 1e9 }), 'an eighth of little').to.equal('');
    expect(shortages({ ...facts, memoryAvailable: 60e6, diskFree: 0 })).to.equal(
      'the disk is nearly full: 0 B of 40 GB are free; memory is nearly gone: 60 MB of 4.0 GB are available',
    );
  });

  it("is read from the kernel's own words", () => {
    expect(waitingShare('some avg10=12.34 avg60=1.00 avg300=0.00 total=1\nfull avg10=9.00')).to.equal(12.34);
    expect(waitingShare('')).to.equal(undefined);
  });

  it('is in the metrics, with the pressure where the kernel tells it', () => {
    const status = { apps: [], agentVersion: '1', allowUnsigned: false };
    const without = metricsText({ ...status, facts }, true, undefined);
    expect(without).to.include('capstan_host_disk_free_bytes 9000000000\n').and.not.include('pressure');
    const pressure = { cpu: 1.5, memory: 0, io: 20 };
    const text = metricsText({ ...status, facts: { ...facts, pressure } }, true, undefined);
    expect(text).to.include('capstan_host_pressure_percent{resource="io"} 20\n');
    expect(metricsText({ ...status, facts: undefined }, true, undefined)).to.not.include('capstan_host');
  });
});
