import { expect } from 'chai';
import { production, Services } from './services.js';

const copies = `      stores:
        - { url: https://b.example, zone: b }
        - { url: https://cdn.example }
        - { url: https://a.example, zone: a }
`;

describe('the stores of an environment', () => {
  it('are given to each node in the order of its zone, with the coordinator’s own last', async () => {
    const services = await Services.start();
    const change = await services.apply(`${production}${copies}`);
    expect(change.changes[0]?.action).to.equal('created');
    const agents = ['a', 'b', 'c'].map((zone) =>
      services.agent(`web-${zone}`, { labels: { env: 'production', zone } }),
    );
    await services.connected(...agents);
    await services.prove('1.0.0');
    const own = 'http://127.0.0.1:9/store/v1';
    const [a, b, cdn] = ['https://a.example', 'https://b.example', 'https://cdn.example'];
    expect(agents.map(({ told }) => told.at(-1)?.assignments[0]?.stores)).to.deep.equal([
      [a, cdn, b, own],
      [b, cdn, a, own],
      [cdn, b, a, own],
    ]);
  });

  it('are told as a change, and left to the coordinator’s where there are none', async () => {
    const services = await Services.start();
    await services.apply(`${production}${copies}`);
    const { changes } = await services.apply(production, true);
    expect(changes.find(({ kind }) => kind === 'environment')?.details).to.deep.equal([
      'stores: https://b.example (zone b), https://cdn.example, https://a.example (zone a) → not set',
    ]);
    await services.apply(production);
    const agent = services.agent('web-1');
    await services.connected(agent);
    await services.prove('1.0.0');
    expect(agent.told.at(-1)?.assignments[0]?.stores).to.deep.equal([]);
  });
});
