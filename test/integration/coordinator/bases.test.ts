import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { digestOf, production, releaseWith, Services } from './services.js';

/** A release that is reached by deltas from others. */
const releaseFrom = (version: string, ...from: readonly string[]) => ({
  ...releaseWith(version, version),
  deltas: from.map((content) => ({
    ...{ from: digestOf(content), digest: digestOf(`${content}-${version}`), size: 10, rawSize: 20 },
    ...{ patchDigest: '', patchSize: 0 },
  })),
});

describe('what releases are built on', () => {
  it('is proposed to publishers: the newest release, and what environments run', async () => {
    const services = await Services.start();
    const begin = () => services.client.call('BeginPublish', { app: 'web', version: '9.0.0' });
    expect((await begin()).bases).to.deep.equal([]);
    await services.apply(production);
    await services.connected(services.agent('web-1'));
    await services.prove('1.0.0');
    await services.register('2.0.0');
    await services.register('3.0.0');
    const { bases, store } = await begin();
    expect(bases.map(({ version }) => version)).to.deep.equal(['3.0.0', '1.0.0']);
    expect(bases[1]?.digest).to.equal(digestOf('1.0.0'));
    expect(store).to.match(/^http:.*\/store\/v1$/);
    await services.register('4.0.0', '1.0.0');
    expect((await begin()).bases.map(({ version }) => version)).to.deep.equal(['4.0.0']);
  });

  it('tells a node the deltas from what it has, and no others', async () => {
    const services = await Services.start();
    await services.apply(production);
    const agent = services.agent('web-1');
    await services.connected(agent);
    await services.prove('1.0.0');
    await services.prove('2.0.0');
    const release = releaseFrom('3.0.0', 'never seen', '1.0.0', '2.0.0');
    await services.client.call('RegisterRelease', { app: 'web', release });
    await services.ended(await services.deploy('3.0.0'));
    const fresh = services.agent('web-2');
    await services.connected(fresh);
    await eventually(() => fresh.assignment !== undefined, { what: 'web-2 to be told' });
    const deltas = agent.assignment?.release.deltas;
    expect(deltas?.map(({ from }) => from)).to.deep.equal([digestOf('1.0.0'), digestOf('2.0.0')]);
    expect(deltas?.[0]?.digest).to.equal(digestOf('1.0.0-3.0.0'));
    const [first] = fresh.told.flatMap(({ assignments }) => assignments);
    expect(first?.release.version).to.equal('3.0.0');
    expect(first?.release.deltas).to.deep.equal([]);
  });
});
