import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { openAgentCheck } from '../../../agent/io/endpoint/agent-check.js';
import { openHttpEndpoint } from '../../../agent/io/endpoint/http.js';
import type { Endpoint } from '../../../agent/io/endpoint/listen.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';

const source = {
  opinion: () => ({ kind: 'ready' }) as const,
  stagingOpinion: () => undefined,
  answered: () => undefined,
  metrics: () => '',
};

/** A connection that asks nothing. */
async function idle({ address: { host, port } }: Endpoint, localAddress: string): Promise<Socket> {
  const socket = connect({ host, port, localAddress })
    .on('error', () => undefined)
    .resume();
  cleanUp(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

const idleOnes = (
  endpoint: Endpoint,
  count: number,
  from: (n: number) => string,
): Promise<readonly Socket[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => idle(endpoint, from(n))));

describe('the readiness endpoint', () => {
  let endpoint: Endpoint;
  beforeEach(async () => {
    endpoint = await openHttpEndpoint({ host: '127.0.0.1', port: 0 }, source);
    cleanUp(() => endpoint.close());
  });
  const ask = (): Promise<number> => {
    const { host, port } = endpoint.address;
    return fetch(`http://${host}:${port}/ready/web`, { headers: { connection: 'close' } }).then(
      ({ status }) => status,
    );
  };

  it('is not closed to load balancers by an address that connects again and again and asks nothing', async () => {
    const held = await idleOnes(endpoint, 300, () => '127.0.0.2');
    expect(await ask()).to.equal(200);
    await eventually(() => held.filter(({ closed }) => !closed).length <= 32);
  });

  it('nor to those at the same address, which it keeps for longer the later they have asked', async () => {
    const { host, port } = endpoint.address;
    const asking = connect(port, host).on('error', () => undefined);
    cleanUp(() => void asking.destroy());
    const answers = (): Promise<unknown> => {
      asking.write('GET /ready/web HTTP/1.1\r\nhost: node\r\n\r\n');
      return once(asking, 'data');
    };
    await answers();
    for (let round = 0; round < 4; round++) {
      await idleOnes(endpoint, 30, () => '127.0.0.1');
      await answers();
    }
    expect(asking.destroyed).to.equal(false);
    expect(await ask()).to.equal(200);
  });

  it('is open again soon where many addresses ask nothing', async () => {
    const held = await idleOnes(endpoint, 256, (n) => `127.0.0.${2 + (n % 16)}`);
    expect(await ask().catch(() => 'refused')).to.equal('refused');
    await eventually(async () => (await ask().catch(() => 0)) === 200, { timeoutMs: 10_000 });
    await eventually(() => held.every(({ closed }) => closed));
  });
});

describe('the agent-check', () => {
  it('answers however many connections another address holds', async () => {
    const endpoint = await openAgentCheck({ host: '127.0.0.1', port: 0 }, source);
    cleanUp(() => endpoint.close());
    await idleOnes(endpoint, 300, () => '127.0.0.2');
    const socket = await idle(endpoint, '127.0.0.1');
    socket.write('web\n');
    const [line] = (await once(socket, 'data')) as [Buffer];
    expect(line.toString()).to.equal('up ready\n');
  });
});
