import { expect } from 'chai';
import { production, releaseWith, Services } from './services.js';

const api = production.replace('name: web', 'name: api');

describe('why', () => {
  it('names what holds a node up, of whichever application; what runs well hides nothing', async () => {
    const services = await Services.start();
    await services.apply(production);
    await services.apply(api);
    const agent = services.agent('web-1');
    await services.connected(agent);
    await services.prove('1.0.0');
    agent.behave(({ app }) => (app === 'api' ? 'turnedBack' : 'healthy'));
    await services.client.call('RegisterRelease', { app: 'api', release: releaseWith('5.0.0', 'api') });
    const call = { app: 'api', env: 'production', version: '5.0.0' };
    const { rollout } = await services.client.call('Deploy', call);
    await services.ended(rollout?.id ?? '');
    const failed = await services.client.call('Why', { subject: 'web-1' });
    expect(failed.answer).to.contain('GET /healthz answered 503');
    expect(failed.logTail).to.equal('cannot find module');
    expect(Date.parse(failed.since)).to.be.within(Date.now() - 60_000, Date.now());
  });

  it('says since when a node holds what it has, whatever else happens meanwhile', async () => {
    const services = await Services.start();
    const hold = (text: string): string =>
      text.replace('      strategy:', '      join: hold\n      strategy:');
    await services.apply(hold(production));
    await services.connected(services.agent('web-1'));
    await services.prove('1.0.0');
    await services.connected(services.agent('web-2'));
    const why = await services.client.call('Why', { subject: 'web-2' });
    expect(why.answer).to.equal('web-2 holds what it has of web: its environment lets new nodes hold');
    const since = Date.parse(why.since);
    expect(since).to.be.within(Date.now() - 60_000, Date.now());
    await services.client.call('LabelNode', { name: 'web-1', set: { canary: 'yes' } });
    const again = await services.client.call('Why', { subject: 'web-2' });
    expect(Math.abs(Date.parse(again.since) - since)).to.be.below(50);
  });
});
