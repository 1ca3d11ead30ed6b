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

  const [one, two] = [`ed25519:${'A'.repeat(43)}=`, `ed25519:${'B'.repeat(42)}A=`];

  it('reads whose signatures count, for all applications and for single ones', () => {
    const text = `apiVersion: capstan/v1
kind: Node
trust: { keys: ['${one}'] }
applications:
  web: { trust: { keys: ['${one}', '${two}'], threshold: 2 } }
  scratch: { allowUnsigned: true }
`;
    const { signing, applications } = parseNodeConf(text, 'a.yml');
    expect(signing).to.deep.equal({ trust: { keys: [one], threshold: 1 } });
    expect([...applications]).to.deep.equal([
      ['web', { env: {}, rules: { trust: { keys: [one, two], threshold: 2 } } }],
      ['scratch', { env: {}, rules: { allowUnsigned: true } }],
    ]);
  });

  const faults: readonly (readonly [rules: string, column: number, says: RegExp])[] = [
    ['user: 1000', 16, /must be the name of a user, not the number 1000/],
    ['user: "-u"', 16, /"-u" cannot be the name of a user/],
    ['user: "a b"', 16, /"a b" cannot be the name of a user/],
    ['users: web', 17, /must be a list/],
    ['users: [a, ""]', 21, /"" cannot be the name of a user/],
    ['units: [web]', 18, /"web" is not the name of a service unit/],
    ['installUnits: "yes"', 24, /must be true or false/],
    ['trust: { keys: [] }', 25, /keys must have at least 1 entry/],
    ['trust: { keys: [ed25519:abc] }', 26, /"ed25519:abc" is not a public key; write "ed25519:" and the 44/],
    [`trust: { keys: ['${one}', '${one}'] }`, 82, /keys\[1\] is there twice; each key counts once/],
    [
      `trust: { keys: ['${one}'], threshold: 2 }`,
      94,
      /threshold must be at most 1, for there are no more keys/,
    ],
    [`trust: { keys: ['${one}'], threshold: 0 }`, 94, /threshold must be at least 1/],
    ['trust: { key: x }', 19, /did you mean "keys"/],
    ['allowUnsigned: 1', 25, /must be true or false/],
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
    expect(parseNodeConf('# nothing yet\n', 'a.yml')).to.deep.equal({
      ...{ env: {}, signing: {} },
      applications: new Map(),
    });
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
