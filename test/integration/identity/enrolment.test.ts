import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { tempDir } from '../../support/temp-dir.js';
import { agentOf, failure, newKey, question, type Site, startSite, within } from './site.js';

describe('enrolling', function () {
  this.timeout(60_000);
  let site: Site;
  before(async () => {
    site = await startSite(await tempDir());
  });

  const tokenView = async (token: string) => {
    const hash = createHash('sha256').update(token).digest('hex');
    return (await site.operator.call('ListTokens', {})).tokens.find(({ id }) => hash.startsWith(id));
  };

  it('the same server may ask again, and uses the token up once', async () => {
    const token = await site.token({ uses: 2, labels: { zone: 'a' } });
    const key = newKey();
    await site.enrol(token, 'web-a', key);
    await agentOf(site.agents, await site.enrol(token, 'web-a', key)).poll(question(1), within());
    expect(await tokenView(token)).to.include({ used: 1, state: 'valid' });
    expect(await failure(site.enrol(token, 'web-a'))).to.contain('conflict: There is a node web-a already');
    expect((await site.operator.call('GetNode', { name: 'web-a' })).labels).to.deep.equal({ zone: 'a' });
  });

  it('a name whose server enrolled and never polled can be freed', async () => {
    const token = await site.token({ uses: 3 });
    await site.enrol(token, 'web-b');
    const { answer, since } = await site.operator.call('Why', { subject: 'web-b' });
    expect(answer).to.equal('web-b has enrolled, and its agent has never polled');
    expect(Date.parse(since)).to.be.closeTo(Date.now(), 60_000);
    const gone = { name: 'web-b', reason: 'reinstalled', idempotencyKey: 'd' };
    await site.operator.call('DecommissionNode', gone);
    await agentOf(site.agents, await site.enrol(token, 'web-b')).poll(question(1), within());
  });
});
