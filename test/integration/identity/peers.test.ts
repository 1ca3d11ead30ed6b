import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { expect } from 'chai';
import type { Digest } from '../../../shared/model/ids.js';
import type { Peer } from '../../../shared/model/peers.js';
import { type AgentClient } from '../../../shared/wire/agent-client.js';
import { connectOperator } from '../../../shared/wire/operator-client.js';
import { cleanUp } from '../../support/cleanup.js';
import { tempDir } from '../../support/temp-dir.js';
import { agentOf, failure, question, type Site, startSite, within } from './site.js';

const pack = `sha256:${'a'.repeat(64)}` as Digest;
const status = { apps: [], facts: undefined, agentVersion: '1', allowUnsigned: false };

describe('nodes that serve each other', function () {
  this.timeout(30_000);
  let site: Site;

  before(async () => {
    site = await startSite(await tempDir());
  });

  const join = async (name: string): Promise<AgentClient> => {
    const client = agentOf(site.agents, await site.enrol(await site.token(), name));
    await client.poll(question(1), within());
    return client;
  };

  const offer = (client: AgentClient, url: string) =>
    client.report(
      { ...{ session: 'session', sequence: 1, status, logs: [] }, serving: { url, slots: 4, packs: [pack] } },
      within(),
    );

  const found = async (client: AgentClient): Promise<readonly Peer[]> => {
    const { packs } = await client.findPeers({ packs: [pack], corrupt: [] }, within());
    return packs.flatMap(({ peers }) => peers);
  };

  it('are named to each other where they call from, and no more once they are decommissioned', async () => {
    const [a, b] = [await join('a'), await join('b')];
    await offer(a, 'https://0.0.0.0:7660');
    expect(await found(b)).to.deep.equal([{ node: 'a', url: 'https://127.0.0.1:7660' }]);
    await site.operator.call('DecommissionNode', { name: 'a', reason: 'stolen', idempotencyKey: 'd' });
    expect(await found(b)).to.deep.equal([]);
    expect(await failure(found(a))).to.match(/^refused: The node a was decommissioned/);
  });

  it('have certificates that make no coordinator, not even of a host that is called like the node', async () => {
    const { own } = await site.enrol(await site.token(), 'localhost');
    const server = createServer({ key: own?.key, cert: own?.certificate, minVersion: 'TLSv1.3' });
    server.on('tlsClientError', () => undefined);
    await once(server.listen(0, 'localhost'), 'listening');
    cleanUp(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const trust = { ca: site.ca, token: 'secret' };
    const fooled = connectOperator({ address: `localhost:${port}`, actor: 'ann', trust });
    const said = await failure(fooled.call('Status', {}, { retry: false }));
    fooled.close();
    expect(said).to.match(/^unreachable: What answers at .* is not to be trusted: .*node localhost/);
  });
});
