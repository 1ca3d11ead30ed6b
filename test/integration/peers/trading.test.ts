import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { expect } from 'chai';
import type { StageResult } from '../../../agent/stager/protocol.js';
import type { Digest, NodeName } from '../../../shared/model/ids.js';
import { digestOf } from '../../../shared/release/digest.js';
import { eventually } from '../../support/eventually.js';
import { readTree } from '../../support/releases.js';
import { listen, megabyte, packOf, type TradingNode, tradingFleet } from './trading-nodes.js';

type TradingSetUp = Awaited<ReturnType<typeof tradingFleet>>;

const bytesFrom = ({ fetchedFrom }: StageResult, name: RegExp): number =>
  fetchedFrom.filter(({ source }) => name.test(source)).reduce((sum, { bytes }) => sum + bytes, 0);

/** A release that one node has, and its pack. */
async function installed(megabytes: number): Promise<TradingSetUp & { first: TradingNode; pack: Digest }> {
  const setUp = await tradingFleet(megabytes);
  const first = await setUp.fleet.add('first');
  await first.stage(setUp.release, [setUp.origin.url]);
  const [pack] = first.trading.serving().packs;
  if (pack === undefined) throw new Error('it serves nothing');
  setUp.origin.packBytes = 0;
  return { ...setUp, first, pack };
}

/** A peer that answers as it likes; it says that it has a pack for good. */
async function addFake(
  { fleet }: TradingSetUp,
  name: string,
  pack: Digest,
  answer: (response: ServerResponse) => void,
): Promise<void> {
  const url = await listen(
    createServer((_, response) => {
      answer(response);
    }),
  );
  fleet.directory.offers(name as NodeName, { url, slots: 8, packs: [pack] });
}

/** What a node that has all of a pack says of it. */
function sayAll(response: ServerResponse, size: number): void {
  response.end(JSON.stringify({ size, growing: false, spans: [[0, size]] }));
}

function startRange(response: ServerResponse, size: number): readonly [number, number] {
  const [, from, last] = /^bytes=(\d+)-(\d+)$/.exec(response.req.headers.range ?? '') ?? [];
  response.writeHead(206, {
    'content-length': Number(last) - Number(from) + 1,
    'content-range': `bytes ${String(from)}-${String(last)}/${size}`,
  });
  return [Number(from), Number(last) + 1];
}

const isHeld = (response: ServerResponse): boolean => response.req.url?.startsWith('/held/') === true;

