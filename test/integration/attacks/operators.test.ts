import { request } from 'node:https';
import { expect } from 'chai';
import { needs } from '../../../coordinator/core/operators/access.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { operatorTokenPrefix } from '../../../shared/model/operator.js';
import type { OperatorClient } from '../../../shared/wire/operator-client.js';
import { loadOperatorService } from '../../../shared/wire/operator-service.js';
import { eventually } from '../../support/eventually.js';
import { tempDir } from '../../support/temp-dir.js';
import {
  failure,
  makeOperator,
  operatorWith,
  type Site,
  startSite,
  type TestOperator,
} from '../identity/site.js';
import { attempt } from './attempt.js';

const spec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - { name: staging, selector: role=staging }
    - { name: production, selector: role=web }
`;

type Method = Parameters<OperatorClient['call']>[0] | Parameters<OperatorClient['stream']>[0];
const methods = Object.entries(loadOperatorService());
/** What its name says only to look; any other call changes something until it is shown not to. */
const isReading = (name: string): boolean =>
  /^(List|Get|Watch|Show|Verify)|^(Status|Plan|Why|Logs)$/.test(name);

/** What a call is refused with for who calls; undefined if it got past the door, whatever came of it there. */
async function refusal(client: OperatorClient, name: string): Promise<string | undefined> {
  const isStream = loadOperatorService()[name as Method].responseStream;
  try {
    if (!isStream) {
      await client.call(name as Parameters<OperatorClient['call']>[0], {}, { retry: false });
    } else {
      const signal = AbortSignal.timeout(2000);
      for await (const _ of client.stream(name as Parameters<OperatorClient['stream']>[0], {}, { signal }))
        break;
    }
    return undefined;
  } catch (thrown) {
    const { code, message } = CapstanError.from(thrown);
    return code === 'permissionDenied' || code === 'unauthenticated' ? `${code}: ${message}` : undefined;
  }
}

describe('attacks of operators, and of who would be one', function () {
  this.timeout(60_000);
  let site: Site;
  let nobody: OperatorClient;
  const operators = new Map<string, TestOperator>();
  const of = (role: string): OperatorClient => {
    const { client } = operators.get(role) ?? {};
    if (client === undefined) throw new Error(`there is no ${role}`);
    return client;
  };

  before(async () => {
    site = await startSite(await tempDir());
    await site.operator.call('Apply', { files: [{ name: 'web.yml', text: spec }], idempotencyKey: 'a' });
    nobody = operatorWith(site, `${operatorTokenPrefix}${'x'.repeat(43)}`);
    for (const role of ['viewer', 'deployer', 'approver'])
      operators.set(role, await makeOperator(site, role));
  });

  it('every call of the service is in the table of what it takes, and nothing else is', () => {
    expect(Object.keys(needs)).to.have.members(methods.map(([name]) => name));
  });

  // Whatever the service gets more joins by itself.
  for (const [name] of methods) {
    attempt(
      `nobody's token that calls ${name}`,
      'unauthenticated: The token is not the right one.',
      async () => (await refusal(nobody, name)) ?? 'through',
    );

    if (isReading(name)) {
      it(`a viewer that calls ${name} is answered`, async () => {
        expect(await refusal(of('viewer'), name)).to.equal(undefined);
      });
    } else {
      attempt(
        `a viewer that calls ${name}`,
        /^permissionDenied: viewer-\w+ is a viewer, and this takes an? (?:deployer|approver|admin)/,
        async () => (await refusal(of('viewer'), name)) ?? 'through',
      );
    }
  }

  const beyond: readonly (readonly [who: string, role: string, calls: readonly string[]])[] = [
    [
      'a deployer that calls',
      'deployer',
      ['ApproveRelease', 'PromoteRelease', 'ForgivePoison', 'Apply', 'CreateOperator'],
    ],
    [
      'an approver that calls',
      'approver',
      ['Apply', 'DecommissionNode', 'LabelNode', 'CreateToken', 'CreateOperator'],
    ],
  ];
  for (const [who, role, calls] of beyond) {
    for (const name of calls) {
      attempt(
        `${who} ${name}`,
        /^permissionDenied: /,
        async () => (await refusal(of(role), name)) ?? 'through',
      );
    }
  }

  it('an approver may what a deployer may, and let releases in', async () => {
    for (const name of ['Deploy', 'ApproveRelease', 'PromoteRelease'])
      expect(await refusal(of('approver'), name), name).to.equal(undefined);
  });

  attempt(
    'a deployer that approves a wave',
    /^permissionDenied: .* is a deployer, and this takes an approver/,
    () => failure(of('deployer').call('ControlRollout', { id: 'r-1', approve: {}, idempotencyKey: 'g' })),
  );

  describe('with a token for some environments', () => {
    let limited: TestOperator;
    before(async () => {
      limited = await makeOperator(site, 'approver', ['web/staging']);
    });
    const deploy = (app: string, env: string): Promise<string> =>
      failure(limited.client.call('Deploy', { app, env, version: '1', idempotencyKey: `${app}${env}` }));

    attempt('a deployment to an environment that is not of the token', /./, async () => {
      const said = await deploy('web', 'production');
      expect(said).to.equal(
        `permissionDenied: ${limited.name} may change web/staging only, and this is about web/production.`,
      );
      return said;
    });
    attempt('a deployment of an application that is not of the token', /^permissionDenied: /, () =>
      deploy('api', 'staging'),
    );
    attempt(
      'a lock on all of an application, with a token for some',
      /^permissionDenied: .*about all of web/,
      () =>
        failure(
          limited.client.call('LockEnvironment', { app: 'web', env: '', idempotencyKey: 'x', reason: 'r' }),
        ),
    );
    attempt('a publication of an application that is not of the token', /^permissionDenied: /, () =>
      failure(limited.client.call('BeginPublish', { app: 'api', version: '1' })),
    );
    attempt(
      'forgiving what failed everywhere, with a token for some',
      /^permissionDenied: /,
      async () => (await refusal(limited.client, 'ForgivePoison')) ?? 'through',
    );

    it('its own environments are open to it', async () => {
      expect(await deploy('web', 'staging')).to.match(/^notFound/);
      await limited.client.call('BeginPublish', { app: 'web', version: '1' });
      expect((await limited.client.call('GetSelf', {})).environments).to.deep.equal(['web/staging']);
    });
  });

  attempt(
    'a token that is revoked while something is watched with it',
    /^unauthenticated: The token of viewer-\w+ was revoked\.$/,
    async () => {
      const { name, client } = await makeOperator(site, 'viewer');
      const watching = failure(
        (async () => {
          for await (const _ of client.stream('ListEvents', { follow: true }, {}));
        })(),
      );
      await eventually(async () => {
        const { operators: known } = await site.operator.call('ListOperators', {});
        return known.find((each) => each.name === name)?.usedAt !== '';
      });
      await site.operator.call('RevokeOperator', { name, idempotencyKey: name });
      const said = await watching;
      expect(await failure(client.call('Status', {}))).to.equal(said);
      return said;
    },
  );

  attempt(
    'a token that has expired',
    /^unauthenticated: The token of viewer-\w+ has expired\.$/,
    async () => {
      const { client } = await makeOperator(site, 'viewer', [], 1000);
      return eventually(() => failure(client.call('Status', {})).catch(() => undefined));
    },
  );

  attempt(
    'a token that ends while something is watched with it',
    /^unauthenticated: The token of viewer-\w+ has expired\.$/,
    async () => {
      const { client } = await makeOperator(site, 'viewer', [], 1000);
      // Nothing else happens meanwhile: the stream ends by the clock alone.
      return failure(
        (async () => {
          for await (const _ of client.stream('WatchNodes', {}, {}));
        })(),
      );
    },
  );

  attempt('an upload ticket whose token was revoked', /^401$/, async () => {
    const { name, client } = await makeOperator(site, 'deployer');
    const { uploadUrl, ticket } = await client.call('BeginPublish', { app: 'web', version: '1' });
    /** Asks how much of a pack is there, which takes a ticket. */
    const status = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const url = `${uploadUrl}/packs/aa/${'a'.repeat(64)}`;
        const headers = { authorization: `Bearer ${ticket}` };
        const asked = request(url, { method: 'HEAD', ca: site.ca, headers }, ({ statusCode }) => {
          resolve(String(statusCode));
        });
        asked.on('error', reject);
        asked.end();
      });
    expect(await status()).to.equal('404');
    await site.operator.call('RevokeOperator', { name, idempotencyKey: `t${name}` });
    return status();
  });

  for (const [what, spoil] of [
    ["the first operator's token without its end", (token: string) => token.slice(0, -1)],
    ["the first operator's token in capitals", (token: string) => token.toUpperCase()],
  ] as const) {
    attempt(what, 'unauthenticated: The token is not the right one.', async () =>
      failure(operatorWith(site, spoil(site.adminToken)).call('CreateToken', { hash: '0'.repeat(64) })),
    );
  }
});
