import { credentials } from '@grpc/grpc-js';
import { expect } from 'chai';
import { CapstanError } from '../../../shared/model/errors.js';
import type { NodeName } from '../../../shared/model/ids.js';
import { connectAgent } from '../../../shared/wire/agent-client.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { Services, specOf } from '../coordinator/services.js';

describe('a coordinator of which nodes say that they have heard of a later epoch', () => {
  it('sends them away, and believes no single node that there is another one', async () => {
    const services = await Services.start();
    await services.apply(specOf({ production: 'env=production' }));
    const agents = ['web-1', 'web-2', 'web-3'].map((name) => services.agent(name));
    await services.connected(...agents);
    const seen = 1_800_000_000;
    /** Polls as a node that knows of the later epoch. */
    const poll = async (name: string): Promise<string> => {
      const client = connectAgent({
        address: `127.0.0.1:${services.running.agentPort}`,
        credentials: credentials.createInsecure(),
        claims: { name: name as NodeName, labels: { env: 'production' } },
      });
      cleanUp(() => {
        client.close();
      });
      const question = { revisionSeen: 0, instance: name, session: name, reportSequence: 0, epochSeen: seen };
      return client.poll(question, { deadlineMs: 5000, signal: new AbortController().signal }).then(
        () => 'answered',
        (error: unknown) => {
          const { code, message, retryAfterMs = 0 } = CapstanError.from(error);
          return retryAfterMs > 0 ? `${code}: ${message}` : message;
        },
      );
    };
    const frozen = async (): Promise<boolean> => {
      const { environments } = await services.client.call('Status', {});
      return environments.some(({ freeze }) => freeze !== null);
    };
    const away =
      'unavailable: This coordinator is of the first epoch, and the node has heard of the epoch of 2027';
    for (const turn of [1, 2]) expect(await poll('new-1'), `turn ${turn}`).to.contain(away);
    await services.connected(...agents);
    expect(await frozen(), 'on the word of one').to.equal(false);
    expect(await poll('new-2')).to.contain(away);
    await eventually(frozen);
    const said = (await services.events()).filter(({ kind }) => kind === 'coordinator.outranked');
    expect(said.map(({ reason }) => reason)).to.have.length(1);
    expect(said[0]?.reason).to.contain(`--after ${seen}`);
    await services.connected(...agents);
  });
});
