import { expect } from 'chai';
import { planPieces } from '../../../agent/stager/peers/pieces.js';
import { SwarmState } from '../../../agent/stager/peers/swarm-state.js';
import type { Spans } from '../../../shared/core/spans.js';
import type { NodeName } from '../../../shared/model/ids.js';
import type { SeedRank } from '../../../shared/model/peers.js';
import { digestOf } from '../../../shared/release/digest.js';
import type { Frame } from '../../../shared/release/layout.js';

const half = 512 * 1024;
const pack = { hex: 'a'.repeat(64), size: 8 * half };
const frameAt = (offset: number, length = half / 2): Frame => ({
  ...{ pack: 0, offset, length, rawLength: 1, sha256: '' },
});
const allFrames = Array.from({ length: 16 }, (_, at) => frameAt((at * half) / 2));

const answerOf = (names: readonly string[], seed?: SeedRank) => ({
  packs: [
    {
      pack: digestOf(pack.hex),
      peers: names.map((name) => ({ node: name as NodeName, url: `http://${name}:1` })),
      seed,
    },
  ],
  askAgainMs: 1000,
});

/** A node that needs all of a pack; what each peer has is given by the test. */
function setUp(peers: Readonly<Record<string, Spans | undefined>>, seed?: SeedRank) {
  const state = new SwarmState(planPieces(allFrames, [pack]), 0, () => 0);
  state.take(answerOf(Object.keys(peers), seed));
  for (const [name, spans] of Object.entries(peers)) {
    if (spans !== undefined) hear(state, name, spans);
  }
  return state;
}

function hear(state: SwarmState, name: string, spans: Spans, growing = true): void {
  const peer = state.peers.get(name as NodeName);
  if (peer !== undefined) state.hear(peer, pack.hex, { spans, growing });
}

const start = (piece: ReturnType<SwarmState['nextFromStore']>): number | undefined => {
  piece?.transfers.add({ peer: undefined, startedAt: 0, stop: new AbortController() });
  return piece?.number;
};

/** All that it would begin to fetch from a store now. */
function fromStore(state: SwarmState, now: number): readonly number[] {
  const numbers: number[] = [];
  for (let next = start(state.nextFromStore(now)); next !== undefined; ) {
    numbers.push(next);
    next = start(state.nextFromStore(now));
  }
  return numbers;
}

describe('the pieces that nodes trade', () => {
  it('are cut at the same places whatever else a node needs', () => {
    const all = planPieces(allFrames, [pack]);
    expect(all.map(({ number, span }) => [number, ...span])).to.deep.equal(
      Array.from({ length: 8 }, (_, at) => [at, at * half, (at + 1) * half]),
    );
    const some = planPieces(allFrames.slice(3, 9), [pack]);
    expect(some.map(({ number }) => number)).to.deep.equal([1, 2, 3, 4]);
    expect(some[1]).to.deep.equal(all[2]);
  });

  it('leave out what is too small to be asked for, and end where nothing is needed', () => {
    const pieces = planPieces([frameAt(0), frameAt(half, 1000), frameAt(3 * half)], [pack]);
    expect(pieces.map(({ number }) => number)).to.deep.equal([0, 3]);
  });

  it('stay few for a large pack', () => {
    const large = { hex: pack.hex, size: 20e9 };
    const frames = Array.from({ length: 40_000 }, (_, at) => frameAt((at * half) / 2));
    const [first] = planPieces(frames, [large]);
    expect(first?.span[1]).to.equal(4 * 1024 * 1024);
    const [usual] = planPieces(frames, [{ hex: pack.hex, size: 100e6 }]);
    expect(usual?.span[1]).to.equal(1024 * 1024);
  });
});

