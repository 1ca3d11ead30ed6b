import { expect } from 'chai';
import { readTree } from '../../support/releases.js';
import { tradingFleet } from './trading-nodes.js';

describe('trading packs', () => {
  it('installs many nodes with at most three copies from the origin, all of them right', async () => {
    const { dir, release, origin, fleet } = await tradingFleet(12);
    const nodes = await Promise.all(Array.from({ length: 8 }, (_, at) => fleet.add(`n${at}`)));
    await Promise.all(nodes.map((node) => node.stage(release, [origin.url])));
    const wanted = await readTree(`${dir}/source-12`);
    for (const node of nodes) expect(await readTree(node.tree())).to.deep.equal(wanted);
    expect(origin.packBytes).to.be.at.most(3 * release.packSize);
  });
});
