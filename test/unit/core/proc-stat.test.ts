import { expect } from 'chai';
import { hasEnded, parseProcessStat } from '../../../shared/core/proc-stat.js';

const rest = '1 4242 4200 0 -1 4194560 900 800 0 0 7 3 20 10 20 0 1 0 123456 1000 200 18446744073709551615';

describe('the status of a process', () => {
  it('is read behind the name of the program, which may hold anything', () => {
    for (const name of ['node', 'a b', ') S 9 9 9', '((', ')\n']) {
      expect(parseProcessStat(`77 (${name}) S ${rest}`), name).to.deep.equal({
        state: 'S',
        parent: 1,
        group: 4242,
        session: 4200,
        cpuTicks: 10,
        childrenCpuTicks: 30,
        startTicks: '123456',
      });
    }
  });

  it('is nothing when it is cut short', () => {
    expect(parseProcessStat('')).to.equal(undefined);
    expect(parseProcessStat('77 (node) S 1 4242')).to.equal(undefined);
  });

  it('says who has ended', () => {
    const states = ['R', 'S', 'D', 'T', 'Z', 'X'].filter((state) => {
      const stat = parseProcessStat(`77 (node) ${state} ${rest}`);
      return stat !== undefined && hasEnded(stat);
    });
    expect(states).to.deep.equal(['Z', 'X']);
  });
});
