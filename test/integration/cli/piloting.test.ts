import { expect } from 'chai';
import { capstan } from '../../support/capstan.js';
import { node, rollout, succeeded } from './answers.js';
import { recordedCoordinator } from './recorded-coordinator.js';

const second = {
  number: 2,
  createdAt: '2026-01-31T12:00:00.000Z',
  createdBy: 'ann',
  changes: ['COLOUR: not set → "blue"', 'LEVEL: "warn" → "debug"'],
  proven: true,
};
const first = {
  number: 1,
  createdAt: '2026-01-30T12:00:00.000Z',
  createdBy: 'bob',
  changes: ['LEVEL: not set → "warn"'],
};

describe('capstan config', () => {
  it('list tells who changed what, and what was proven', async () => {
    const coordinator = await recordedCoordinator({
      unary: { ListConfigs: () => ({ configs: [second, first] }) },
    });
    const { address } = coordinator;
    const { code, stdout } = await capstan(['config', 'list', 'web/production'], { address });
    expect(code).to.equal(0);
    expect(stdout.split('\n').map((line) => line.trim().split(/ {2,}/))).to.deep.equal([
      ['CONFIG', 'CREATED', 'BY', 'STATE', 'CHANGES'],
      ['2', '2026-01-31T12:00:00Z', 'ann', 'proven', second.changes[0]],
      [second.changes[1]],
      ['1', '2026-01-30T12:00:00Z', 'bob', first.changes[0]],
      [''],
    ]);
    expect(coordinator.requests[0]?.request).to.deep.equal({ app: 'web', env: 'production' });
    const json = await capstan(['config', 'list', 'web/production', '--output', 'json'], { address });
    expect(JSON.parse(json.stdout)).to.deep.equal([second, first]);
  });

  it('show prints the values of one, of the newest if none is named', async () => {
    const values = { LEVEL: 'debug', COLOUR: 'blue\u001b[31m' };
    const coordinator = await recordedCoordinator({ unary: { GetConfig: () => ({ ...second, values }) } });
    const { address } = coordinator;
    const { stdout } = await capstan(['config', 'show', 'web/production', '2'], { address });
    expect(stdout).to.equal(
      [
        'web/production config 2',
        'created 2026-01-31T12:00:00Z by ann; proven',
        '  COLOUR: not set → "blue"',
        '  LEVEL: "warn" → "debug"',
        '',
        'COLOUR=blue[31m',
        'LEVEL=debug',
        '',
      ].join('\n'),
    );
    const json = await capstan(['config', 'show', 'web/production', '--output', 'json'], { address });
    expect(JSON.parse(json.stdout)).to.deep.equal({ ...second, values });
    expect(coordinator.requests.map(({ request }) => request['number'])).to.deep.equal([2, 0]);
  });

  it('is told by the rollout that changes it, and by the status', async () => {
    const status = { app: 'web', env: 'production', version: '1.4.0', config: 2, newestConfig: 3 };
    const { address } = await recordedCoordinator({
      unary: {
        GetRollout: () => rollout({ from: '1.4.0', config: 2, fromConfig: 1 }),
        Status: () => ({ environments: [status] }),
      },
    });
    const { stdout } = await capstan(['rollout', 'show', 'r1'], { address });
    expect(stdout).to.include('web in production: 1.4.0 -> 1.4.0, config 1 -> 2\n');
    const shown = await capstan(['rollout', 'show', 'r1', '--output', 'json'], { address });
    expect(JSON.parse(shown.stdout)).to.include({ config: 2, fromConfig: 1 });
    const json = await capstan(['status', '--output', 'json'], { address });
    expect((JSON.parse(json.stdout) as object[])[0]).to.include({ config: 2, newestConfig: 3 });
    const table = await capstan(['status'], { address });
    expect(table.stdout).to.match(
      /^APP +ENV +VERSION +CONFIG .*\nweb +production +1\.4\.0 +2 \(newest: 3\) /,
    );
  });
});

