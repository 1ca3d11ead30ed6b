import { expect } from 'chai';
import { hostFacts } from '../../sim/fixtures.js';
import { eventually } from '../../support/eventually.js';
import { Services, specOf } from './services.js';

const calm = { ...hostFacts, pressure: { cpu: 4, memory: 0, io: 0 } };
const gated = specOf(
  { production: 'env=production' },
  'waves: [{ name: pilot, canary: { each: 1, by: facts.os }, gate: manual }, { name: rest }]',
);

describe('at a gate', () => {
  it('the nodes that have the release are compared with those that have not, by what they tell from then on', async () => {
    const services = await Services.start();
    await services.apply(gated);
    const hosts = ['12', '12', '13', '13'].map((os) => ({ ...calm, os: `Debian GNU/Linux ${os}` }));
    const agents = hosts.map((facts, at) => services.agent(`web-${at + 1}`, { facts }));
    await services.connected(...agents);
    await services.register('1.0.0');
    const first = await services.deploy('1.0.0');
    await eventually(
      async () => (await services.client.call('GetRollout', { id: first })).status === 'waiting',
    );
    await services.client.call('ControlRollout', { id: first, approve: {} });
    expect((await services.ended(first)).status).to.equal('succeeded');
    await agents[3]?.say('web', { restarts: 50 });

    await services.register('2.0.0');
    const id = await services.deploy('2.0.0');
    const gate = await eventually(async () => {
      const view = await services.client.call('GetRollout', { id });
      return view.status === 'waiting' && view;
    });
    expect(
      gate.waves[0]?.nodes.map(({ name }) => name),
      'one of each system',
    ).to.deep.equal(['web-1', 'web-3']);
    expect(gate.comparison?.having).to.include({ nodes: 2, healthy: 2, restarts: 0 });
    expect(gate.comparison?.lacking).to.include({ nodes: 2, healthy: 2, restarts: 0 });
    expect(gate.comparison?.having?.pressure, 'what was told before it had the release').to.equal(null);
    expect(gate.comparison?.lacking?.pressure).to.deep.equal(calm.pressure);
    const before = await services.client.call('Why', { subject: id });
    expect(before.details).to.include(
      '2 with the new release: no worse than the others in health, restarts and pressure',
    );

    await agents[0]?.say('web', { restarts: 2 });
    await agents[2]?.tellFacts({ ...calm, pressure: { cpu: 61, memory: 0, io: 0 } });
    const { comparison } = await services.client.call('GetRollout', { id });
    expect(comparison?.having).to.include({ restarts: 2 });
    expect(comparison?.having?.pressure?.cpu).to.equal(61);
    const [restarts, pressure] = comparison?.differences ?? [];
    expect(restarts).to.match(
      /^services with web 2\.0\.0 ended by themselves [\d.]+ times a node and hour, without it 0\.0 times$/,
    );
    expect(pressure).to.equal('nodes with web 2.0.0 waited for cpu 61 % of the time, those without 4 %');
    const why = await services.client.call('Why', { subject: id });
    expect(why.answer).to.contain('approval of wave "pilot"');
    expect(why.details).to.include(pressure);

    await services.restart();
    await services.connected(...agents);
    const again = await services.client.call('GetRollout', { id });
    expect(again.comparison?.lacking?.restarts, 'what was before the plan does not count').to.equal(0);
    await services.client.call('ControlRollout', { id, approve: {} });
    expect((await services.ended(id)).comparison).to.equal(null);
    const seen = (await services.events()).filter(
      ({ kind, rollout }) => kind === 'wave.compared' && rollout === id,
    );
    expect(seen.map(({ actor, message }) => `${actor}: ${message.slice(0, 67)}`)).to.deep.equal([
      'tester: at the gate that tester opened: services with web 2.0.0 ended by th',
    ]);
  });
});
