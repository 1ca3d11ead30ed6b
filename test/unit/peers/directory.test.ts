import { expect } from 'chai';
import { PeerDirectory } from '../../../coordinator/orchestrator/peers/peer-directory.js';
import type { PeerNode } from '../../../coordinator/ports/peers.js';
import type { Digest, NodeName } from '../../../shared/model/ids.js';
import type { PackPeers } from '../../../shared/model/peers.js';

const pack = `sha256:${'a'.repeat(64)}` as Digest;
const nodeName = (at: number): NodeName => `n${at}` as NodeName;

/** A directory with a clock that the test turns, and nodes that are connected and in zone a until told otherwise. */
function setUp({ acrossZones = false } = {}) {
  let now = 1000;
  let seed = 1;
  const nodes = new Map<NodeName, PeerNode>();
  const warnings: string[] = [];
  const directory = new PeerDirectory({
    clock: { now: () => now, monotonic: () => now, sleep: () => Promise.resolve() },
    random: {
      next: () => {
        seed = (seed * 48_271) % 2_147_483_647;
        return seed / 2_147_483_647;
      },
      hex: () => '',
    },
    logger: {
      info: () => undefined,
      warn: (event) => void warnings.push(event),
      error: () => undefined,
    },
    node: (name) => nodes.get(name),
    acrossZones,
  });
  const add = (at: number, { zone = 'a', connected = true, slots = 8, packs = [] as Digest[] } = {}) => {
    nodes.set(nodeName(at), { zone, connected });
    directory.offers(nodeName(at), { url: `http://10.0.0.${at}:7660`, slots, packs });
    return nodeName(at);
  };
  const find = (node: NodeName, corrupt: readonly NodeName[] = []): PackPeers => {
    const [found] = directory.find(node, { packs: [pack], corrupt }).packs;
    if (found === undefined) throw new Error('no answer');
    return found;
  };
  const namesFor = (node: NodeName, corrupt?: readonly NodeName[]): string[] =>
    find(node, corrupt)
      .peers.map((peer) => peer.node)
      .sort();
  return {
    ...{ directory, nodes, warnings, add, find, namesFor },
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('the choice of peers', () => {
  it('hands out those who have a pack and those who are fetching it, but never the one who asks', () => {
    const { add, namesFor } = setUp();
    const [first, second] = [add(1), add(2)];
    expect(namesFor(first)).to.deep.equal([]);
    expect(namesFor(second)).to.deep.equal(['n1']);
    expect(namesFor(first)).to.deep.equal(['n2']);
    add(3, { packs: [pack] });
    expect(namesFor(first)).to.deep.equal(['n2', 'n3']);
  });

  it('gives at most four, and tells who has too few to ask again soon', () => {
    const { directory, add, namesFor } = setUp();
    for (let at = 2; at <= 4; at += 1) add(at, { packs: [pack] });
    const asker = add(1);
    const few = directory.find(asker, { packs: [pack], corrupt: [] }).askAgainMs;
    for (let at = 5; at <= 9; at += 1) add(at, { packs: [pack] });
    expect(namesFor(asker)).to.have.length(4);
    expect(directory.find(asker, { packs: [pack], corrupt: [] }).askAgainMs).to.be.greaterThan(few);
  });

  it('spreads hand-outs over all holders, so that no one runs out of slots (kraken#162)', () => {
    const { add, find } = setUp();
    for (let at = 1; at <= 20; at += 1) add(at, { packs: [pack] });
    const times = new Map<string, number>();
    for (let at = 1; at <= 20; at += 1) {
      for (const { node } of find(nodeName(at)).peers) times.set(node, (times.get(node) ?? 0) + 1);
    }
    expect(times.size).to.equal(20);
    expect(Math.max(...times.values())).to.be.at.most(6);
  });

  it('counts hand-outs less as time passes', () => {
    const { add, namesFor, pass } = setUp();
    for (let at = 1; at <= 4; at += 1) add(at, { packs: [pack] });
    const asker = add(9);
    for (let round = 0; round < 10; round += 1) namesFor(asker);
    pass(60_000);
    for (let at = 5; at <= 8; at += 1) add(at, { packs: [pack] });
    const seen = new Set<string>();
    for (let round = 0; round < 4; round += 1) for (const name of namesFor(asker)) seen.add(name);
    expect([...seen].some((name) => ['n1', 'n2', 'n3', 'n4'].includes(name))).to.equal(true);
  });

  it('weighs hand-outs by slots', () => {
    const { add, namesFor } = setUp();
    add(1, { packs: [pack], slots: 100 });
    for (let at = 2; at <= 9; at += 1) add(at, { packs: [pack], slots: 1 });
    const asker = add(10);
    for (let round = 0; round < 8; round += 1) expect(namesFor(asker)).to.include('n1');
  });

  it('keeps to the zone unless told otherwise, and even then prefers it', () => {
    for (const acrossZones of [false, true]) {
      const { add, namesFor } = setUp({ acrossZones });
      const asker = add(1);
      add(2, { packs: [pack] });
      for (let at = 3; at <= 9; at += 1) add(at, { packs: [pack], zone: 'b' });
      const names = namesFor(asker);
      expect(names).to.include('n2');
      expect(names).to.have.length(acrossZones ? 4 : 1);
    }
  });

  it('leaves out who is not connected, was decommissioned, has no slots or no longer offers anything', () => {
    const { directory, nodes, add, namesFor } = setUp();
    const asker = add(1);
    for (let at = 2; at <= 5; at += 1) add(at, { packs: [pack] });
    nodes.set(nodeName(2), { zone: 'a', connected: false });
    nodes.delete(nodeName(3));
    add(4, { packs: [pack], slots: 0 });
    expect(namesFor(asker)).to.deep.equal(['n5']);
    directory.offers(nodeName(5), undefined);
    expect(namesFor(asker)).to.deep.equal([]);
  });

  it('forgets who stopped fetching without a part of the pack', () => {
    const { add, namesFor, pass } = setUp();
    const [first, second] = [add(1), add(2)];
    namesFor(first);
    expect(namesFor(second)).to.deep.equal(['n1']);
    pass(20_000);
    expect(namesFor(second)).to.deep.equal([]);
  });

  it('answers who offers nothing itself, without counting on it', () => {
    const { directory, nodes, add, find, namesFor } = setUp();
    add(1, { packs: [pack] });
    const taker = nodeName(2);
    nodes.set(taker, { zone: 'a', connected: true });
    expect(namesFor(taker)).to.deep.equal(['n1']);
    expect(find(taker).seed).to.equal(undefined);
    expect(namesFor(nodeName(1))).to.deep.equal([]);
    expect(directory.servingOf(taker)).to.equal(undefined);
  });

  it('lets four nodes fetch a new pack from the store, each its own part of it', () => {
    const { add, find } = setUp();
    const seeds = [];
    for (let at = 1; at <= 20; at += 1) {
      const { seed } = find(add(at));
      if (seed !== undefined) seeds.push(seed);
    }
    expect(seeds).to.deep.equal([0, 1, 2, 3].map((rank) => ({ rank, of: 4 })));
    expect(find(nodeName(2)).seed, 'the same as before').to.deep.equal({ rank: 1, of: 4 });
  });

  it('gives the part of a node that went silent to another', () => {
    const { add, find, pass } = setUp();
    for (let at = 1; at <= 4; at += 1) find(add(at));
    const late = add(5);
    expect(find(late).seed).to.equal(undefined);
    pass(2000);
    for (const at of [1, 2, 4]) find(nodeName(at));
    pass(2000);
    expect(find(late).seed).to.deep.equal({ rank: 2, of: 4 });
  });

  it('lets nobody fetch from the store what two nodes have for good', () => {
    const { add, find } = setUp();
    add(1, { packs: [pack] });
    expect(find(add(3)).seed).to.deep.equal({ rank: 0, of: 2 });
    add(2, { packs: [pack] });
    expect(find(add(4)).seed).to.equal(undefined);
  });

  it('lets each zone fetch for itself', () => {
    const { add, find } = setUp();
    expect(find(add(1)).seed).to.deep.equal({ rank: 0, of: 4 });
    expect(find(add(2, { zone: 'b' })).seed).to.deep.equal({ rank: 0, of: 4 });
  });

  it('spares the accuser at once, and everybody after a second complaint, for a while', () => {
    const { add, namesFor, warnings, pass } = setUp();
    const liar = add(1, { packs: [pack] });
    const [a, b, c] = [add(2), add(3), add(4)];
    expect(namesFor(a, [liar])).to.deep.equal([]);
    expect(namesFor(a, [liar])).to.deep.equal([]);
    expect(namesFor(c)).to.include('n1');
    namesFor(b, [liar]);
    expect(namesFor(c)).not.to.include('n1');
    expect(warnings).to.deep.equal(['peer.corrupt', 'peer.corrupt']);
    pass(600_000);
    expect(namesFor(c)).to.include('n1');
  });

  it('asks a large swarm to ask less often', () => {
    const { directory, add } = setUp();
    for (let at = 1; at <= 2000; at += 1) add(at, { packs: [pack] });
    const { askAgainMs } = directory.find(nodeName(1), { packs: [pack], corrupt: [] });
    expect(askAgainMs).to.equal(4000);
  });
});
