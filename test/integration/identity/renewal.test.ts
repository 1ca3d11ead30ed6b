import { setMaxListeners } from 'node:events';
import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { type LinkCounts, runLinkedAgent } from '../../support/linked-agents.js';
import { tempDir } from '../../support/temp-dir.js';
import { startSite } from './site.js';

const agents = 6;

describe('certificates that are renewed', function () {
  this.timeout(30_000);

  it('fail no poll and no report of many agents, each renewed again and again', async () => {
    const site = await startSite(await tempDir(), ['--poll-hold', '400ms']);
    const token = await site.token({ uses: agents });
    const counts: LinkCounts = { polls: 0, reports: 0, renewals: 0, failures: [] };
    const stop = new AbortController();
    setMaxListeners(0, stop.signal); // all agents wait for it
    const names = Array.from({ length: agents }, (_, at) => `web-${at}`);
    const running = Promise.all(
      names.map(async (name) => {
        const identity = await site.enrol(token, name);
        const options = {
          address: site.agents,
          name,
          identity,
          reportEveryMs: 50,
          renewEveryMs: 200,
          counts,
        };
        await runLinkedAgent(options, stop.signal);
      }),
    );
    try {
      await eventually(() => counts.renewals >= 3 * agents || counts.failures.length > 0, {
        ...{ what: 'renewals', timeoutMs: 20_000 },
      });
    } finally {
      stop.abort();
      await running;
    }
    expect(counts.failures).to.deep.equal([]);
    expect(counts.polls).to.be.greaterThan(agents);
    expect(counts.reports).to.be.greaterThan(3 * agents);
  });
});
