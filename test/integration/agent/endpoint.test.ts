import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { openHttpEndpoint } from '../../../agent/io/endpoint/http.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';

describe('the readiness endpoint', () => {
  it('is not closed to load balancers by connections that ask for nothing', async () => {
    const endpoint = await openHttpEndpoint(
      { host: '127.0.0.1', port: 0 },
      {
        opinion: () => ({ kind: 'ready' }),
        stagingOpinion: () => undefined,
        answered: () => undefined,
        metrics: () => '',
      },
    );
    cleanUp(() => endpoint.close());
    const { host, port } = endpoint.address;
    const idle = await Promise.all(
      Array.from({ length: 256 }, async () => {
        const socket = connect(port, host)
          .on('error', () => undefined)
          .resume();
        cleanUp(() => void socket.destroy());
        await once(socket, 'connect');
        return socket;
      }),
    );
    const ask = (): Promise<number> => fetch(`http://${host}:${port}/ready/web`).then(({ status }) => status);
    expect(await ask().catch(() => 'refused')).to.equal('refused');
    await eventually(async () => (await ask()) === 200, { timeoutMs: 10_000 });
    await eventually(() => idle.every((socket) => socket.closed));
  });
});
