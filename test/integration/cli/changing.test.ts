import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { capstan } from '../../support/capstan.js';
import { tempDir } from '../../support/temp-dir.js';
import { node, rolledBack, rollout, succeeded } from './answers.js';
import { recordedCoordinator } from './recorded-coordinator.js';

const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - { name: production, selector: role=web }
`;

const views = (...states: readonly object[]) =>
  async function* (): AsyncGenerator<Readonly<Record<string, unknown>>> {
    for (const state of states) yield await Promise.resolve({ ...state });
  };

describe('capstan, changing', () => {
  it('apply sends the text as it is written and prints what changes', async () => {
    const file = join(await tempDir(), 'web.yml');
    await writeFile(file, spec);
    const changes = [
      {
        kind: 'environment',
        name: 'web/production',
        action: 'updated',
        details: ['selector: a=b -> role=web'],
      },
    ];
    const coordinator = await recordedCoordinator({
      unary: { Apply: () => ({ changes, warnings: ['selects no node'] }) },
    });
    const result = await capstan(['apply', '-f', file, '--dry-run'], { address: coordinator.address });
    expect(result).to.deep.equal({
      code: 0,
      stdout:
        'environment web/production updated\n  selector: a=b -> role=web\nNothing was changed: this was a dry run.\n',
      stderr: 'warning: selects no node\n',
    });
    const request = coordinator.requests[0]?.request;
    expect(request).to.deep.include({ files: [{ name: file, text: spec }], dryRun: true });
    expect(request?.['idempotencyKey']).to.match(/^[0-9a-f-]{36}$/);
  });

  it('apply names the environments that may go', async () => {
    const file = join(await tempDir(), 'web.yml');
    await writeFile(file, spec);
    const { address, requests } = await recordedCoordinator({ unary: { Apply: () => ({ changes: [] }) } });
    const argv = ['apply', '-f', file, '--remove', 'web/old', '--remove', 'web/older'];
    expect((await capstan(argv, { address })).code).to.equal(0);
    expect(requests[0]?.request).to.deep.include({ remove: ['web/old', 'web/older'] });
    const slip = await capstan(['apply', '-f', file, '--remove', 'old'], { address });
    expect(slip.code).to.equal(2);
    expect(slip.stderr).to.contain('Give it as APP/ENV');
  });

  it('apply refuses a wrong file before anything is sent', async () => {
    const file = join(await tempDir(), 'web.yml');
    await writeFile(file, spec.replace('selector', 'selektor'));
    const coordinator = await recordedCoordinator({});
    const { code, stderr } = await capstan(['apply', '-f', file], { address: coordinator.address });
    expect(code).to.equal(2);
    expect(stderr).to.equal(
      `capstan: ${file}:6:27: spec.environments[0]: unknown key "selektor"; did you mean "selector"?\n`,
    );
    const missing = await capstan(['apply', '-f', '/nowhere.yml'], { address: coordinator.address });
    expect(missing.stderr).to.equal('capstan: /nowhere.yml: The file is not there.\n');
    expect(coordinator.requests).to.have.length(0);
  });

  it('deploy sends everything and tells how to watch', async () => {
    const coordinator = await recordedCoordinator({
      unary: { Deploy: () => ({ rollout: rollout(), superseded: 'r0' }) },
    });
    const argv = [
      'deploy',
      'web@1.4.0',
      '--env',
      'production',
      '--reason',
      'fix',
      '--allow-empty',
      '--idempotency-key',
      'k1',
      '--config',
      '3',
    ];
    const { code, stdout, stderr } = await capstan(argv, { address: coordinator.address });
    expect(code).to.equal(0);
    expect(stdout).to.equal(
      'Rollout r1 is under way: web in production: 1.3.2 -> 1.4.0, 2 nodes.\nWatch it: capstan rollout watch r1\n',
    );
    expect(stderr).to.equal('This replaces rollout r0.\n');
    expect(coordinator.requests[0]?.request).to.deep.equal({
      app: 'web',
      version: '1.4.0',
      env: 'production',
      reason: 'fix',
      allowEmpty: true,
      config: 3,
      idempotencyKey: 'k1',
    });
  });

  it('stage tells how many nodes have it, and exits with 1 if one could not', async () => {
    const staging = (staged: number, fields: Readonly<Record<string, unknown>> = {}) =>
      rollout({ cause: 'stage', status: 'staging', waves: [], staged, ...fields });
    const failed = staging(1, {
      status: 'failed',
      failed: 1,
      reason: 'node web-b-1 failed at fetch: disk full',
    });
    const { address, requests } = await recordedCoordinator({
      unary: { Stage: () => ({ rollout: staging(0) }) },
      streams: { WatchRollout: views(staging(0), staging(1), failed) },
    });
    const argv = ['stage', 'web@1.4.0', '--env', 'production'];
    const told = await capstan(argv, { address });
    expect(told.stdout).to.equal(
      'Rollout r1 is under way: web in production: 1.4.0 onto the disks, 2 nodes.\nWatch it: capstan rollout watch r1\n',
    );
    expect(requests[0]?.request).to.include({ app: 'web', version: '1.4.0', env: 'production' });
    const { code, stdout, stderr } = await capstan([...argv, '--wait'], { address });
    expect(code).to.equal(1);
    expect(stderr).to.contain(
      'rollout r1: staging: staged on 0 of 2 nodes\nrollout r1: staging: staged on 1 of 2 nodes\n',
    );
    expect(stdout).to.contain(
      'failed (staged on 1 of 2 nodes, 1 failed): node web-b-1 failed at fetch: disk full',
    );
  });

  it('deploy of what runs already says that there is nothing to do', async () => {
    const { address } = await recordedCoordinator({
      unary: { Deploy: () => ({ note: 'production runs 1.4.0 already.' }) },
    });
    const argv = ['deploy', 'web@1.4.0', '--env', 'production', '--wait'];
    expect((await capstan(argv, { address })).stdout).to.equal('production runs 1.4.0 already.\n');
    const json = await capstan([...argv, '--output', 'json'], { address });
    expect(JSON.parse(json.stdout)).to.deep.equal({ rollout: null, note: 'production runs 1.4.0 already.' });
  });

  it('deploy --wait prints a line for each change, then the outcome; exit 0 when it succeeded', async () => {
    const { address } = await recordedCoordinator({
      unary: { Deploy: () => ({ rollout: rollout() }) },
      streams: { WatchRollout: views(rollout(), rollout(), succeeded()) },
    });
    const { code, stdout, stderr } = await capstan(['deploy', 'web@1.4.0', '--env', 'production', '--wait'], {
      address,
    });
    expect(code).to.equal(0);
    expect(stderr.split('\n')).to.deep.equal([
      'rollout r1: web in production: 1.3.2 -> 1.4.0',
      'rollout r1: running',
      'wave pilot: running',
      '  web-a-1: checking',
      'rollout r1: succeeded',
      'wave pilot: passed',
      '  web-a-1: healthy',
      'wave rest: passed',
      '  web-b-1: healthy',
      '',
    ]);
    expect(stdout).to.match(/succeeded \(2 of 2 healthy on 1\.4\.0\)/);
    expect(stdout).to.match(/after 1m30s/);
  });

  it('tells once what a node waits for, though it says it again and again', async () => {
    const waiting = (reason: string) =>
      rollout({
        waves: [{ name: 'pilot', status: 'running', nodes: [{ name: 'web-a-1', phase: 'staging', reason }] }],
      });
    const { address } = await recordedCoordinator({
      streams: {
        WatchRollout: views(waiting(''), waiting('again in 4s'), waiting('again in 2s'), succeeded()),
      },
    });
    const { stderr } = await capstan(['rollout', 'watch', 'r1'], { address });
    expect(stderr.match(/web-a-1: staging.*/g)).to.deep.equal([
      'web-a-1: staging',
      'web-a-1: staging (again in 4s)',
    ]);
  });

  it('exits 1 when it was rolled back, with the reason and the log', async () => {
    const { address } = await recordedCoordinator({
      streams: { WatchRollout: views(rollout(), rolledBack()) },
    });
    const text = await capstan(['rollout', 'watch', 'r1'], { address });
    expect(text.code).to.equal(1);
    expect(text.stdout).to.match(/check: http.* answered 500/);
    expect(text.stdout).to.include('| Error: no database');
    expect(text.stderr).to.match(/capstan why r1 says more/);
    const json = await capstan(['rollout', 'watch', 'r1', '--output', 'json', '--quiet'], { address });
    expect(json.code).to.equal(1);
    expect(json.stderr).to.equal('');
    expect(JSON.parse(json.stdout)).to.include({ status: 'rolledBack' });
  });

  it('redraws on a terminal', async () => {
    const { address } = await recordedCoordinator({
      streams: { WatchRollout: views(rollout(), succeeded()) },
    });
    const { code, stderr } = await capstan(['rollout', 'watch', 'r1'], { address, terminal: true });
    expect(code).to.equal(0);
    expect(stderr).to.include('WAVE / NODE');
    expect(stderr).to.include('\u001b[');
  });

  it('gives up waiting, not the rollout, when the time is up', async () => {
    const { address } = await recordedCoordinator({ streams: { WatchRollout: endless } });
    const { code, stderr } = await capstan(['rollout', 'watch', 'r1', '--timeout', '300ms'], { address });
    expect(code).to.equal(1);
    expect(stderr).to.match(/Rollout r1 has not ended within 300ms; it goes on\./);
  });

  it('Ctrl-C stops watching, not the rollout, and says so', async () => {
    const interrupted = new AbortController();
    const coordinator = await recordedCoordinator({ streams: { WatchRollout: endless } });
    const onStderr = (text: string): void => {
      if (text.includes('wave pilot')) interrupted.abort();
    };
    const options = { address: coordinator.address, interrupted: interrupted.signal, onStderr };
    const { code, stderr } = await capstan(['rollout', 'watch', 'r1'], options);
    expect(code).to.equal(130);
    expect(stderr).to.match(/Stopped watching; rollout r1 goes on\./);
    expect(coordinator.requests.map(({ method }) => method)).to.deep.equal(['WatchRollout']);
  });

  it('goes on watching when the coordinator was restarted meanwhile', async () => {
    const first = await recordedCoordinator({ streams: { WatchRollout: endless } });
    const port = Number(first.address.split(':')[1]);
    let restarted: Promise<unknown> | undefined;
    const onStderr = (text: string): void => {
      if (text.includes('wave pilot')) first.stop();
      if (!text.includes('waiting for it')) return;
      restarted = recordedCoordinator({ streams: { WatchRollout: views(succeeded()) } }, port);
    };
    const { code, stderr } = await capstan(['rollout', 'watch', 'r1', '--timeout', '20s'], {
      address: first.address,
      onStderr,
    });
    await restarted;
    expect(code).to.equal(0);
    expect(stderr).to.match(/The coordinator does not answer; waiting for it\.\nThe coordinator is back\./);
  });

  it('rollout pause, approve, retry and the like send their action with a key', async () => {
    const coordinator = await recordedCoordinator({
      unary: { ControlRollout: () => rollout({ status: 'paused', reason: 'by tester' }) },
    });
    const { address } = coordinator;
    for (const action of ['pause', 'resume', 'approve', 'abort']) {
      const { code, stdout } = await capstan(['rollout', action, 'r1', '--reason', 'so'], { address });
      expect(code).to.equal(0);
      expect(stdout).to.equal('Rollout r1: paused (0 of 2 healthy on 1.4.0): by tester\n');
      expect(coordinator.requests.at(-1)?.request).to.deep.include({
        id: 'r1',
        action,
        [action]: {},
        reason: 'so',
      });
    }
    for (const [words, action] of [
      ['switch', 'switch'],
      ['switch-back', 'switchBack'],
      ['release', 'release'],
    ] as const) {
      await capstan(['rollout', words, 'r1'], { address });
      expect(coordinator.requests.at(-1)?.request).to.deep.include({ action, [action]: {} });
    }
    await capstan(['rollout', 'retry', 'r1', 'web-a-1', 'web-a-2'], { address });
    expect(coordinator.requests.at(-1)?.request).to.deep.include({
      action: 'retry',
      retry: { nodes: ['web-a-1', 'web-a-2'] },
    });
    const keys = coordinator.requests.map(({ request }) => request['idempotencyKey']);
    expect(new Set(keys).size).to.equal(8);
  });

  it('node label sets and removes labels; nonsense is refused', async () => {
    const coordinator = await recordedCoordinator({
      unary: { LabelNode: () => node(), DecommissionNode: () => ({}) },
    });
    const { address } = coordinator;
    expect((await capstan(['node', 'label', 'web-a-1', 'zone=b', 'canary-'], { address })).code).to.equal(0);
    expect(coordinator.requests[0]?.request).to.deep.include({
      name: 'web-a-1',
      set: { zone: 'b' },
      remove: ['canary'],
    });
    const bad = await capstan(['node', 'label', 'web-a-1', 'zone'], { address });
    expect(bad.code).to.equal(2);
    expect(bad.stderr).to.match(/"zone" is not a change of a label\.\nUse KEY=VALUE/);
    const fact = await capstan(['node', 'label', 'web-a-1', 'facts.cpus=64'], { address });
    expect(fact.stderr).to.match(/"facts.cpus" is a fact, which the node tells by itself\./);
    expect((await capstan(['node', 'decommission', 'web-a-1'], { address })).stdout).to.equal(
      'web-a-1 is no longer part of the fleet.\n',
    );
  });

  it('app remove wants a reason, and says who is still to take it off', async () => {
    let leaving = ['web-1', 'web-2', 'web-3', 'web-4', 'web-5', 'web-6'];
    const coordinator = await recordedCoordinator({
      unary: {
        RemoveApplication: () => ({ leaving }),
        GetApplication: () => ({ name: 'web', environments: [], releases: 1, leaving, spec: '' }),
        ListApplications: () => ({ applications: [{ name: 'web', environments: [], leaving }] }),
      },
    });
    const { address } = coordinator;
    const argv = ['app', 'remove', 'web', '--stop'];
    expect((await capstan(argv, { address })).code).to.equal(2);
    const begun = await capstan([...argv, '--reason', 'sold'], { address });
    const said =
      'web is being removed: 6 nodes to take it off (web-1, web-2, web-3, web-4, web-5 and 1 more)';
    expect(begun.stdout).to.match(new RegExp(`^${said.replaceAll(/[()]/g, '\\$&')}; capstan why web says`));
    expect(coordinator.requests[0]?.request).to.deep.include({ app: 'web', stop: true, reason: 'sold' });
    expect((await capstan(['app', 'show', 'web'], { address })).stdout).to.contain(said);
    expect((await capstan(['app', 'list'], { address })).stdout).to.match(/^web +being removed/m);
    leaving = [];
    const json = await capstan(['app', 'remove', 'web', '--reason', 'sold', '--output', 'json'], { address });
    expect(JSON.parse(json.stdout)).to.deep.equal({ name: 'web', removed: true, leaving: [] });
  });

  it('events --follow prints a line of JSON an event and goes on by position after a break', async () => {
    const interrupted = new AbortController();
    const event = (position: string) => ({
      position,
      time: '2026-01-31T12:00:00Z',
      kind: 'node.connected',
      message: position,
    });
    const coordinator = await recordedCoordinator({
      streams: {
        async *ListEvents({ afterPosition }) {
          yield await Promise.resolve(event(String(Number(afterPosition) + 1)));
        },
      },
    });
    const onStdout = (text: string): void => {
      if (text.includes('"position":2')) interrupted.abort();
    };
    const options = { address: coordinator.address, interrupted: interrupted.signal, onStdout };
    const { code, stdout } = await capstan(['events', '--follow', '--output', 'json'], options);
    expect(code).to.equal(130);
    const positions = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { position: number }).position);
    expect(positions).to.deep.equal([1, 2]);
  });
});

async function* endless(
  _request: object,
  signal: AbortSignal,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  yield { ...rollout() };
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}
