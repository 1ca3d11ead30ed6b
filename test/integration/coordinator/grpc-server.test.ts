import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { expect } from 'chai';
import { loopbackCredentials } from '../../../coordinator/io/grpc/credentials.js';
import { startGrpcServer } from '../../../coordinator/io/grpc/server.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { errorFromStatus } from '../../../shared/wire/client-error.js';
import { connectOperator } from '../../../shared/wire/operator-client.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { failureOf, quietStatus, startPolls, TestAgent } from './polls-fixture.js';
import { Services } from './services.js';

const bytes = (buffer: Buffer): Buffer => buffer;

function connect(address: string): Client {
  const client = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  cleanUp(() => {
    client.close();
  });
  return client;
}

/** A call as some other program would make it. */
function rawCall(
  address: string,
  path: string,
  { message = Buffer.alloc(0), claims = {} }: { message?: Buffer; claims?: Record<string, string> } = {},
): Promise<Buffer> {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(claims)) metadata.add(key, value);
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + 10_000;
    connect(address).makeUnaryRequest<Buffer, Buffer>(
      path,
      bytes,
      bytes,
      message,
      metadata,
      { deadline },
      (error, reply) => {
        if (error !== null) reject(errorFromStatus(error, address));
        else resolve(reply ?? Buffer.alloc(0));
      },
    );
  });
}

const poll = '/capstan.v1.AgentService/Poll';

describe('the gRPC server', () => {
  it('serves health', async () => {
    const { address } = await startPolls();
    const name = Buffer.from('capstan.v1.AgentService');
    const message = Buffer.concat([Buffer.from([0x0a, name.length]), name]);
    const reply = await rawCall(address, '/grpc.health.v1.Health/Check', { message });
    expect([...reply]).to.deep.equal([0x08, 1]); // status: SERVING
  });

  it('refuses a name however long it is, and goes on answering on the same connection', async () => {
    const { client } = await Services.start();
    const begin = (app: string) => client.call('BeginPublish', { app, version: '1.0.0' });
    const { code, message } = await failureOf(begin('a'.repeat(100_000)));
    expect(code).to.equal('invalid');
    expect(message).to.equal(`"${'a'.repeat(300)}…" cannot be the name of an application.`);
    expect((await begin('web')).existingDigest).to.equal('');
  });

  it('tells its services by reflection', async () => {
    const { address } = await startPolls();
    const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
    const call = connect(address).makeBidiStreamRequest<Buffer, Buffer>(path, bytes, bytes);
    const reply = new Promise<Buffer>((resolve, reject) => {
      call.once('data', resolve);
      call.once('error', reject);
    });
    call.write(Buffer.from([0x3a, 0x00])); // list_services: ""
    const text = (await reply).toString('latin1');
    expect(text).to.contain('capstan.v1.AgentService').and.to.contain('capstan.v1.OperatorService');
  });

  it('refuses calls that do not say which node they are from', async () => {
    const { address } = await startPolls();
    const error = await failureOf(rawCall(address, poll));
    expect(error.code).to.equal('refused');
    expect(error.hint).to.contain('capstan-node');
  });

  for (const [what, claims] of [
    ['a name that is none', { 'capstan-node': 'Not_A_Name' }],
    ['a label without a value', { 'capstan-node': 'node-a', 'capstan-labels': 'zone' }],
    ['a label with an odd key', { 'capstan-node': 'node-a', 'capstan-labels': 'zone=a,b c=d' }],
    [
      'more labels than anybody needs',
      {
        'capstan-node': 'node-a',
        'capstan-labels': Array.from({ length: 65 }, (_, n) => `k${n}=v`).join(','),
      },
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { address, fleet } = await startPolls();
      expect((await failureOf(rawCall(address, poll, { claims }))).code).to.equal('invalid');
      expect(fleet.arrivals).to.deep.equal([]);
    });
  }

  it('lists what is wrong with a message', async () => {
    const { address } = await startPolls();
    const error = await failureOf(rawCall(address, poll, { claims: { 'capstan-node': 'node-a' } }));
    expect(error.code).to.equal('invalid');
    expect(error.message).to.contain('instance').and.to.contain('session');
  });

  it('survives bytes that are no message', async () => {
    const { address } = await startPolls();
    const message = Buffer.from([0x12, 0xff, 0xff, 0xff, 0xff, 0x0f]);
    await failureOf(rawCall(address, poll, { message, claims: { 'capstan-node': 'node-a' } }));
    const agent = new TestAgent(address);
    await agent.poll();
    expect(await agent.report(1, quietStatus)).to.equal(1);
  });

  it('refuses a message that is too large, and goes on', async () => {
    const { address } = await startPolls();
    const message = Buffer.alloc(9 * 1024 * 1024);
    const error = await failureOf(rawCall(address, poll, { message, claims: { 'capstan-node': 'node-a' } }));
    expect(error.code).to.equal('unavailable');
    expect((await new TestAgent(address).poll()).reportWanted).to.equal(true);
  });

  it('says which port is in use', async () => {
    const { server } = await startPolls();
    const second = startGrpcServer({
      host: '127.0.0.1',
      port: server.port,
      credentials: loopbackCredentials('127.0.0.1'),
      services: [],
    });
    const error = await failureOf(second);
    expect(error.code).to.equal('failed');
    expect(error.message).to.equal(
      `Cannot listen on 127.0.0.1:${server.port}: another program listens there.`,
    );
  });

  it('stops within its bound though a poll is still held', async () => {
    const { fleet, hub, server, address } = await startPolls();
    fleet.reported.add('s1');
    const held = failureOf(new TestAgent(address).poll());
    await eventually(() => hub.held === 1);
    await server.stop(50);
    expect((await held).code).to.be.oneOf(['unreachable', 'cancelled']);
    await eventually(() => hub.held === 0);
  });

  it('stops at once when its polls were answered', async () => {
    const { fleet, hub, server, address } = await startPolls();
    fleet.reported.add('s1');
    const held = new TestAgent(address).poll();
    await eventually(() => hub.held === 1);
    hub.drain(1000);
    const started = performance.now();
    await server.stop(15_000);
    expect(performance.now() - started).to.be.below(10_000);
    expect((await held).desired).to.equal(undefined);
  });
});

describe('credentials', () => {
  it('serves loopback only, and only when told so', () => {
    expect(() => loopbackCredentials('127.0.0.1')).not.to.throw();
    expect(() => loopbackCredentials('::1')).not.to.throw();
    expect(() => loopbackCredentials('0.0.0.0')).to.throw(CapstanError, 'cannot listen on 0.0.0.0');
    expect(() => loopbackCredentials('127.0.0.1.example.org')).to.throw(CapstanError);
  });
});

describe('the client of operators', () => {
  it('says what answers where there is no coordinator, but a web server', async () => {
    const server = createServer((_, reply) => reply.end('hello'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connectOperator({ address: `127.0.0.1:${port}`, actor: 'tester' });
    const failure = await client.call('Status', {}, { retry: false }).catch((error: unknown) => error);
    client.close();
    await new Promise((resolve) => server.close(resolve));
    expect(failure).to.include({ code: 'unreachable' });
    expect(CapstanError.from(failure).message).to.match(/^What answers at 127\.0\.0\.1:\d+ does not speak/);
    expect(CapstanError.from(failure).hint).to.contain('--operator-listen');
  });
});