describe('capstan node show', () => {
  it('says how often what serves has ended by itself', async () => {
    const shown = node();
    const apps = shown.apps.map((app) => ({ ...app, reason: '', failure: null, restarts: 3 }));
    const { address } = await recordedCoordinator({ unary: { GetNode: () => ({ ...shown, apps }) } });
    const { stdout } = await capstan(['node', 'show', 'web-a-1'], { address });
    expect(stdout).to.match(/ended by itself 3 times/);
    const json = await capstan(['node', 'show', 'web-a-1', '--output', 'json'], { address });
    expect((JSON.parse(json.stdout) as { apps: object[] }).apps[0]).to.include({ restarts: 3 });
  });
});

describe('capstan rollout show at a gate', () => {
  const cohort = { nodes: 3, healthy: 3, unhealthy: 0, away: 0, restarts: 0, restartRate: 0 };
  const having = { ...cohort, restarts: 2, restartRate: 4, pressure: { cpu: 34.4, memory: 0, io: 1 } };
  const lacking = { ...cohort, nodes: 27, healthy: 27 };
  const worse = 'services with web 1.4.0 ended by themselves 4.0 times a node and hour, without it 0.0 times';

  it('puts those that have the release beside those that have not', async () => {
    const waiting = { status: 'waiting', waitingFor: 'approval of wave "pilot"' };
    const { address } = await recordedCoordinator({
      unary: {
        GetRollout: () => rollout({ ...waiting, comparison: { having, lacking, differences: [worse] } }),
      },
    });
    const { stdout } = await capstan(['rollout', 'show', 'r1'], { address });
    const table = stdout.slice(stdout.indexOf('COMPARED')).split('\n');
    expect(table.map((line) => line.split(/ {2,}/))).to.deep.equal([
      ['COMPARED', 'WITH 1.4.0', 'WITHOUT'],
      ['nodes', '3', '27'],
      ['healthy', '3', '27'],
      ['unhealthy', '0', '0'],
      ['not connected', '0', '0'],
      ['restarts a node and hour', '4.0', '0.0'],
      ['waited for cpu', '34 %', '-'],
      ['waited for memory', '0 %', '-'],
      ['waited for disk', '1 %', '-'],
      [worse],
      [''],
    ]);
    const json = await capstan(['rollout', 'show', 'r1', '--output', 'json'], { address });
    expect((JSON.parse(json.stdout) as { comparison: object }).comparison).to.deep.equal({
      having,
      lacking,
      differences: [worse],
    });
  });

  it('tells what is worse when a wave comes to its gate, where nothing can be redrawn', async () => {
    const wave = (status: string) => [{ name: 'pilot', status, nodes: [] }];
    const comparison = { having, lacking, differences: [worse] };
    const gated = rollout({ status: 'waiting', waves: wave('gated'), comparison });
    const { address } = await recordedCoordinator({
      streams: {
        async *WatchRollout() {
          yield await Promise.resolve(rollout({ waves: wave('running'), comparison }));
          yield gated;
          yield gated;
          yield succeeded();
        },
      },
    });
    const { stderr } = await capstan(['rollout', 'watch', 'r1'], { address });
    expect(
      stderr.split('\n').filter((line) => line.includes('services') || line.includes('gated')),
    ).to.deep.equal(['wave pilot: gated', `  ${worse}`]);
  });

  it('says so if nothing is worse, and nothing where there is nothing to compare', async () => {
    const answers = [rollout({ comparison: { having, lacking, differences: [] } }), rollout()];
    const { address } = await recordedCoordinator({ unary: { GetRollout: () => answers.shift() ?? {} } });
    const compared = await capstan(['rollout', 'show', 'r1'], { address });
    expect(compared.stdout).to.include('No worse with 1.4.0 in health, restarts and pressure.\n');
    const plain = await capstan(['rollout', 'show', 'r1'], { address });
    expect(plain.stdout).to.not.include('COMPARED');
  });
});
