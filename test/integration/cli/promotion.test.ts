import { expect } from 'chai';
import { CapstanError } from '../../../shared/model/errors.js';
import { capstan } from '../../support/capstan.js';
import { digest } from './answers.js';
import { recordedCoordinator } from './recorded-coordinator.js';

const release = (fields: object = {}) => ({
  app: 'web',
  release: { version: '1.4.0', digest },
  publishedAt: '2026-01-31T12:00:00.000Z',
  publishedBy: 'ci',
  checks: [{ name: 'smoke', passed: true, by: 'ci', at: '2026-01-31T12:01:00.000Z', reason: 'job 7' }],
  standings: [
    {
      env: 'production',
      lacks: ['it has 1 of 2 approvals (ann)'],
      approvals: [{ by: 'ann', at: '2026-01-31T12:02:00.000Z' }],
    },
  ],
  ...fields,
});

describe('capstan, promotion', () => {
  it('check record sends what became of a check and prints how the release stands', async () => {
    const coordinator = await recordedCoordinator({
      unary: { RecordCheck: () => ({ release: release(), note: 'nobody asks', rollout: 'r-1' }) },
    });
    const argv = ['check', 'record', 'web@1.4.0', 'smoke', '--passed', '--reason', 'job 7'];
    const result = await capstan(argv, { address: coordinator.address });
    expect(result).to.deep.equal({
      code: 0,
      stdout:
        'Check smoke of web@1.4.0 passed.\nRollout r-1 takes it there.\nproduction: not yet: it has 1 of 2 approvals (ann)\n',
      stderr: 'nobody asks\n',
    });
    expect(coordinator.requests[0]?.request).to.deep.include({
      ...{ app: 'web', version: '1.4.0', name: 'smoke', passed: true, reason: 'job 7' },
    });
    expect(coordinator.requests[0]?.request['idempotencyKey']).to.match(/^[0-9a-f-]{36}$/);
    await capstan(['check', 'record', 'web@1.4.0', 'smoke', '--failed'], { address: coordinator.address });
    expect(coordinator.requests[1]?.request['passed']).to.equal(false);
  });

  it('approve and promote name the environment, and print JSON for scripts', async () => {
    const standings = [{ env: 'production', lacks: [], promotion: { by: 'ann', at: 't' } }];
    const coordinator = await recordedCoordinator({
      unary: {
        ApproveRelease: () => ({ release: release() }),
        PromoteRelease: () => ({ release: release({ standings }) }),
      },
    });
    const { address } = coordinator;
    const approved = await capstan(['approve', 'web@1.4.0', '--to', 'production', '--output', 'json'], {
      address,
    });
    expect(JSON.parse(approved.stdout)).to.deep.include({
      standings: [
        {
          env: 'production',
          allowed: false,
          lacks: ['it has 1 of 2 approvals (ann)'],
          approvals: [{ by: 'ann', at: '2026-01-31T12:02:00.000Z' }],
        },
      ],
    });
    const promoted = await capstan(['promote', 'web@1.4.0', '--to', 'production'], { address });
    expect(promoted.stdout).to.equal(
      'web@1.4.0 is promoted to production.\nproduction: may come in, promoted by ann\n',
    );
    expect(coordinator.requests.map(({ request }) => request['env'])).to.deep.equal([
      ...['production', 'production'],
    ]);
  });

  it('a refusal is exit code 4, with what is lacking and what to do', async () => {
    const coordinator = await recordedCoordinator({
      unary: {
        PromoteRelease: () => {
          throw new CapstanError('refused', 'web 1.4.0 may not come into production: it waits.', {
            hint: 'Wait.',
          });
        },
      },
    });
    const result = await capstan(['promote', 'web@1.4.0', '--to', 'production'], {
      address: coordinator.address,
    });
    expect(result.code).to.equal(4);
    expect(result.stderr).to.equal('capstan: web 1.4.0 may not come into production: it waits.\nWait.\n');
  });

  it('release show, app show and status tell of checks, gates and what waits', async () => {
    const environment = {
      name: 'production',
      selector: 'env=production',
      strategy: 'rolling',
      promotion: { from: 'staging', bakeMs: 3_600_000, checks: ['smoke'], approvals: 2 },
      autoDeploy: { checks: [] },
    };
    const coordinator = await recordedCoordinator({
      unary: {
        GetRelease: () => release(),
        GetApplication: () => ({ name: 'web', environments: [environment], releases: 1 }),
        Status: () => ({
          environments: [
            {
              app: 'web',
              env: 'production',
              next: { version: '1.4.0', lacks: ['check smoke was not recorded'] },
            },
          ],
        }),
      },
    });
    const { address } = coordinator;
    const shown = await capstan(['release', 'show', 'web@1.4.0'], { address });
    expect(shown.stdout).to.contain('check      smoke passed, ci at 2026-01-31T12:01:00Z: job 7\n');
    expect(shown.stdout).to.contain('gate       production: not yet: it has 1 of 2 approvals (ann)\n');
    const app = await capstan(['app', 'show', 'web'], { address });
    expect(app.stdout).to.contain('from staging after 1h; checks smoke; 2 approvals; by itself');
    const status = await capstan(['status'], { address });
    expect(status.stdout).to.contain(
      'web/production: 1.4.0 may not come in yet: check smoke was not recorded\n',
    );
    const json = await capstan(['status', '--output', 'json'], { address });
    const [first] = JSON.parse(json.stdout) as readonly { readonly next?: unknown }[];
    expect(first?.next).to.deep.equal({ version: '1.4.0', lacks: ['check smoke was not recorded'] });
  });
});
