import { expect } from 'chai';
import { CapstanError } from '../../../shared/model/errors.js';
import { capstan } from '../../support/capstan.js';
import { recordedCoordinator } from './recorded-coordinator.js';

const lock = {
  ...{ scope: 'web/production', kind: 'lock', owner: 'ann', reason: 'the sale' },
  ...{ since: '2026-11-20T12:00:00Z', until: '2026-11-20T14:00:00Z' },
};
const evidence = {
  ...{ node: 'web-1', env: 'staging', version: '2.0.0', step: 'check', reason: 'probe answered 500' },
  ...{ rollout: 'r1', config: 4, at: '2026-11-20T12:00:00Z' },
};
const digest = `sha256:${'a'.repeat(64)}`;
const poison = { digest, app: 'web', since: '2026-11-20T12:00:00Z', evidence: [evidence] };

describe('capstan env', () => {
  it('locks and freezes an environment or an application, with reason and end', async () => {
    const { address, requests } = await recordedCoordinator({ unary: { LockEnvironment: () => lock } });
    const text = await capstan(['env', 'lock', 'web/production', '--reason', 'the sale', '--until', '2h'], {
      address,
    });
    expect(text).to.deep.equal({
      code: 0,
      stdout:
        'web/production is locked by ann until 2026-11-20T14:00:00Z: the sale (since 2026-11-20T12:00:00Z)\n',
      stderr: '',
    });
    const json = await capstan(['env', 'freeze', 'web', '--reason', 'x', '--output', 'json'], { address });
    expect(JSON.parse(json.stdout)).to.include({ owner: 'ann', until: lock.until });
    const asked = requests.map(({ request: { idempotencyKey, ...rest } }) => [rest, idempotencyKey !== '']);
    expect(asked).to.deep.equal([
      [{ app: 'web', env: 'production', kind: 'lock', reason: 'the sale', until: '2h' }, true],
      [{ app: 'web', env: '', kind: 'freeze', reason: 'x', until: '' }, true],
    ]);
  });

  it('says that what was set without an end has none', async () => {
    const { address } = await recordedCoordinator({
      unary: { LockEnvironment: () => ({ ...lock, scope: 'web', until: '' }) },
    });
    const { stdout } = await capstan(['env', 'freeze', 'web', '--reason', 'the sale'], { address });
    expect(stdout).to.equal(
      'web is frozen by ann: the sale (since 2026-11-20T12:00:00Z)\nIt ends with `capstan env thaw web --reason TEXT`, and not by itself.\n',
    );
  });

  it('unlocks and thaws, with --force what others have set', async () => {
    const { address, requests } = await recordedCoordinator({
      unary: {
        UnlockEnvironment: ({ force }) => {
          if (force === true) return lock;
          throw new CapstanError('refused', 'web/production is locked by ann: the sale.');
        },
      },
    });
    const refused = await capstan(['env', 'unlock', 'web/production', '--reason', 'hurry'], { address });
    expect(refused.code).to.equal(4);
    const forced = await capstan(['env', 'thaw', 'web/production', '--reason', 'hurry', '--force'], {
      address,
    });
    expect(forced.stdout).to.match(
      /^web\/production is thawed: ann had frozen it since 2026-\S+Z \(the sale\)\n$/,
    );
    expect(requests.map(({ request }) => request['kind'])).to.deep.equal(['lock', 'freeze']);
  });

  it('wants a reason and a time that is one, before anything is sent', async () => {
    const { address, requests } = await recordedCoordinator({});
    const lockIt = ['env', 'lock', 'web/production'];
    expect((await capstan(lockIt, { address })).stderr).to.contain("required option '--reason <text>'");
    expect((await capstan([...lockIt, '--reason', ' '], { address })).stderr).to.contain('Say why');
    for (const until of ['soon', '2026-11-20 14:00', '2026-11-20T14:00:00', '14:00']) {
      const { code, stderr } = await capstan([...lockIt, '--reason', 'x', '--until', until], { address });
      expect(code, until).to.equal(2);
      expect(stderr).to.contain('Give a duration such as 2h, or a time such as');
    }
    expect((await capstan(['env', 'lock', 'web/', '--reason', 'x'], { address })).code).to.equal(2);
    expect(requests).to.deep.equal([]);
  });

  it('is told by the status', async () => {
    const environment = {
      ...{ app: 'web', env: 'production', version: '1.0.0', total: 1, healthy: 1, lock },
      freeze: { ...lock, kind: 'freeze', until: '' },
      window: { open: false, until: '2026-11-21T22:00:00.000Z' },
    };
    const { address } = await recordedCoordinator({
      unary: { Status: () => ({ environments: [environment] }) },
    });
    const { stdout } = await capstan(['status'], { address });
    expect(stdout).to.contain('web/production: web/production is frozen by ann: the sale (since');
    expect(stdout).to.contain('web/production: web/production is locked by ann until 2026-11-20T14:00:00Z');
    expect(stdout).to.contain('web/production: its maintenance window opens at 2026-11-21T22:00:00Z');
    const json = JSON.parse((await capstan(['status', '--output', 'json'], { address })).stdout) as object[];
    expect(json[0]).to.deep.include({ window: { open: false, opensAt: '2026-11-21T22:00:00.000Z' } });
    expect(json[0]).to.have.nested.property('lock.owner', 'ann');
  });
});

describe('capstan poison', () => {
  it('lists what is refused with its evidence, and forgives it with a reason', async () => {
    const { address, requests } = await recordedCoordinator({
      unary: { ListPoison: () => ({ poison: [poison] }), ForgivePoison: () => poison },
    });
    const listed = await capstan(['poison', 'list'], { address });
    expect(listed.stdout).to.match(
      /sha256:a{12} +web +2\.0\.0 .*web-1 +staging +4 +check +probe answered 500/,
    );
    const json = JSON.parse(
      (await capstan(['poison', 'list', '--output', 'json'], { address })).stdout,
    ) as object[];
    expect(json[0]).to.deep.include({ digest, versions: ['2.0.0'] });
    expect((await capstan(['poison', 'forgive', digest], { address })).code).to.equal(2);
    const forgiven = await capstan(['poison', 'forgive', digest, '--reason', 'the database was away'], {
      address,
    });
    expect(forgiven.stdout).to.contain('Forgiven: web 2.0.0');
    expect(requests.at(-1)?.request).to.include({ digest, reason: 'the database was away' });
  });
});
