import { Server, ServerCredentials } from '@grpc/grpc-js';
import { expect } from 'chai';
import { HealthImplementation, type ServingStatusMap } from 'grpc-health-check';
import type { ProbeResult } from '../../../agent/core/health.js';
import { createProber, type Prober } from '../../../agent/io/probes/prober.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';

describe('the gRPC health probe', () => {
  let prober: Prober;
  beforeEach(() => {
    prober = createProber({ unitFault: () => Promise.resolve('') });
    cleanUp(() => {
      prober.close();
    });
  });

  const ask = (port: number, service?: string, signal = new AbortController().signal): Promise<ProbeResult> =>
    prober.probe(
      {
        kind: 'grpc',
        address: '127.0.0.1:${PORT}',
        ...(service === undefined ? {} : { service }),
        ...{ everyMs: 100, timeoutMs: 500, rise: 1, fall: 1 },
      },
      { values: { PORT: String(port) }, cwd: '/', user: () => Promise.resolve(undefined), signal },
    );

  it('asks for the server as a whole or for one service, and says what it answered', async () => {
    const { port, health } = await serve({ '': 'SERVING', 'shop.Orders': 'NOT_SERVING' });
    expect(await ask(port)).to.deep.equal({ ok: true });
    expect(await ask(port, 'shop.Orders')).to.deep.equal({
      ok: false,
      complaint: `gRPC health of shop.Orders at 127.0.0.1:${port}: NOT_SERVING`,
    });
    expect(complaintOf(await ask(port, 'shop.Carts'))).to.match(/the server does not know the service$/);
    health.setStatus('shop.Orders', 'SERVING');
    expect(await ask(port, 'shop.Orders')).to.deep.equal({ ok: true });
  });

  it('tells a server without the health protocol from one that is not there, and finds one that comes back', async () => {
    const bare = await serve();
    expect(complaintOf(await ask(bare.port))).to.match(/does not offer the health protocol$/);
    bare.server.forceShutdown();
    await eventually(async () => /ECONNREFUSED|UNAVAILABLE|dropped/i.test(complaintOf(await ask(bare.port))));
    await serve({ '': 'SERVING' }, bare.port);
    await eventually(async () => (await ask(bare.port)).ok, { timeoutMs: 5000 });
  });

  it('ends within its time limit, and at once when it is given up', async () => {
    const silent = new Server();
    silent.register(
      '/grpc.health.v1.Health/Check',
      () => undefined,
      (value: Buffer) => value,
      (value: Buffer) => value,
      'unary',
    );
    const port = await bind(silent);
    expect(complaintOf(await ask(port))).to.match(/no answer within 500 ms$/);
    const abort = new AbortController();
    const asked = ask(port, undefined, abort.signal);
    abort.abort();
    expect(complaintOf(await asked)).to.match(/ancelled/);
  });
});

const complaintOf = (result: ProbeResult): string => (result.ok ? '' : result.complaint);

async function serve(statuses?: ServingStatusMap, at = 0) {
  const server = new Server();
  const health = new HealthImplementation(statuses ?? {});
  if (statuses !== undefined) health.addToServer(server);
  return { server, health, port: await bind(server, at) };
}

async function bind(server: Server, at = 0): Promise<number> {
  cleanUp(() => {
    server.forceShutdown();
  });
  return await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${at}`, ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
