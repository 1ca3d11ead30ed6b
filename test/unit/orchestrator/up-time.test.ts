import { expect } from 'chai';
import { UpTime } from '../../../coordinator/orchestrator/up-time.js';

describe('the up-time clock', () => {
  it('goes on from where it stood, in whole milliseconds', () => {
    let at = 1000;
    const upTime = new UpTime({ monotonic: () => at }, 50_000);
    expect(upTime.now()).to.equal(50_000);
    for (const step of [0.4, 0.4, 199.2]) at += step;
    expect(upTime.now()).to.equal(50_200);
  });

  it('stands still while the process is stopped, whoever looks first, and never goes back', () => {
    let at = 0;
    const upTime = new UpTime({ monotonic: () => at }, 0);
    at = 1000;
    expect(upTime.now()).to.equal(1000);
    at += 3_600_000;
    expect(upTime.now()).to.equal(1000);
    at += 200;
    expect(upTime.now()).to.equal(1200);
  });
});
