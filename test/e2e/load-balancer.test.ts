import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { cleanUp } from '../support/cleanup.js';
import { eventually } from '../support/eventually.js';
import { type Backend, type LoadBalancer, startLoadBalancer } from '../support/load-balancer.js';
import { startLoad } from '../support/load-client.js';

interface Fake {
  readonly backend: Backend;
  ready: number;
  healthy: number;
  answer: RequestListener;
  close(): Promise<void>;
}

describe('the load balancer that the end-to-end tests judge by', () => {
  it('gives requests to those that are healthy and ready, and to nobody else', async () => {
    const [one, two] = [await fake('one'), await fake('two')];
    const balancer = await balance([one, two]);
    await eventually(() => balancer.serving().size === 2);
    expect(new Set([await body(balancer), await body(balancer)])).to.deep.equal(new Set(['one', 'two']));
    one.ready = 503;
    await eventually(() => balancer.serving().size === 1);
    expect([await body(balancer), await body(balancer)]).to.deep.equal(['two', 'two']);
    one.ready = 404; // no opinion: the application's own check decides
    two.healthy = 500;
    await eventually(() => balancer.serving().has('one') && !balancer.serving().has('two'));
    expect(await body(balancer)).to.equal('one');
  });

  it('answers 503 when nobody is in service, which the client counts as failed', async () => {
    const one = await fake('one');
    one.healthy = 500;
    const balancer = await balance([one]);
    const load = startLoad({ url: balancer.url, paths: ['/'], workers: 1, pauseMs: 1 });
    await eventually(() => load.report().failed.length > 0);
    const { failed } = await load.stop();
    expect(failed[0]?.what).to.equal('503 load balancer: no backend is in service');
  });

  it('moves on to the next backend when the connection was refused: nothing had been sent', async () => {
    const [one, two] = [await fake('one'), await fake('two')];
    const balancer = await balance([one, two], 60_000);
    await eventually(() => balancer.serving().size === 2);
    await one.close();
    expect([await body(balancer), await body(balancer)]).to.deep.equal(['two', 'two']);
    expect(balancer.counts()).to.include({ failed: 0, redispatched: 1 });
  });

  it('never sends a request twice: one that the server drops half-way is seen to fail', async () => {
    const [one, two] = [await fake('one'), await fake('two')];
    one.answer = (request) => request.socket.destroy();
    two.answer = one.answer;
    const balancer = await balance([one, two]);
    await eventually(() => balancer.serving().size === 2);
    expect((await fetch(balancer.url)).status).to.equal(502);
    expect(balancer.counts()).to.include({ failed: 1, redispatched: 0 });
  });

  it('streams a large body both ways', async () => {
    const one = await fake('one');
    one.answer = (request, response) => void request.pipe(response);
    const balancer = await balance([one]);
    await eventually(() => balancer.serving().size === 1);
    const sent = Buffer.alloc(3_000_000, 'x');
    const answer = await fetch(balancer.url, { method: 'POST', body: sent });
    expect(Buffer.from(await answer.arrayBuffer()).equals(sent)).to.equal(true);
  });
});

async function fake(name: string): Promise<Fake> {
  const state: Omit<Fake, 'backend' | 'close'> = {
    ready: 200,
    healthy: 200,
    answer: (_request, response) => response.end(name),
  };
  const server = createServer((request, response) => {
    if (request.url === '/ready/web') response.writeHead(state.ready).end();
    else if (request.url === '/healthz') response.writeHead(state.healthy).end();
    else state.answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  cleanUp(close);
  const { port } = server.address() as AddressInfo;
  const readyUrl = `http://127.0.0.1:${port}/ready/web`;
  const backend: Backend = { name, host: '127.0.0.1', port, healthPath: '/healthz', readyUrl };
  return Object.assign(state, { backend, close });
}

async function balance(fakes: readonly Fake[], everyMs = 20): Promise<LoadBalancer> {
  const balancer = await startLoadBalancer({ backends: fakes.map(({ backend }) => backend), everyMs });
  cleanUp(() => balancer.close());
  return balancer;
}

async function body(balancer: LoadBalancer): Promise<string> {
  return (await fetch(balancer.url)).text();
}
