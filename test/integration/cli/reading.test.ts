import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { CapstanError } from '../../../shared/model/errors.js';
import { capstan } from '../../support/capstan.js';
import { tempDir } from '../../support/temp-dir.js';
import { digest, node, rolledBack, rollout } from './answers.js';
import { recordedCoordinator } from './recorded-coordinator.js';

describe('capstan, reading', () => {
  it('node list --output json has the shape of the contract', async () => {
    const { address } = await recordedCoordinator({ unary: { ListNodes: () => ({ nodes: [node()] }) } });
    const { code, stdout } = await capstan(['node', 'list', '--output', 'json'], { address });
    expect(code).to.equal(0);
    const [first] = JSON.parse(stdout) as [Record<string, unknown>];
    expect(first).to.deep.include({
      name: 'web-a-1',
      labels: { zone: 'a', role: 'web' },
      liveness: 'connected',
      agentVersion: '0.1.0',
    });
    expect(first['apps']).to.deep.equal([
      {
        app: 'web',
        env: 'production',
        version: '1.3.2',
        digest,
        wanted: { version: '1.4.0', intent: 'activate' },
        phase: 'turnedBack',
        health: 'healthy',
        reason: 'the health check failed',
        step: 'check',
        logTail: 'boom\n',
        fetchedFrom: [],
      },
    ]);
  });

  it('node list asks for a selector, and refuses a wrong one without asking', async () => {
    const coordinator = await recordedCoordinator({ unary: { ListNodes: () => ({ nodes: [] }) } });
    const good = await capstan(['node', 'list', '--selector', 'zone in (a,b)'], {
      address: coordinator.address,
    });
    expect(good).to.deep.equal({ code: 0, stdout: 'No nodes.\n', stderr: '' });
    const bad = await capstan(['node', 'list', '--selector', 'zone=b,facts.memry>=8GiB'], {
      address: coordinator.address,
    });
    expect(bad.code).to.equal(2);
    expect(bad.stderr.split('\n').slice(0, 3)).to.deep.equal([
      'capstan: Not a selector: there is no fact "facts.memry"; did you mean "facts.memory"?',
      '  zone=b,facts.memry>=8GiB',
      '         ^',
    ]);
    expect(coordinator.requests.map(({ request }) => request['selector'])).to.deep.equal(['zone in (a,b)']);
    expect(coordinator.requests[0]?.actor).to.equal('tester');
  });

  it('node show says whose signatures count there', async () => {
    const trustedKeys = ['0123456789abcdef'.repeat(4), 'fedcba9876543210'.repeat(4)];
    const { address } = await recordedCoordinator({ unary: { GetNode: () => node({ trustedKeys }) } });
    const { stdout } = await capstan(['node', 'show', 'web-a-1'], { address });
    expect(stdout).to.contain('\ntrusts what key 0123456789abcdef, fedcba9876543210 signed\n');
    const json = await capstan(['node', 'show', 'web-a-1', '--output', 'json'], { address });
    expect(JSON.parse(json.stdout)).to.have.property('trustedKeys').that.deep.equals(trustedKeys);
  });

  it('node show says loudly that unsigned releases may run', async () => {
    const { address } = await recordedCoordinator({ unary: { GetNode: () => node() } });
    const { stdout } = await capstan(['node', 'show', 'web-a-1'], { address });
    expect(stdout).to.match(/WARNING: .*UNSIGNED/);
    expect(stdout).to.match(/Debian 12.*2 CPUs.*memory 1\.0 GB of 4\.0 GB/);
    expect(stdout).to.match(/\| boom/);
  });

  it('node show says where the newest release came from', async () => {
    const shown = node();
    const fetchedFrom = [
      { source: 'https://cdn.example.org/capstan', bytes: 1_500_000 },
      { source: 'disk', bytes: 300_000_000 },
    ];
    const apps = shown.apps.map((app) => ({ ...app, fetchedFrom }));
    const { address } = await recordedCoordinator({ unary: { GetNode: () => ({ ...shown, apps }) } });
    const { stdout } = await capstan(['node', 'show', 'web-a-1'], { address });
    expect(stdout).to.match(/LAST STAGED FROM.*BYTES/);
    expect(stdout).to.match(/https:\/\/cdn\.example\.org\/capstan .*1\.5 MB/);
    expect(stdout).to.match(/disk .*300\.0 MB|disk .*300 MB/);
    const json = await capstan(['node', 'show', 'web-a-1', '--output', 'json'], { address });
    expect(
      (JSON.parse(json.stdout) as { apps: { fetchedFrom: unknown }[] }).apps[0]?.fetchedFrom,
    ).to.deep.equal(fetchedFrom);
  });

  it('node show names the files that drifted, the pressure, and what nobody else can mend', async () => {
    const shown = node();
    const drift = {
      total: 3,
      paths: [
        { path: 'bin/\u001b[31mweb', kind: 'changed' },
        { path: 'tmp/core', kind: 'added' },
      ],
    };
    const change = { phase: 'NODE_PHASE_INCONSISTENT', drift, pastReturn: true };
    const apps = shown.apps.map((app) => ({ ...app, ...change }));
    const facts = { ...shown.facts, pressure: { cpu: 1.5, memory: 0, io: 80.2 } };
    const { address } = await recordedCoordinator({
      unary: {
        GetNode: () => ({ ...shown, apps, facts, factsAt: '2026-01-31T12:00:00.000Z' }),
        ListNodes: () => ({ nodes: [{ ...shown, apps, facts }] }),
      },
    });
    const { stdout } = await capstan(['node', 'show', 'web-a-1'], { address });
    expect(stdout).to.include('INCONSISTENT: web could neither go on nor turn back; current is 1.3.2.\n');
    expect(stdout).to.match(
      /waited for cpu 2 %, memory 0 %, disk 80 % of the time; as of 2026-01-31T12:00:00Z\n/,
    );
    expect(stdout).to.match(/the health check failed; past the point of no return; 3 files drifted/);
    expect(stdout).to.match(/web +bin\/\[31mweb +changed *\n +tmp\/core +added *\n +and 1 more/);
    const list = await capstan(['node', 'list'], { address });
    expect(list.stdout).to.match(/inconsistent +healthy +the health check failed; .*3 files drifted/);
    const json = await capstan(['node', 'show', 'web-a-1', '--output', 'json'], { address });
    const value = JSON.parse(json.stdout) as { apps: object[]; facts: object };
    expect(value.apps[0]).to.deep.include({ phase: 'inconsistent', drift, pastReturn: true });
    expect(value.facts).to.deep.include({ pressure: facts.pressure });
  });

  it('rollout show says which node is inconsistent, and which is past the point of no return', async () => {
    const wave = {
      name: 'pilot',
      status: 'failed',
      nodes: [
        {
          ...{ name: 'web-a-1', phase: 'inconsistent', health: 'HEALTH_UNHEALTHY', pastReturn: true },
          ...{ step: 'turnBack', reason: 'the previous release did not start' },
        },
      ],
    };
    const { address } = await recordedCoordinator({
      unary: { GetRollout: () => rollout({ status: 'failed', waves: [wave] }) },
    });
    const { stdout } = await capstan(['rollout', 'show', 'r1'], { address });
    expect(stdout).to.include('INCONSISTENT: web-a-1; see capstan why web-a-1\n');
    expect(stdout).to.match(
      /web-a-1 +inconsistent +unhealthy +past the point of no return; turnBack: the previous release did not start/,
    );
    const json = await capstan(['rollout', 'show', 'r1', '--output', 'json'], { address });
    expect((JSON.parse(json.stdout) as { waves: { nodes: object[] }[] }).waves[0]?.nodes[0]).to.deep.include({
      phase: 'inconsistent',
      pastReturn: true,
    });
  });

  it('rollout show gives the failure, its step and the end of the log', async () => {
    const { address } = await recordedCoordinator({ unary: { GetRollout: () => rolledBack() } });
    const text = await capstan(['rollout', 'show', 'r1'], { address });
    expect(text.code).to.equal(0);
    expect(text.stdout).to.match(/web in production: 1\.3\.2 -> 1\.4\.0/);
    expect(text.stdout).to.match(/rolledBack.*web-a-1 failed in the canary wave pilot/);
    expect(text.stdout).to.match(/web-a-1 +turnedBack +healthy +check: http.* answered 500/);
    expect(text.stdout).to.include('| Error: no database\n|     at start (server.js:3)');
    const json = await capstan(['rollout', 'show', 'r1', '--output=json'], { address });
    const value = JSON.parse(json.stdout) as Record<string, unknown>;
    expect(value).to.include({
      id: 'r1',
      app: 'web',
      env: 'production',
      from: '1.3.2',
      to: '1.4.0',
      strategy: 'rolling',
      status: 'rolledBack',
    });
    expect(value['endedAt']).to.equal('2026-01-31T12:01:30.000Z');
    const yaml = await capstan(['rollout', 'show', 'r1', '--output', 'yaml'], { address });
    expect(parse(yaml.stdout)).to.deep.equal(value);
  });

  it('leaves optional fields out of JSON and says null for a release that is not there', async () => {
    const { address } = await recordedCoordinator({ unary: { GetRollout: () => rollout({ from: '' }) } });
    const value = JSON.parse(
      (await capstan(['rollout', 'show', 'r1', '--output', 'json'], { address })).stdout,
    ) as Record<string, unknown>;
    expect(value['from']).to.equal(null);
    expect(value).not.to.have.any.keys('reason', 'endedAt', 'rollbackOf');
  });

  it('status shows what runs where', async () => {
    const environment = {
      app: 'web',
      env: 'production',
      version: '1.3.2',
      digest,
      total: 3,
      healthy: 2,
      unhealthy: 0,
      silent: 1,
      lost: 0,
      rollout: 'r1',
      rolloutStatus: 'running',
      versions: { '1.3.2': 2, '1.4.0': 1 },
      problems: ['web-a-1 is in two environments'],
    };
    const { address } = await recordedCoordinator({
      unary: { Status: () => ({ environments: [environment] }) },
    });
    const text = await capstan(['status'], { address });
    expect(text.stdout).to.match(
      /web +production +1\.3\.2 +- +3 +2 +0 +1 +0 +1\.3\.2 x2, 1\.4\.0 x1 +r1 \(running\)/,
    );
    expect(text.stdout).to.include('web/production: web-a-1 is in two environments');
    const [value] = JSON.parse((await capstan(['status', '--output', 'json'], { address })).stdout) as [
      Record<string, unknown>,
    ];
    expect(value).to.deep.include({
      app: 'web',
      env: 'production',
      version: '1.3.2',
      digest,
      nodes: { total: 3, healthy: 2, unhealthy: 0, silent: 1, lost: 0 },
      rollout: 'r1',
    });
  });

  it('why tells the constraint, the log and what to do', async () => {
    const answer = {
      kind: 'node',
      answer: 'web-a-1 turned back',
      details: ['step check failed'],
      since: '2026-01-31T12:00:00Z',
      hint: 'fix it and publish again',
      logTail: 'boom\n',
    };
    const { address } = await recordedCoordinator({ unary: { Why: () => answer } });
    const { stdout } = await capstan(['why', 'web-a-1'], { address });
    expect(stdout).to.equal(
      'web-a-1 turned back\n  step check failed\nSince 2026-01-31T12:00:00Z.\n\nLast output on web-a-1:\n| boom\n\nNext: fix it and publish again\n',
    );
  });

  it('shows applications, releases and logs', async () => {
    const release = {
      version: '1.4.0',
      digest,
      manifestSize: '10',
      layoutDigest: digest,
      layoutSize: '10',
      contentSize: '2500000',
      fileCount: '12',
      packSize: '900000',
    };
    const view = {
      app: 'web',
      release,
      publishedAt: '2026-01-31T12:00:00Z',
      publishedBy: 'ci',
      environments: ['staging'],
      stores: ['http://127.0.0.1:1/store/v1'],
    };
    const app = {
      name: 'web',
      environments: [
        {
          name: 'staging',
          selector: 'env=staging',
          strategy: 'live',
          nodes: 2,
          version: '1.4.0',
          digest,
          wanted: '1.4.0',
        },
      ],
      releases: 3,
      latestVersion: '1.4.0',
      spec: 'kind: Application\n',
    };
    const { address } = await recordedCoordinator({
      unary: {
        ListReleases: () => ({ releases: [view] }),
        GetRelease: () => view,
        ListApplications: () => ({ applications: [app] }),
        GetApplication: () => app,
        Logs: () => ({ text: 'line\u001b[2J one\n' }),
      },
    });
    expect((await capstan(['release', 'list', 'web'], { address })).stdout).to.match(
      /web +1\.4\.0 +sha256:abababababab +12 +2\.5 MB/,
    );
    expect((await capstan(['release', 'show', 'web@1.4.0'], { address })).stdout).to.match(
      /to fetch +900 KB/,
    );
    expect((await capstan(['app', 'list'], { address })).stdout).to.match(/web +staging +3 +1\.4\.0/);
    expect((await capstan(['app', 'show', 'web'], { address })).stdout).to.match(
      /As applied:\nkind: Application/,
    );
    expect(
      (await capstan(['logs', 'web-a-1', 'web'], { address })).stdout,
      'no escape sequence of the log',
    ).to.equal('line[2J one\n');
  });

  it('events verify exits 1 and names the first event that is not as it was written', async () => {
    const { address } = await recordedCoordinator({
      streams: {
        async *VerifyEvents() {
          yield await Promise.resolve({ since: 2, position: 1001, hash: 'ab' });
          yield { since: 2, position: 1500, hash: 'cd', brokenAt: 1501, isEnd: true };
        },
      },
    });
    const { code, stdout } = await capstan(['events', 'verify'], { address });
    expect(code).to.equal(1);
    expect(stdout).to.equal(
      'Event 1501 is not as it was written, or is missing. Those from 2 up to it are.\n',
    );
  });

  it('events verify exits 1 if no event has the hash that was noted', async () => {
    const expected = 'ef'.repeat(32);
    const { address } = await recordedCoordinator({
      streams: {
        async *VerifyEvents(request) {
          const expectedAt = request['expect'] === expected ? 7 : 0;
          yield await Promise.resolve({ since: 2, position: 9, hash: 'ab', expectedAt, isEnd: true });
        },
      },
    });
    const verify = (hash: string) => capstan(['events', 'verify', '--expect', hash], { address });
    const there = await verify(expected);
    expect([there.code, there.stdout]).to.deep.equal([
      0,
      'Events 2 to 9 are as they were written, and up to 7 they are those that are expected.\n9 ab\n',
    ]);
    const gone = await verify('0'.repeat(64));
    expect(gone.code).to.equal(1);
    expect(gone.stdout).to.match(/but none of them has the expected hash/);
    expect((await verify('1500')).code).to.equal(2);
  });

  it('events prints a line each, or one list of JSON', async () => {
    const event = {
      position: '4',
      time: '2026-01-31T12:00:00Z',
      kind: 'deploy.requested',
      actor: 'tester',
      app: 'web',
      message: 'web@1.4.0 to production',
      reason: 'fix',
    };
    const coordinator = await recordedCoordinator({
      streams: {
        async *ListEvents() {
          yield await Promise.resolve(event);
        },
      },
    });
    const { address } = coordinator;
    expect((await capstan(['events'], { address })).stdout).to.match(
      /deploy\.requested +web@1\.4\.0 to production \(by tester\): fix\n$/,
    );
    const json = await capstan(['events', '--since', '1h', '--output', 'json'], { address });
    expect(JSON.parse(json.stdout)).to.deep.equal([
      {
        position: 4,
        time: event.time,
        kind: event.kind,
        actor: 'tester',
        app: 'web',
        message: event.message,
        reason: 'fix',
      },
    ]);
    expect(Date.parse(String(coordinator.requests[1]?.request['since']))).to.be.closeTo(
      Date.now() - 3_600_000,
      60_000,
    );
  });

  it('tells errors of the coordinator with their exit codes, as text and as JSON', async () => {
    const codes = { notFound: 5, refused: 4, conflict: 4, invalid: 2, failed: 1, internal: 1 } as const;
    for (const [code, exit] of Object.entries(codes)) {
      const error = new CapstanError(code as keyof typeof codes, 'It is so.', {
        hint: 'Do that.',
        location: { file: 'a.yml', line: 2, column: 3 },
      });
      const { address } = await recordedCoordinator({
        unary: {
          Status: () => {
            throw error;
          },
        },
      });
      const text = await capstan(['status'], { address });
      expect(text).to.deep.equal({
        code: exit,
        stdout: '',
        stderr: 'capstan: a.yml:2:3: It is so.\nDo that.\n',
      });
      const json = await capstan(['status', '--output', 'json'], { address });
      expect(json.code).to.equal(exit);
      expect(JSON.parse(json.stderr)).to.deep.equal({
        error: {
          code,
          message: 'It is so.',
          hint: 'Do that.',
          location: { file: 'a.yml', line: 2, column: 3 },
        },
      });
    }
  });

  it('exits 3 with what to do when nobody is there', async () => {
    const coordinator = await recordedCoordinator({});
    coordinator.stop();
    const { code, stderr } = await capstan(['status'], { address: coordinator.address });
    expect(code).to.equal(3);
    expect(stderr).to.match(
      /^capstan: The coordinator at 127\.0\.0\.1:\d+ cannot be reached\.\nCheck that it runs/,
    );
  });

  it('waits for a busy coordinator, and for one that is being restarted', async () => {
    let calls = 0;
    const { address } = await recordedCoordinator({
      unary: {
        Status: () => {
          calls += 1;
          if (calls === 1) throw new CapstanError('unavailable', 'Shutting down.', { retryAfterMs: 10 });
          return { environments: [] };
        },
      },
    });
    expect((await capstan(['status'], { address })).code).to.equal(0);
    expect(calls).to.equal(2);
  });

  it('finds the coordinator through a context', async () => {
    const { address } = await recordedCoordinator({ unary: { Status: () => ({ environments: [] }) } });
    const home = await tempDir();
    await mkdir(join(home, '.config', 'capstan'), { recursive: true });
    await writeFile(
      join(home, '.config', 'capstan', 'config.yml'),
      `current: lab\ncontexts:\n  lab: { coordinator: "${address}", insecureLoopback: true }\n`,
    );
    expect((await capstan(['status'], { home })).code).to.equal(0);
    const wrong = await capstan(['status', '--context', 'labb'], { home });
    expect(wrong.code).to.equal(2);
    expect(wrong.stderr).to.match(/no context "labb".*\ndid you mean "lab"\?/);
  });

  it('colours on a terminal only, and not with NO_COLOR', async () => {
    const { address } = await recordedCoordinator({ unary: { ListNodes: () => ({ nodes: [node()] }) } });
    const escape = '\u001b[';
    expect((await capstan(['node', 'list'], { address })).stdout).not.to.include(escape);
    expect((await capstan(['node', 'list'], { address, terminal: true })).stdout).to.include(escape);
    expect(
      (await capstan(['node', 'list'], { address, terminal: true, env: { NO_COLOR: '1' } })).stdout,
    ).not.to.include(escape);
  });
});
