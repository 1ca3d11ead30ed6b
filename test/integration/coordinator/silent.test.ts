import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { Services, specOf } from './services.js';

describe('a node that falls silent', () => {
  it('is counted as silent by status, and its health as unknown by a rollout whose wave does not pass', async () => {
    const services = await Services.start({ limits: { silentAfterMs: 100 } });
    await services.apply(specOf({ production: 'env=production' }, 'waves: [{ name: all, bake: 1s }]'));
    const [one, two] = [services.agent('web-1'), services.agent('web-2')];
    await services.connected(one, two);
    await services.register('1.0.0');
    const id = await services.deploy('1.0.0');
    await eventually(async () => {
      const { waves } = await services.client.call('GetRollout', { id });
      return waves[0]?.status === 'baking';
    });
    await two.stop();
    const status = async () => (await services.client.call('Status', { app: 'web' })).environments[0];
    await eventually(async () => (await status())?.silent === 1);
    expect(await status()).to.include({ total: 2, healthy: 1, unhealthy: 0, silent: 1, lost: 0 });
    const rollout = await services.client.call('GetRollout', { id });
    expect(rollout).to.include({ status: 'running', healthy: 1, settled: 1 });
    expect(rollout.waves[0]?.nodes[1]).to.include({
      phase: 'healthy',
      health: 'HEALTH_UNKNOWN',
      reason: 'it is silent: not heard of',
    });
  });
});
