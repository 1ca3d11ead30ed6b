import { expect } from 'chai';
import { signersOf } from '../../../shared/core/envelope.js';
import type { AppName, ReleaseVersion } from '../../../shared/model/ids.js';
import { maxSignatures } from '../../../shared/model/release.js';
import { keyIdOf } from '../../../shared/signing/keys.js';
import { signStatement } from '../../../shared/signing/sign.js';
import { newKey, type SigningKey } from '../../support/signing.js';
import { failureOf } from './polls-fixture.js';
import { digestOf, production, releaseWith, Services } from './services.js';

const [one, two] = [newKey(), newKey()];
const idOf = ({ key }: SigningKey): string => keyIdOf(key);
const envelopeOf = (content: string, keys: readonly SigningKey[], app = 'web', version = '1.0.0'): string =>
  signStatement(
    {
      application: app as AppName,
      version: version as ReleaseVersion,
      digest: digestOf(content),
    },
    keys.map(({ secret }) => secret),
  );

describe('signatures at the coordinator', () => {
  const register = (services: Services, envelope = '') =>
    services.client.call('RegisterRelease', {
      app: 'web',
      release: { ...releaseWith('1.0.0', 'one'), envelope },
    });
  const sign = (services: Services, envelope: string, idempotencyKey = '') =>
    services.client.call('SignRelease', { app: 'web', version: '1.0.0', envelope, idempotencyKey });
  const signers = async (services: Services): Promise<readonly string[]> => {
    const { release } = await services.client.call('GetRelease', { app: 'web', version: '1.0.0' });
    return signersOf(release?.envelope);
  };

  it('are kept with the release, joined with those that come later, and told to nodes', async () => {
    const services = await Services.start();
    await services.apply(production);
    const agent = services.agent('n1');
    await services.connected(agent);
    await register(services, envelopeOf('one', [one]));
    expect(await signers(services)).to.deep.equal([idOf(one)]);
    await register(services);
    expect(await signers(services), 'published again, unsigned').to.deep.equal([idOf(one)]);
    await sign(services, envelopeOf('one', [two]), 'once');
    await sign(services, envelopeOf('one', [two]), 'once');
    await sign(services, envelopeOf('one', [two]), 'again');
    expect(await signers(services)).to.deep.equal([idOf(one), idOf(two)]);
    expect((await services.ended(await services.deploy('1.0.0'))).status).to.equal('succeeded');
    const [assignment] = agent.told.at(-1)?.assignments ?? [];
    expect(signersOf(assignment?.release.envelope)).to.deep.equal([idOf(one), idOf(two)]);
    await services.restart();
    expect(await signers(services)).to.deep.equal([idOf(one), idOf(two)]);
    const events = await services.events();
    expect(events.filter(({ kind }) => kind === 'release.signed')).to.have.length(1);
  });

  it('that come when the same is published again are added', async () => {
    const services = await Services.start();
    await register(services);
    await register(services, envelopeOf('one', [one]));
    await register(services, envelopeOf('one', [two]));
    expect(await signers(services)).to.deep.equal([idOf(one), idOf(two)]);
  });

  it('are refused if they are none, are about something else, or are too many', async () => {
    const services = await Services.start();
    const messageOf = async (attempt: Promise<unknown>): Promise<string> =>
      (await failureOf(attempt)).message;
    expect(await messageOf(register(services, '{}'))).to.match(/^The signature cannot be read: /);
    expect((await services.client.call('ListReleases', {})).releases).to.deep.equal([]);
    await register(services);
    expect(await messageOf(sign(services, ''))).to.match(/cannot be read/);
    expect(await messageOf(sign(services, envelopeOf('other', [one])))).to.match(/is for other content/);
    expect(await messageOf(sign(services, envelopeOf('one', [one], 'shop')))).to.match(
      /another application, shop/,
    );
    expect(await messageOf(sign(services, envelopeOf('one', [one], 'web', '2')))).to.match(
      /another version, 2/,
    );
    const many = Array.from({ length: maxSignatures }, () => newKey());
    await sign(services, envelopeOf('one', many));
    const failure = await failureOf(sign(services, envelopeOf('one', [one])));
    expect(failure.code).to.equal('refused');
    expect(failure.message).to.match(/more than 16 signatures/);
    expect(await signers(services)).to.have.length(maxSignatures);
    const missing = services.client.call('SignRelease', {
      app: 'web',
      version: '9',
      envelope: envelopeOf('one', [one]),
    });
    expect((await failureOf(missing)).code).to.equal('notFound');
  });
});