describe('trading packs', () => {
  it('installs many nodes at once with at most three copies from the origin', async () => {
    const { dir, release, origin, fleet } = await tradingFleet(12);
    const nodes = await Promise.all(Array.from({ length: 6 }, (_, at) => fleet.add(`n${at}`)));
    await Promise.all(nodes.map((node) => node.stage(release, [origin.url])));
    const wanted = await readTree(`${dir}/source-12`);
    for (const node of nodes) expect(await readTree(node.tree())).to.deep.equal(wanted);
    expect(origin.packBytes).to.be.at.most(3 * release.packSize);
  });

  it('takes nothing from the origin that two nodes have, and tells what came from whom', async () => {
    const { release, origin, fleet } = await installed(6);
    await (await fleet.add('second')).stage(release, [origin.url]);
    origin.packBytes = 0;
    const third = await fleet.add('third');
    const result = await third.stage(release, [origin.url]);
    expect(origin.packBytes).to.equal(0);
    expect(bytesFrom(result, /^peer (?:first|second)$/)).to.equal(release.packSize);
    expect(result.fetchedBytes).to.equal(release.packSize);
    expect(bytesFrom(result, /^http/), 'manifest and layout').to.be.lessThan(100_000);
  });

  it('needs no origin for packs that peers have', async () => {
    const { release, origin, fleet } = await installed(6);
    const next = await fleet.add('next');
    origin.isAway = (path) => path.startsWith('/packs/');
    const result = await next.stage(release, [origin.url]);
    expect(bytesFrom(result, /^peer first$/)).to.equal(release.packSize);
  });

  for (const [what, misbehave] of Object.entries({
    'sends other bytes': (response: ServerResponse, size: number) => {
      const [from, to] = startRange(response, size);
      response.end(Buffer.alloc(to - from, 7));
    },
    'sends too few bytes': (response: ServerResponse, size: number) => {
      startRange(response, size);
      response.write(Buffer.alloc(1000));
      response.end();
    },
    'sends another range': (response: ServerResponse, size: number) => {
      response.writeHead(206, { 'content-range': `bytes 0-9/${size}`, 'content-length': 10 });
      response.end(Buffer.alloc(10));
    },
    'sends all of it': (response: ServerResponse, size: number) => {
      response.writeHead(200, { 'content-length': size });
      response.end(Buffer.alloc(size));
    },
    'sends more headers than anybody reads': (response: ServerResponse, size: number) => {
      response.setHeader('capstan-held', 'x'.repeat(100_000));
      const [from, to] = startRange(response, size);
      response.end(Buffer.alloc(to - from));
    },
    'refuses without an end': (response: ServerResponse) => {
      response.writeHead(503);
      const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 5);
      response.once('close', () => {
        clearInterval(timer);
      });
    },
    'cuts every answer': (response: ServerResponse) => {
      response.destroy();
    },
    'never answers': () => undefined,
    'is full': (response: ServerResponse) => {
      response.writeHead(503, { 'retry-after': '1' }).end();
    },
    'does not have what it said': (response: ServerResponse) => {
      response.writeHead(416).end();
    },
    'is slow': (response: ServerResponse, size: number) => {
      startRange(response, size);
      const timer = setInterval(() => response.write(Buffer.alloc(500)), 50);
      response.once('close', () => {
        clearInterval(timer);
      });
    },
  })) {
    it(`falls back to the origin within seconds when a peer ${what}`, async () => {
      const { dir, release, origin, fleet } = await tradingFleet(4);
      const pack = await packOf(dir);
      await addFake({ dir, release, origin, fleet }, 'bad', digestOf(pack.hex), (response) => {
        if (isHeld(response)) sayAll(response, pack.size);
        else misbehave(response, pack.size);
      });
      const node = await fleet.add('node');
      const result = await node.stage(release, [origin.url]);
      expect(await readTree(node.tree())).to.deep.equal(await readTree(`${dir}/source-4`));
      expect(result.durationMs).to.be.lessThan(8000);
      expect(bytesFrom(result, /^http/)).to.be.at.least(release.packSize);
    });
  }

  for (const [what, said] of Object.entries({
    'no JSON': '{"size',
    'another size': '{"size":1,"growing":true,"spans":[]}',
    'spans out of order': '{"size":SIZE,"growing":true,"spans":[[9,12],[0,3]]}',
    'spans past the end': '{"size":SIZE,"growing":true,"spans":[[0,1e12]]}',
    'that it has nothing': '{"size":SIZE,"growing":false,"spans":[]}',
  })) {
    it(`takes what is sound from a peer that says along with it ${what}`, async () => {
      const { dir, release, origin, fleet } = await tradingFleet(4);
      const pack = await packOf(dir);
      const bytes = await readFile(`${dir}/store/packs/${pack.hex.slice(0, 2)}/${pack.hex}`);
      await addFake({ dir, release, origin, fleet }, 'odd', digestOf(pack.hex), (response) => {
        if (isHeld(response)) {
          sayAll(response, pack.size);
          return;
        }
        response.setHeader('capstan-held', said.replace('SIZE', `${pack.size}`));
        const [from, to] = startRange(response, pack.size);
        response.end(bytes.subarray(from, to));
      });
      const node = await fleet.add('node');
      const result = await node.stage(release, [origin.url]);
      expect(await readTree(node.tree())).to.deep.equal(await readTree(`${dir}/source-4`));
      expect(bytesFrom(result, /^peer odd$/)).to.be.greaterThan(megabyte);
      expect(result.corruptSources).to.deep.equal([]);
    });
  }

  it('goes nowhere that a peer sends it to', async () => {
    const { dir, release, origin, fleet } = await tradingFleet(4);
    const pack = await packOf(dir);
    await addFake({ dir, release, origin, fleet }, 'guide', digestOf(pack.hex), (response) => {
      if (isHeld(response)) sayAll(response, pack.size);
      else response.writeHead(302, { location: `${origin.url}${response.req.url ?? ''}` }).end();
    });
    const result = await (await fleet.add('node')).stage(release, [origin.url]);
    expect(bytesFrom(result, /^peer guide$/)).to.equal(0);
  });

  it('has the rest from the origin when a peer says along with a part that it has all', async () => {
    const { dir, release, origin, fleet } = await tradingFleet(4);
    const pack = await packOf(dir);
    const bytes = await readFile(`${dir}/store/packs/${pack.hex.slice(0, 2)}/${pack.hex}`);
    const half = Math.floor(pack.size / 2);
    await addFake({ dir, release, origin, fleet }, 'boaster', digestOf(pack.hex), (response) => {
      if (isHeld(response)) {
        response.end(JSON.stringify({ size: pack.size, growing: true, spans: [[0, half]] }));
        return;
      }
      if (Number(/-(\d+)$/.exec(response.req.headers.range ?? '')?.[1]) > half) {
        response.writeHead(416).end();
        return;
      }
      response.setHeader('capstan-held', `{"size":${pack.size},"growing":true,"spans":[[0,${pack.size}]]}`);
      const [from, to] = startRange(response, pack.size);
      response.end(bytes.subarray(from, to));
    });
    const node = await fleet.add('node');
    const result = await node.stage(release, [origin.url]);
    expect(await readTree(node.tree())).to.deep.equal(await readTree(`${dir}/source-4`));
    expect(bytesFrom(result, /^peer boaster$/)).to.be.greaterThan(0);
    expect(result.durationMs).to.be.lessThan(8000);
  });

  it('accuses a peer that lies, to the coordinator and in its result, and asks it no more', async () => {
    const { dir, release, origin, fleet } = await tradingFleet(4);
    const pack = await packOf(dir);
    let asked = 0;
    await addFake({ dir, release, origin, fleet }, 'liar', digestOf(pack.hex), (response) => {
      if (isHeld(response)) {
        sayAll(response, pack.size);
        return;
      }
      asked += 1;
      const [from, to] = startRange(response, pack.size);
      response.end(Buffer.alloc(to - from, 7));
    });
    const node = await fleet.add('node');
    const result = await node.stage(release, [origin.url]);
    expect(result.corruptSources).to.deep.equal(['peer liar']);
    expect(asked).to.be.at.most(3);
    expect(fleet.accused).to.deep.include({ by: 'node', nodes: ['liar'] });
  });

  it('sends whoever comes when all slots are taken elsewhere', async () => {
    const { release, origin, fleet } = await tradingFleet(6);
    const first = await fleet.add('first', { slots: 1, bytesPerSecond: 4 * megabyte });
    await first.stage(release, [origin.url]);
    const others = await Promise.all(['a', 'b', 'c'].map((name) => fleet.add(name)));
    const results = await Promise.all(others.map((node) => node.stage(release, [origin.url])));
    for (const result of results) expect(result.fetchedBytes).to.be.at.least(release.packSize);
  });

  it('goes on without a spool that somebody has removed, and serves nothing of it', async () => {
    const { dir, release, origin, fleet, first } = await installed(4);
    await first.loseSpool();
    const node = await fleet.add('node');
    await node.stage(release, [origin.url]);
    expect(await readTree(node.tree())).to.deep.equal(await readTree(`${dir}/source-4`));
    expect(first.trading.serving().packs).to.deep.equal([]);
  });

  it('serves again after a restart what is sound in its spool', async () => {
    const { release, origin, fleet, first, pack } = await installed(4);
    await first.stop();
    await first.start();
    await eventually(() => first.trading.serving().packs.includes(pack), { what: 'the spool to be read' });
    const node = await fleet.add('node');
    const result = await node.stage(release, [origin.url]);
    expect(bytesFrom(result, /^peer first$/)).to.be.greaterThan(0);
  });

  it('fetches from stores alone what is small, and keeps none of it', async () => {
    const { release, origin, fleet } = await tradingFleet(2);
    const node = await fleet.add('node', { fromBytes: 3 * megabyte });
    const result = await node.stage(release, [origin.url]);
    expect(result.fetchedFrom).to.have.length(1);
    expect(node.trading.serving().packs).to.deep.equal([]);
  });

  it('keeps no more for others than it may', async () => {
    const { release, origin, fleet } = await tradingFleet(6);
    const node = await fleet.add('node', { spoolBytes: 2 * megabyte });
    await node.stage(release, [origin.url]);
    const { url, packs } = node.trading.serving();
    const held = await fetch(`${url}/held/${packs[0]?.slice('sha256:'.length) ?? ''}`);
    const { spans } = (await held.json()) as { spans: [number, number][] };
    const kept = spans.reduce((sum, [from, to]) => sum + to - from, 0);
    expect(kept).to.be.within(megabyte, 2 * megabyte);
  });
});
