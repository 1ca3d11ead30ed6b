import { userInfo } from 'node:os';
import { expect } from 'chai';
import { baseEnvironment } from '../../../agent/io/base-environment.js';

describe('the environment of what a release runs', () => {
  it('says who it runs as, also where the agent was not told, and takes nothing else over', () => {
    const { username, homedir } = userInfo();
    const own = { HOME: homedir, USER: username, LOGNAME: username };
    expect(baseEnvironment({ PATH: '/bin', SECRET: 'x' })).to.deep.equal({ PATH: '/bin', ...own });
    const told = { HOME: '/home/a', USER: 'a', LOGNAME: 'a' };
    expect(baseEnvironment({ ...told, LANG: 'C' })).to.deep.equal({ ...told, LANG: 'C' });
  });
});
