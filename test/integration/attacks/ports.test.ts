import { once } from 'node:events';
import { get, type RequestOptions, request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { type ChannelCredentials, Client, credentials, Metadata } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { ChannelIdentity } from '../../../shared/identity/channel.js';
import { connectAgent } from '../../../shared/wire/agent-client.js';
import { connectOperator } from '../../../shared/wire/operator-client.js';
import { cleanUp } from '../../support/cleanup.js';
import { tempDir } from '../../support/temp-dir.js';
import { agentOf, failure, question, type Site, startSite, within } from '../identity/site.js';
import { attempt } from './attempt.js';

const megabyte = 1024 * 1024;

describe('attacks on the ports of a coordinator', function () {
  this.timeout(60_000);
  let site: Site;
  before(async () => {
    site = await startSite(await tempDir());
  });
  // Whatever was sent to it, it still serves.
  afterEach(async () => {
    expect((await site.operator.call('GetSelf', {})).name).to.equal('admin');
  });

  const ports: Readonly<Record<string, () => string>> = {
    "the agents' port": () => site.agents,
    "the operators' port": () => site.operators,
    'the HTTP port': () => site.http,
  };
  const hostAndPort = (address: string) => {
    const [host = '', port] = address.split(':');
    return { host, port: Number(port) };
  };

  for (const [name, addressOf] of Object.entries(ports)) {
    attempt(`TLS 1.2 on ${name}`, /alert protocol version/i, async () => {
      const socket = connect({
        ...hostAndPort(addressOf()),
        ...{ maxVersion: 'TLSv1.2', rejectUnauthorized: false },
      });
      const [{ message }] = (await once(socket, 'error')) as [Error];
      return message.split(':').find((part) => part.includes('alert')) ?? message;
    });

    attempt(`plain text on ${name}`, 'closed, and nothing was said', async () => {
      const socket = connectPlain(hostAndPort(addressOf()));
      let answered = '';
      socket.setEncoding('latin1').on('data', (bytes: string) => (answered += bytes));
      socket.on('error', () => undefined);
      socket.write('GET /healthz HTTP/1.1\r\nHost: capstan\r\n\r\n');
      await once(socket, 'close');
      return answered.includes('HTTP') ? answered : 'closed, and nothing was said';
    });
  }

  attempt('an agent that speaks plain text', /^unreachable: /, () => {
    const client = connectAgent({
      ...{ address: site.agents, credentials: credentials.createInsecure() },
      claims: { name: 'a' as never, labels: {} },
    });
    cleanUp(() => {
      client.close();
      return Promise.resolve();
    });
    return failure(client.poll(question(), within(3000)));
  });

  attempt("a node on the operators' port", /does not serve agents/, async () => {
    const agent = agentOf(site.operators, await site.enrol(await site.token(), 'on-operators'));
    return failure(agent.poll(question(), within()));
  });

  attempt(
    "an operator's call on the agents' port, with a node's certificate",
    /^12 UNIMPLEMENTED/,
    async () => {
      const channel = channelOf(await site.enrol(await site.token(), 'on-agents'));
      return (await rawCall(site.agents, channel, '/capstan.v1.OperatorService/Deploy')).message;
    },
  );

  it('what answers there is for who trusts the authority', async () => {
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      get(`https://${site.http}/healthz`, { ca: site.ca }, ({ statusCode }) => resolve(statusCode)).on(
        'error',
        reject,
      );
    });
    expect(answer).to.equal(200);
  });

  describe('with what is oversized', () => {
    const admin = () => credentials.createSsl(Buffer.from(site.ca));
    const authorised = () => ({ authorization: `Bearer ${site.adminToken}` });

    attempt('a message of 9 MB from an operator', /RESOURCE_EXHAUSTED.* larger than max/, async () => {
      const message = Buffer.alloc(9 * megabyte, 0x0a);
      const path = '/capstan.v1.OperatorService/Apply';
      return (await rawCall(site.operators, admin(), path, message, authorised())).message;
    });

    attempt('a message of 9 MB from a node', /RESOURCE_EXHAUSTED.* larger than max/, async () => {
      const channel = channelOf(await site.enrol(await site.token(), 'large'));
      const message = Buffer.alloc(9 * megabyte, 0x0a);
      return (await rawCall(site.agents, channel, '/capstan.v1.AgentService/Report', message)).message;
    });

    attempt('a report with fields that are too long', /^invalid: The report is not sound/, async () => {
      const client = agentOf(site.agents, await site.enrol(await site.token(), 'crowded'));
      const status = { apps: [], facts: undefined, agentVersion: 'x'.repeat(10_000), allowUnsigned: false };
      const report = { session: 's'.repeat(65), sequence: 1, status, logs: [], serving: undefined };
      return failure(client.report(report, within()));
    });

    attempt('a specification of more than 1 MiB', /larger than 1024 KiB/, () =>
      failure(
        site.operator.call('Apply', {
          files: [{ name: 'web.yml', text: `# ${'x'.repeat(megabyte)}` }],
          idempotencyKey: 'large',
        }),
      ),
    );

    attempt('a name of 100,000 characters', /^invalid: "a{300}…" cannot be the name of an application/, () =>
      failure(site.operator.call('BeginPublish', { app: 'a'.repeat(100_000), version: '1' })),
    );

    attempt('a token of a megabyte', /./, async () => {
      const client = connectOperator({
        ...{ address: site.operators, actor: 'eve' },
        trust: { ca: site.ca, token: 'x'.repeat(megabyte) },
      });
      const said = await failure(client.call('Status', {}, { retry: false }));
      client.close();
      return said;
    });

    attempt('HTTP headers of 64 KiB', /^431 /, () =>
      httpRefusal({ path: '/healthz', headers: { 'x-large': 'x'.repeat(64 * 1024) } }),
    );

    attempt('a path of 60 KiB over HTTP', /^(?:404|414|431) /, () =>
      httpRefusal({ path: `/${'p'.repeat(60 * 1024)}` }),
    );

    attempt('an upload without a ticket', /^401 /, () =>
      httpRefusal({ path: `/store/v1/packs/00/${'0'.repeat(64)}`, method: 'PUT' }),
    );

    const httpRefusal = (options: RequestOptions): Promise<string> =>
      new Promise((resolve, reject) => {
        const asked = request(
          { ...hostAndPort(site.http), ca: site.ca, agent: false, ...options },
          (answer) => {
            let text = '';
            answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
            answer.on('end', () => resolve(`${answer.statusCode ?? 0} ${text}`));
          },
        );
        asked.on('error', reject);
        asked.end();
      });
  });
});

function channelOf({ ca, own }: ChannelIdentity): ChannelCredentials {
  const pem = (text = ''): Buffer => Buffer.from(text);
  return credentials.createSsl(pem(ca), pem(own?.key), pem(own?.certificate));
}

/** A call as some other program would make it; resolves to what it is refused with. */
function rawCall(
  address: string,
  channel: ChannelCredentials,
  path: string,
  message = Buffer.alloc(0),
  headers: Readonly<Record<string, string>> = {},
): Promise<Error> {
  const client = new Client(address, channel, { 'grpc.max_send_message_length': -1 });
  cleanUp(() => client.close());
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const bytes = (buffer: Buffer): Buffer => buffer;
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + 10_000;
    client.makeUnaryRequest<Buffer, Buffer>(path, bytes, bytes, message, metadata, { deadline }, (error) => {
      if (error === null) reject(new Error('it was let through'));
      else resolve(error);
    });
  });
}
