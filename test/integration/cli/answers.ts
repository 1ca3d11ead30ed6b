/** What a coordinator says of a small fleet, for the tests of the command line. */
export const digest = `sha256:${'ab'.repeat(32)}`;

export const rollout = (fields: Readonly<Record<string, unknown>> = {}) => ({
  id: 'r1',
  app: 'web',
  env: 'production',
  from: '1.3.2',
  to: '1.4.0',
  strategy: 'rolling',
  status: 'running',
  waves: [
    wave('pilot', 'running', [rolloutNode('web-a-1', 'checking')]),
    wave('rest', 'pending', [rolloutNode('web-b-1', 'pending')]),
  ],
  startedAt: '2026-01-31T12:00:00.000Z',
  cause: 'deploy',
  requestedBy: 'tester',
  total: 2,
  settled: 0,
  healthy: 0,
  failed: 0,
  ...fields,
});

const wave = (name: string, status: string, nodes: readonly unknown[]) => ({ name, status, nodes });

const rolloutNode = (name: string, phase: string, fields: Readonly<Record<string, unknown>> = {}) => ({
  name,
  phase,
  health: phase === 'healthy' ? 'HEALTH_HEALTHY' : 'HEALTH_UNKNOWN',
  ...fields,
});

export const succeeded = () =>
  rollout({
    status: 'succeeded',
    waves: [
      wave('pilot', 'passed', [rolloutNode('web-a-1', 'healthy')]),
      wave('rest', 'passed', [rolloutNode('web-b-1', 'healthy')]),
    ],
    endedAt: '2026-01-31T12:01:30.000Z',
    settled: 2,
    healthy: 2,
  });

export const rolledBack = () =>
  rollout({
    status: 'rolledBack',
    reason: 'web-a-1 failed in the canary wave pilot',
    waves: [
      wave('pilot', 'failed', [
        rolloutNode('web-a-1', 'turnedBack', {
          health: 'HEALTH_HEALTHY',
          step: 'check',
          reason: 'http://127.0.0.1:8080/healthz answered 500',
          logTail: 'Error: no database\n    at start (server.js:3)\n',
        }),
      ]),
    ],
    endedAt: '2026-01-31T12:01:30.000Z',
    failed: 1,
  });

export const node = (fields: Readonly<Record<string, unknown>> = {}) => ({
  name: 'web-a-1',
  labels: { zone: 'a', role: 'web' },
  liveness: 'connected',
  agentVersion: '0.1.0',
  facts: {
    os: 'Debian 12',
    kernel: '6.1',
    arch: 'x64',
    hostname: 'h',
    cpus: 2,
    memoryTotal: '4000000000',
    memoryAvailable: '1000000000',
    diskTotal: '9000000000',
    diskFree: '5000000000',
    load1: 0.25,
    uptimeSeconds: '3600',
    nodeVersion: '20.20.2',
  },
  apps: [
    {
      app: 'web',
      env: 'production',
      version: '1.3.2',
      digest,
      wantedVersion: '1.4.0',
      wantedIntent: 'INTENT_ACTIVATE',
      phase: 'NODE_PHASE_TURNED_BACK',
      health: 'HEALTH_HEALTHY',
      reason: 'the health check failed',
      failure: { step: 'check', reason: 'the health check failed', logTail: 'boom\n' },
      generation: '7',
    },
  ],
  allowUnsigned: true,
  ...fields,
});
