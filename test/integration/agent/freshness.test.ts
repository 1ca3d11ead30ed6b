import { expect } from 'chai';
import type { Assignment } from '../../../shared/model/desired-state.js';
import type { AppName } from '../../../shared/model/ids.js';
import { eventually } from '../../support/eventually.js';
import { makeNode, type Node, serverFiles } from './harness.js';

const shop = 'shop' as AppName;

describe('a desired state that was said before', () => {
  let node: Node;
  const store = (): readonly string[] => [`file:${node.dir}/store`];
  beforeEach(async () => {
    node = await makeNode();
    await node.start();
  });

  const [files] = [{ 'index.html': 'static' }];
  /** Wants it, and waits until the agent has said that it is older than what it knows. */
  const refused = async (assignments: readonly Assignment[]): Promise<void> => {
    const count = (): number =>
      node
        .agent()
        .logs()
        .filter(({ event }) => event === 'desired.refused').length;
    const before = count();
    node.coordinator.want(assignments, store());
    await eventually(() => count() > before, { what: 'the agent to refuse it' });
  };

  it('is refused, also when the agent was started anew meanwhile', async () => {
    const [old, fresh] = [
      await node.release('1', serverFiles('1')),
      await node.release('2', serverFiles('2')),
    ];
    await node.coordinator.settled('web', node.deploy(old));
    const replay = node.assignment(old, 1);
    await node.coordinator.settled('web', node.deploy(fresh));
    const { pid } = await node.service();
    await node.agent().stop('SIGKILL');
    await node.start();
    await refused([replay]);
    await eventually(() => node.coordinator.latest('web')?.generation === 2);
    expect(node.coordinator.latest('web')).to.include({ phase: 'healthy' });
    expect(await node.ask()).to.equal('2');
    expect((await node.service()).pid).to.equal(pid);
  });

  it('is refused before what is newer has begun, too, and what is newer comes about', async () => {
    const spec = 'database: { run: [sleep, "2"], reversible: true }'; // which nothing cuts short
    const slow = await node.release('1', serverFiles('1', { spec }));
    const fresh = await node.release('2', serverFiles('2'));
    node.deploy(slow, { database: true });
    await node.agent().waitFor('step.begin', ({ step }) => String(step).startsWith('database'));
    const { polls } = node.coordinator;
    const newer = node.deploy(fresh);
    await eventually(() => node.coordinator.polls > polls, { what: 'the agent to have taken it' });
    await refused([node.assignment(slow, 1, { database: true })]);
    await node.agent().stop('SIGKILL');
    await node.start();
    await node.coordinator.settled('web', newer);
    expect(await node.ask()).to.equal('2');
  });

  it('is judged for each application: what is newer for one may be old for another', async () => {
    const [old, fresh] = [
      await node.release('1', files),
      await node.release('2', { ...files, 'more.html': '' }),
    ];
    const of = (app: AppName | undefined, release: typeof old, generation: number): Assignment =>
      node.assignment(release, generation, app === undefined ? {} : { app });
    node.coordinator.want([of(undefined, old, 3), of(shop, old, 10)], store());
    await node.coordinator.settled('shop', 10);
    await node.coordinator.settled('web', 3);
    // Newer than anything of web, and older than what shop has.
    await refused([of(undefined, fresh, 6), of(shop, fresh, 5)]);
    await node.coordinator.settled('web', 6);
    expect(node.coordinator.latest('shop')).to.deep.include({ generation: 10, phase: 'healthy' });
    expect(node.coordinator.latest('shop')?.current?.version).to.equal('1');
    expect(node.coordinator.latest('web')?.current?.version).to.equal('2');
  });
});

describe('what a coordinator says whose epoch another restore began as well', () => {
  it('is refused once another one has named its own, also when one of an older version named none since', async () => {
    const node = await makeNode();
    const stores = [`file:${node.dir}/store`];
    await node.start();
    const [one, two] = [await node.release('1', serverFiles('1')), await node.release('2', serverFiles('2'))];
    const epoch = 1_800_000_000;
    const want = (release: typeof one, generation: number, restoreId: string): void => {
      node.coordinator.want([node.assignment(release, generation)], stores, epoch, restoreId);
    };
    want(one, 5, '');
    await node.coordinator.settled('web', 5);
    want(one, 6, 'aa');
    await node.coordinator.settled('web', 6);
    want(one, 7, '');
    await node.coordinator.settled('web', 7);
    for (const start of [false, true]) {
      if (start) {
        await node.agent().stop('SIGKILL');
        await node.start();
      }
      want(two, 9, 'bb');
      const said = await node.agent().waitFor('desired.refused');
      expect(said['why']).to.contain('this node has heard of another one of that epoch');
      await eventually(() => node.coordinator.latest('web')?.note.includes('is refused') === true);
    }
    expect(await node.ask()).to.equal('1');
    want(two, 9, 'aa');
    await node.coordinator.settled('web', 9);
    expect(node.coordinator.latest('web')?.note).to.equal('');
  });
});

describe('what a coordinator of an earlier epoch says', () => {
  it('is refused whole and for good, however high its generations are, and what serves goes on', async () => {
    const node = await makeNode();
    const stores = [`file:${node.dir}/store`];
    await node.start();
    const [one, two] = [await node.release('1', serverFiles('1')), await node.release('2', serverFiles('2'))];
    const want = (release: typeof one, generation: number, epoch: number): void => {
      node.coordinator.want([node.assignment(release, generation)], stores, epoch);
    };
    want(one, 5, 1_800_000_000);
    await node.coordinator.settled('web', 5);
    const { pid } = await node.service();
    for (const start of [false, true]) {
      if (start) {
        await node.agent().stop('SIGKILL');
        await node.start();
      }
      want(two, 9, start ? 0 : 1_799_999_999);
      const said = await node.agent().waitFor('desired.refused');
      expect(said['why']).to.contain('this node has heard of the epoch of 2027-01-15T08:00:00Z');
      await eventually(() => node.coordinator.latest('web')?.note.includes('is refused') === true);
    }
    expect(await node.ask()).to.equal('1');
    expect((await node.service()).pid).to.equal(pid);
    // One that was restored later is listened to.
    want(two, 9, 1_800_000_001);
    await node.coordinator.settled('web', 9);
    expect(await node.ask()).to.equal('2');
    expect(node.coordinator.latest('web')?.note).to.equal('');
  });
});
