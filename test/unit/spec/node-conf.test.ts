import { expect } from 'chai';
import { parseNodeConf } from '../../../shared/spec/node-conf.js';
import { failure } from './failure.js';

const good = `apiVersion: capstan/v1
kind: Node
env: { REGION: eu, PORT: 08080 }
applications:
  web: { env: { PORT: 8081 } }
`;

describe('parseNodeConf', () => {
  it('reads values for all applications and for single ones', () => {
    const conf = parseNodeConf(good, 'conf.d/a.yml');
    expect(conf.env).to.deep.equal({ REGION: 'eu', PORT: '08080' });
    expect([...conf.applications]).to.deep.equal([['web', { env: { PORT: '8081' } }]]);
  });

  it('takes an empty file for one that says nothing', () => {
    expect(parseNodeConf('# nothing yet\n', 'a.yml')).to.deep.equal({ env: {}, applications: new Map() });
  });

  it('points at a wrong name', () => {
    const error = failure(() => parseNodeConf(good.replace('web:', 'Web:'), 'a.yml'));
    expect(error.location).to.deep.equal({ file: 'a.yml', line: 5, column: 3 });
  });

  it('points at an unknown key', () => {
    const error = failure(() => parseNodeConf(good.replace('applications:', 'aplications:'), 'a.yml'));
    expect(error.message).to.equal('Unknown key "aplications"; did you mean "applications"?');
    expect(error.location).to.deep.equal({ file: 'a.yml', line: 4, column: 1 });
  });
});
