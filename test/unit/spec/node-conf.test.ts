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
    expect([...conf.applications]).to.deep.equal([['web', { env: { PORT: '8081' }, rules: {} }]]);
  });

  it('reads what releases of an application may do', () => {
    const text = good.replace(
      '{ env: { PORT: 8081 } }',
      '{ user: web, users: [web-db, Backup.1], units: [web.service], installUnits: true }',
    );
    const rules = {
      ...{ user: 'web', users: ['web-db', 'Backup.1'] },
      ...{ units: ['web.service'], installUnits: true },
    };
    expect([...parseNodeConf(text, 'a.yml').applications]).to.deep.equal([['web', { env: {}, rules }]]);
  });

  const faults: readonly (readonly [rules: string, column: number, says: RegExp])[] = [
    ['user: 1000', 16, /must be the name of a user, not the number 1000/],
    ['user: "-u"', 16, /"-u" cannot be the name of a user/],
    ['user: "a b"', 16, /"a b" cannot be the name of a user/],
    ['users: web', 17, /must be a list/],
    ['users: [a, ""]', 21, /"" cannot be the name of a user/],
    ['units: [web]', 18, /"web" is not the name of a service unit/],
    ['installUnits: "yes"', 24, /must be true or false/],
    ['usr: web', 10, /did you mean "user"/],
  ];
  for (const [rules, column, says] of faults) {
    it(`refuses ${rules}, with line and column`, () => {
      const error = failure(() => parseNodeConf(good.replace('env: { PORT: 8081 }', rules), 'a.yml'));
      expect(error.message).to.match(says);
      expect(error.location).to.deep.equal({ file: 'a.yml', line: 5, column });
    });
  }

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