describe('what a node fetches next', () => {
  it('is what fewest of its peers have', () => {
    const state = setUp({
      a: [[0, 3 * half]],
      b: [[0, 2 * half]],
      c: [[0, 1 * half]],
    });
    const { piece, peer } = state.nextFromPeer(0) ?? {};
    expect([piece?.number, peer?.node]).to.deep.equal([2, 'a']);
  });

  it('comes from a store at once where there is nobody else', () => {
    expect(fromStore(setUp({}), 0)).to.have.length(4);
  });

  it('is its own part first, for whom the store was left to', () => {
    const state = setUp({ a: [] }, { rank: 1, of: 4 });
    expect(fromStore(state, 0).slice(0, 2)).to.deep.equal([1, 5]);
  });

  it("is others' part as well where there are too few of them, or when peers bring little", () => {
    const few = setUp({ a: [] }, { rank: 1, of: 4 });
    expect(fromStore(few, 0)).to.deep.equal([1, 5]);
    expect(fromStore(few, 1500)).to.have.length(2);
    const enough = { a: [], b: [], c: [] };
    const idle = setUp(enough, { rank: 1, of: 4 });
    expect(fromStore(idle, 0)).to.deep.equal([1, 5]);
    expect(fromStore(idle, 1500)).to.have.length(2);
    const fed = setUp(enough, { rank: 1, of: 4 });
    fromStore(fed, 0);
    fed.progressed(800_000, 900);
    expect(fromStore(fed, 1500)).to.deep.equal([]);
    expect(fromStore(fed, 3000)).to.have.length(2);
  });

  it('is nothing of the store before it has heard what its peers have', () => {
    const state = setUp({ a: undefined }, { rank: 1, of: 4 });
    expect(fromStore(state, 0)).to.deep.equal([]);
    hear(state, 'a', [[0, 2 * half]]);
    expect(fromStore(state, 0)).to.include(5);
  });

  it('is left to others as long as they bring something, and to a store after a while', () => {
    const state = setUp({ a: [] });
    expect(fromStore(state, 0)).to.deep.equal([]);
    expect(fromStore(state, 2000)).to.deep.equal([]);
    expect(fromStore(state, 2600)).to.have.length(1);
    const fed = setUp({ a: [] });
    fed.progressed(1, 2000);
    expect(fromStore(fed, 2600)).to.deep.equal([]);
  });

  it('comes from a store as well after ten seconds, if peers bring little', () => {
    const poor = setUp({ a: [] });
    poor.progressed(15_000_000, 10_500);
    expect(fromStore(poor, 9_999)).to.deep.equal([]);
    expect(fromStore(poor, 10_500)).to.have.length(1);
    const rich = setUp({ a: [] });
    rich.progressed(25_000_000, 10_500);
    expect(fromStore(rich, 10_500)).to.deep.equal([]);
  });

  it('comes from a store at once if none of its peers will ever have it', () => {
    const state = setUp({ a: [] });
    hear(state, 'a', [[0, half]], false);
    const [number] = fromStore(state, 0);
    expect(number).to.be.greaterThan(0);
  });

  it('comes from a store after a second if those who have it have no slot free', () => {
    const state = setUp({ a: [[0, 8 * half]] });
    for (const peer of state.peers.values()) state.full(peer, 1000);
    expect(state.nextFromPeer(1000)).to.equal(undefined);
    expect(fromStore(state, 1050)).to.have.length(1);
  });

  it('comes from a store while a peer that failed is left alone, and from the peer again after that', () => {
    const state = setUp({ a: [[0, 8 * half]] });
    for (const peer of state.peers.values()) state.failed(peer, 0);
    expect(state.nextFromPeer(500)).to.equal(undefined);
    expect(fromStore(state, 500)).to.have.length(4);
    hear(state, 'a', [[0, 8 * half]]);
    expect(state.nextFromPeer(1001)?.peer.node).to.equal('a');
  });

  it('never comes from a peer that lied, whoever speaks for it', () => {
    const state = setUp({ a: [[0, 8 * half]] });
    for (const peer of state.peers.values()) state.lied(peer);
    state.take(answerOf(['a']));
    expect(state.peers.size).to.equal(0);
    expect([...state.corrupt]).to.deep.equal(['a']);
  });

  it('is asked for twice when the first is long in coming and there is nothing else', () => {
    const state = setUp({ a: [[0, half]], b: [[0, half]] });
    for (const piece of state.pieces) if (piece.number > 0) state.done(piece);
    const first = state.nextFromPeer(0);
    if (first === undefined) throw new Error('nothing to do');
    first.piece.transfers.add({ peer: first.peer, startedAt: 0, stop: new AbortController() });
    first.peer.transfers += 1;
    expect(state.nextFromPeer(1000)).to.equal(undefined);
    const second = state.nextFromPeer(2100);
    expect(second?.piece).to.equal(first.piece);
    expect(second?.peer).not.to.equal(first.peer);
  });

  it('is found out by asking peers that were never asked at once, and others a few at a time', () => {
    const state = setUp({ a: undefined, b: undefined, c: undefined });
    const asked = (now: number): readonly string[] => {
      const names: string[] = [];
      for (let peer = state.nextToAsk(now); peer !== undefined; peer = state.nextToAsk(now))
        names.push(peer.node);
      return names;
    };
    expect(asked(0)).to.deep.equal(['a', 'b', 'c']);
    expect(asked(200)).to.deep.equal([]);
    expect(asked(300)).to.deep.equal(['a']);
    expect(asked(350)).to.deep.equal([]);
    expect(asked(400)).to.deep.equal(['b']);
    hear(state, 'c', [[0, 8 * half]]);
    expect(asked(500), 'there is enough to fetch from c').to.deep.equal([]);
    for (const name of ['a', 'b']) hear(state, name, [], false);
    expect(asked(1000), 'the others fetch nothing').to.deep.equal([]);
    expect(asked(3350)).to.deep.equal(['a']);
  });

  it('comes from a store as well when a peer takes very long and there is nothing else', () => {
    const state = setUp({ a: [[0, half]] });
    for (const piece of state.pieces) if (piece.number > 0) state.done(piece);
    const { piece, peer } = state.nextFromPeer(0) ?? {};
    if (piece === undefined) throw new Error('nothing to do');
    piece.transfers.add({ peer, startedAt: 0, stop: new AbortController() });
    state.progressed(1, 4900);
    expect(fromStore(state, 4900)).to.deep.equal([]);
    expect(fromStore(state, 5100)).to.deep.equal([0]);
  });

  it('is over when neither peers nor a store can bring more', () => {
    const state = setUp({});
    state.storeUsable = false;
    expect(state.isOver(0)).to.equal(false);
    expect(state.isOver(2000)).to.equal(true);
  });

  it('comes from eight peers at most, and useless ones make room', () => {
    const names = Array.from({ length: 8 }, (_, at) => `p${at}`);
    const state = setUp(Object.fromEntries(names.map((name) => [name, [[0, half]] as Spans])));
    state.take(answerOf(['more']));
    expect(state.peers.has('more' as NodeName)).to.equal(false);
    hear(state, 'p3', [], false);
    state.take(answerOf(['more']));
    expect(state.peers.has('more' as NodeName)).to.equal(true);
    expect(state.peers.has('p3' as NodeName)).to.equal(false);
  });
});
