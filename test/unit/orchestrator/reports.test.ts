import { expect } from 'chai';
import { isHealthChange } from '../../../coordinator/orchestrator/reports.js';
import type { AppName } from '../../../shared/model/ids.js';
import type { AppStatus, HealthVerdict, NodePhase } from '../../../shared/model/node-status.js';

const status = (phase: NodePhase, health: HealthVerdict): AppStatus => ({
  app: 'web' as AppName,
  generation: 1,
  ...{ phase, health },
  ready: health === 'healthy',
  current: undefined,
  previous: undefined,
  staged: [],
  failure: undefined,
  note: '',
  fetched: undefined,
  fetchedFrom: [],
});

describe('a change of health', () => {
  it('is an event when what serves changes by itself', () => {
    const [well, ill] = [status('healthy', 'healthy'), status('healthy', 'unhealthy')];
    expect(isHealthChange(well, ill)).to.equal(true);
    expect(isHealthChange(ill, well)).to.equal(true);
    expect(isHealthChange(well, well)).to.equal(false);
    expect(isHealthChange(undefined, ill)).to.equal(false);
    expect(isHealthChange(status('healthy', 'unknown'), ill)).to.equal(false);
  });

  it('is none while the node itself stops and starts it', () => {
    const levels = [
      status('healthy', 'healthy'),
      status('stopping', 'unhealthy'),
      status('starting', 'unhealthy'),
      status('checking', 'healthy'),
      status('healthy', 'healthy'),
    ];
    for (const [at, now] of levels.entries()) expect(isHealthChange(levels[at - 1], now)).to.equal(false);
  });
});
