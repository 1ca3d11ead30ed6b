import { expect } from 'chai';
import type { EventView, RolloutView } from '../../../shared/wire/operator-client.js';
import { eventually } from '../../support/eventually.js';
import { failureOf } from './polls-fixture.js';
import { production, Services } from './services.js';

async function oneNode() {
  const services = await Services.start();
  await services.apply(production);
  const agent = services.agent('web-1');
  await services.connected(agent);
  await services.prove('1.0.0');
  return { services, agent };
}

const bound = { deadlineMs: 10_000 };

describe('what operators look at', () => {
  it('a rollout, state after state, to its end', async () => {
    const { services } = await oneNode();
    await services.connected(services.agent('web-2'));
    await services.register('2.0.0');
    const id = await services.deploy('2.0.0');
    const views: RolloutView[] = [];
    for await (const view of services.client.stream('WatchRollout', { id }, bound)) views.push(view);
    expect(views.at(-1)).to.include({ id, status: 'succeeded', healthy: 2, total: 2, from: '1.0.0' });
    const unknown = services.client.stream('WatchRollout', { id: 'r-none' }, bound);
    expect((await failureOf(unknown[Symbol.asyncIterator]().next())).code).to.equal('notFound');
  });

  it('nodes, again after each change', async () => {
    const { services } = await oneNode();
    const seen: string[][] = [];
    for await (const { nodes } of services.client.stream(
      'WatchNodes',
      { selector: 'env=production' },
      bound,
    )) {
      seen.push(nodes.map(({ name }) => name));
      if (seen.length === 1) services.agent('web-2');
      if (nodes.length === 2) break;
    }
    expect(seen[0]).to.deep.equal(['web-1']);
    expect(seen.at(-1)).to.deep.equal(['web-1', 'web-2']);
    await eventually(() => services.listeners === 0, { what: 'the watcher to be forgotten' });
    const wrong = services.client.stream('WatchNodes', { selector: 'env==' }, bound);
    expect((await failureOf(wrong[Symbol.asyncIterator]().next())).code).to.equal('invalid');
  });

  it('events in their order, from a position, since a time, and as they come', async () => {
    const { services } = await oneNode();
    const list = async (request: object) => {
      const events: EventView[] = [];
      for await (const event of services.client.stream('ListEvents', request, bound)) events.push(event);
      return events;
    };
    const all = await list({});
    const positions = all.map(({ position }) => Number(position));
    expect(positions).to.deep.equal(positions.map((_, at) => at + 1));
    const kinds = all.map(({ kind }) => kind);
    expect(kinds).to.include.members(['application.created', 'node.joined', 'release.published']);
    const order = ['deploy.requested', 'rollout.started', 'rollout.succeeded'].map((kind) =>
      kinds.indexOf(kind),
    );
    expect(order).to.deep.equal([...order].sort((a, b) => a - b));
    expect(
      (await list({ afterPosition: 3, limit: 2 })).map(({ position }) => Number(position)),
    ).to.deep.equal([4, 5]);
    expect(await list({ limit: 2 }), 'the newest, not the oldest').to.deep.equal(all.slice(-2));
    expect(await list({ since: new Date(Date.now() + 60_000).toISOString() })).to.deep.equal([]);
    expect((await failureOf(list({ app: 'other' }))).code).to.equal('notFound');
    expect(await list({ app: 'web', since: new Date(Date.now() + 60_000).toISOString() })).to.deep.equal([]);
    expect(await list({ since: '2020-01-01T00:00:00Z', app: 'web' })).to.not.deep.equal([]);
    expect((await failureOf(list({ since: 'yesterday' }))).code).to.equal('invalid');
    await services.client.call('LabelNode', { name: 'web-1', set: { canary: 'first' } });
    const followed: string[] = [];
    const request = { follow: true, afterPosition: positions.length };
    for await (const { message } of services.client.stream('ListEvents', request, bound)) {
      followed.push(message);
      if (followed.length === 2) break;
      await services.client.call('LabelNode', { name: 'web-1', set: { canary: `${followed.length}` } });
    }
    expect(followed).to.have.length(2);
  });

  it('learn from a drain that a stream is not at its end', async () => {
    const { services, agent } = await oneNode();
    agent.behave(() => undefined);
    await services.register('2.0.0');
    const id = await services.deploy('2.0.0');
    const streams = [
      services.client.stream('WatchRollout', { id }, bound),
      services.client.stream('WatchNodes', {}, bound),
      services.client.stream('ListEvents', { follow: true, afterPosition: 10_000 }, bound),
    ].map(async (stream) => {
      const messages = stream[Symbol.asyncIterator]();
      while ((await messages.next()).done !== true);
    });
    const failures = Promise.all(streams.map(failureOf));
    await eventually(() => services.listeners === streams.length);
    services.running.draining.abort();
    expect((await failures).map(({ code }) => code)).to.deep.equal(Array(3).fill('unavailable'));
    expect(services.listeners).to.equal(0);
  });

  it('why a node or a rollout is where it is', async () => {
    const { services, agent } = await oneNode();
    const why = (subject: string) => services.client.call('Why', { subject });
    expect((await why('web-1')).answer).to.contain('Nothing holds web-1 up');
    agent.behave(() => 'turnedBack');
    await services.register('2.0.0');
    const id = await services.deploy('2.0.0');
    await services.ended(id);
    const failed = await why('web-1');
    expect(failed.answer).to.contain('503');
    expect(failed.logTail).to.equal('cannot find module');
    const rollout = await why(id);
    expect(rollout.kind).to.equal('rollout');
    expect(rollout.answer).to.contain('503');
    expect((await failureOf(why('nobody'))).code).to.equal('notFound');
  });

  it('the end of the output, asked of the node', async () => {
    const { services } = await oneNode();
    const { text } = await services.client.call('Logs', { node: 'web-1', app: 'web' });
    expect(text).to.equal('output of web on web-1');
    const other = await failureOf(services.client.call('Logs', { node: 'web-1', app: 'db' }));
    expect(other.code).to.equal('notFound');
    expect((await failureOf(services.client.call('Logs', { node: 'nobody', app: 'web' }))).code).to.equal(
      'notFound',
    );
  });
});
