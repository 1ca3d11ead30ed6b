import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { cp, mkdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { type Layout, layoutOf } from '../../../agent/io/releases/layout.js';
import { loadExchange } from '../../../agent/io/releases/live/exchange-call.js';
import {
  findPlaces,
  type Identities,
  identityOf,
  type TreeIdentity,
} from '../../../agent/io/releases/live/places.js';
import {
  putInOrder,
  type SwapCalls,
  type SwapOrder,
  swapCalls,
  swapTrees,
} from '../../../agent/io/releases/live/swap-trees.js';
import { tryExchange } from '../../../agent/io/releases/live/try-exchange.js';
import type { AppName } from '../../../shared/model/ids.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { tempDir } from '../../support/temp-dir.js';
import { makeNode, serverFiles } from './harness.js';

const real = swapCalls(loadExchange);
const releases = ['r1', 'r2', 'r3'];

/** What `current` holds: every file of a tree names its release. */
const contentOf = (path: string): readonly string[] =>
  ['one', 'two'].map((name) => readFileSync(join(path, name), 'utf8'));

class Scene {
  readonly layout: Layout;
  readonly known = new Map<string, TreeIdentity | undefined>();

  constructor(dir: string) {
    this.layout = layoutOf(join(dir, 'srv'), join(dir, 'state'), 'web' as AppName);
  }

  async stage(dir: string): Promise<void> {
    const path = join(this.layout.releases, dir);
    await mkdir(path, { recursive: true });
    for (const name of ['one', 'two']) await writeFile(join(path, name), dir);
    this.known.set(dir, identityOf(path));
  }

  swap(order: Partial<SwapOrder>, calls = real): Promise<void> {
    return swapTrees(
      this.layout,
      this.known,
      { to: undefined, previous: undefined, mode: 'exchange', ...order },
      calls,
    );
  }

  /** Everything in its place: nothing is lost, nothing is left over, each tree is what its name says. */
  expectOrder(live: string | undefined, isTree: boolean): void {
    const { current, previous, home, releases: folder } = this.layout;
    const below = readdirSync(folder).sort();
    expect(below).to.deep.equal(releases.filter((dir) => !isTree || dir !== live));
    for (const dir of below) expect(contentOf(join(folder, dir))).to.deep.equal([dir, dir]);
    expect(
      readdirSync(home).filter((name) => !['releases', 'current', 'previous'].includes(name)),
    ).to.deep.equal([]);
    if (live === undefined) expect(lstatSync(current, { throwIfNoEntry: false })).to.equal(undefined);
    else {
      expect(lstatSync(current).isDirectory()).to.equal(isTree);
      expect(contentOf(current)).to.deep.equal([live, live]);
    }
    const before = lstatSync(previous, { throwIfNoEntry: false });
    if (before !== undefined)
      expect(contentOf(previous)).to.deep.equal(
        Array(2).fill(readlinkSync(previous).slice('releases/'.length)),
      );
  }
}

async function scene(): Promise<Scene> {
  const made = new Scene(await tempDir());
  for (const dir of releases) await made.stage(dir);
  return made;
}

class Killed extends Error {}

/** The system's calls, of which the process dies before or after one. */
function dyingCalls(
  at: number,
  when: 'before' | 'after',
  onCall: () => void,
): SwapCalls & { readonly made: () => number } {
  let count = 0;
  const dying =
    <A extends readonly unknown[]>(call: (...args: A) => Promise<void>) =>
    async (...args: A): Promise<void> => {
      const mine = count++;
      if (mine === at && when === 'before') throw new Killed();
      await call(...args);
      onCall();
      if (mine === at) throw new Killed();
    };
  return {
    exchange: dying(real.exchange),
    rename: dying(real.rename),
    symlink: dying(real.symlink),
    unlink: dying(real.unlink),
    replaceLink: dying(real.replaceLink),
    made: () => count,
  };
}

const whereTrees = async ({
  layout,
  known,
}: {
  readonly layout: Layout;
  readonly known: Identities;
}): Promise<readonly string[]> => {
  const places = await findPlaces(layout, known);
  return releases.map((dir) => {
    const path = places.pathOf(dir);
    return path === undefined ? `${dir} is nowhere` : contentOf(path).join(' ');
  });
};

/** Every way a swap can go, as the orders that lead up to it and the one that is looked at. */
const ways: Readonly<
  Record<string, { readonly before: readonly Partial<SwapOrder>[]; readonly order: Partial<SwapOrder> }>
> = {
  'the first tree': { before: [], order: { to: 'r1' } },
  'a tree for a tree': { before: [{ to: 'r1' }], order: { to: 'r2', previous: 'r1' } },
  'a tree for a tree, with one before it': {
    before: [{ to: 'r1' }, { to: 'r2', previous: 'r1' }],
    order: { to: 'r3', previous: 'r2' },
  },
  'back to the tree before': {
    before: [{ to: 'r1' }, { to: 'r2', previous: 'r1' }, { to: 'r3', previous: 'r2' }],
    order: { to: 'r2', previous: 'r1' },
  },
  'a tree for a link': { before: [{ to: 'r1', mode: 'link' }], order: { to: 'r2', previous: 'r1' } },
  'a tree for the link that leads to it': { before: [{ to: 'r1', mode: 'link' }], order: { to: 'r1' } },
  'a link for a tree': { before: [{ to: 'r1' }], order: { to: 'r2', previous: 'r1', mode: 'link' } },
  'nothing for a tree': { before: [{ to: 'r1' }], order: {} },
};

describe('swap: exchange', () => {
  for (const [name, { before, order }] of Object.entries(ways)) {
    it(`puts ${name}, and can be killed before and after every call`, async function () {
      this.timeout(30_000);
      const isTree = order.to !== undefined && order.mode !== 'link';
      let calls = 1;
      for (let at = -1; at < calls; at++) {
        for (const when of ['before', 'after'] as const) {
          const made = await scene();
          for (const each of before) await made.swap(each);
          const allowed = [before.at(-1)?.to, order.to];
          const look = (): void => {
            if (lstatSync(made.layout.current, { throwIfNoEntry: false }) === undefined) {
              expect(allowed).to.include(undefined);
            } else expect(allowed).to.include(contentOf(made.layout.current)[0]);
          };
          const dying = dyingCalls(at, when, look);
          await made.swap(order, dying).catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error;
          });
          if (at === -1) calls = dying.made();
          else {
            expect(await whereTrees(made), `${when} ${at}`).to.deep.equal(
              releases.map((dir) => `${dir} ${dir}`),
            );
            const { current } = await findPlaces(made.layout, made.known);
            expect(allowed).to.include(current);
            await putInOrder(made.layout, made.known, real);
            expect(await whereTrees(made)).to.deep.equal(releases.map((dir) => `${dir} ${dir}`));
            expect((await findPlaces(made.layout, made.known)).current).to.equal(current);
            await made.swap(order);
          }
          made.expectOrder(order.to, isTree);
          await made.swap(order);
          made.expectOrder(order.to, isTree);
        }
      }
      expect(calls).to.be.greaterThan(1);
    });
  }

  it('is never seen half done by who reads in a tight loop', async () => {
    const made = await scene();
    await made.swap({ to: 'r1' });
    const reader = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const { readFileSync, openSync, closeSync, readdirSync } = require('node:fs');
       const seen = {}; let reads = 0;
       parentPort.once('message', () => { done = true; });
       let done = false, told = false;
       const turn = () => {
         for (let n = 0; n < 200; n++) {
           // A directory that is held open stays the same one, whatever takes its name.
           const fd = openSync(workerData, 'r');
           const texts = ['one', 'two'].map((name) => readFileSync('/proc/self/fd/' + fd + '/' + name, 'utf8')).join(' ');
           closeSync(fd);
           seen[texts] = (seen[texts] ?? 0) + 1; reads++;
         }
         if (!told && Object.keys(seen).length >= 3) { told = true; parentPort.postMessage('several'); }
         if (done) parentPort.postMessage({ seen, reads }); else setImmediate(turn);
       };
       turn();`,
      { eval: true, workerData: made.layout.current },
    );
    cleanUp(async () => {
      await reader.terminate();
    });
    const reading = { hasSeenSeveral: false };
    const answer = new Promise<{ readonly seen: Readonly<Record<string, number>> }>((resolve, reject) => {
      reader.on('message', (said: 'several' | { readonly seen: Readonly<Record<string, number>> }) => {
        if (said === 'several') reading.hasSeenSeveral = true;
        else resolve(said);
      });
      reader.once('error', reject);
    });
    // A busy machine may let the reader begin late.
    for (let round = 0; round < (reading.hasSeenSeveral ? 150 : 5000); round++) {
      await made.swap({
        to: releases[round % 3],
        previous: releases[(round + 2) % 3],
        mode: round % 7 === 0 ? 'link' : 'exchange',
      });
    }
    reader.postMessage('end');
    const { seen } = await answer;
    expect(Object.keys(seen).sort()).to.deep.equal(['r1 r1', 'r2 r2', 'r3 r3']);
  });

  it('keeps a directory that nobody knows, under a name of its own', async () => {
    const made = await scene();
    await mkdir(made.layout.current, { recursive: true });
    await writeFile(join(made.layout.current, 'precious'), 'mine');
    await made.swap({ to: 'r1' });
    expect(contentOf(made.layout.current)).to.deep.equal(['r1', 'r1']);
    const [aside] = readdirSync(made.layout.releases).filter((name) => name.startsWith('unknown-'));
    expect(readFileSync(join(made.layout.releases, aside ?? '', 'precious'), 'utf8')).to.equal('mine');
  });

  for (const code of ['EXDEV', 'EINVAL']) {
    it(`is refused at preflight, with the reason, where the file system answers ${code}`, async () => {
      const { layout } = await scene();
      const exchange = (): Promise<never> =>
        Promise.reject(Object.assign(new Error(`${code}: exchange`), { code }));
      const refusal = await tryExchange(layout, { ...real, exchange }).catch((error: unknown) =>
        String(error),
      );
      expect(refusal).to.include(`swap: exchange is not possible in ${layout.home}: ${code}: exchange`);
      await tryExchange(layout, real);
      expect(readdirSync(layout.home)).to.deep.equal(['releases']);
    });
  }

  it('is what the agent does with a release that says so, from a link to a tree and back, killed or restored', async function () {
    this.timeout(60_000);
    const node = await makeNode();
    await node.start();
    const shared = 'shared: { dirs: [uploads] }';
    const spec = `swap: exchange\n${shared}`;
    const current = join(node.home, 'current');
    await node.coordinator.settled(
      'web',
      node.deploy(await node.release('1', serverFiles('1', { spec: shared }))),
    );
    expect(await readlink(current)).to.match(/^releases\/1-/);

    const v2 = await node.release('2', serverFiles('2', { spec }));
    expect(await node.coordinator.settled('web', node.deploy(v2))).to.include({ phase: 'healthy' });
    expect(lstatSync(current).isDirectory()).to.equal(true);
    await writeFile(join(current, 'uploads/photo'), 'of a cat');
    const { pid } = await node.service();
    expect(await readlink(`/proc/${pid}/cwd`)).to.equal(current);

    const v3 = await node.release('3', serverFiles('3', { spec }));
    const third = await node.coordinator.settled('web', node.deploy(v3));
    expect([third.current?.version, third.previous?.version]).to.deep.equal(['3', '2']);
    expect(await node.ask()).to.equal('3');
    expect(readFileSync(join(current, 'uploads/photo'), 'utf8')).to.equal('of a cat');
    expect(readFileSync(join(node.home, 'previous/uploads/photo'), 'utf8')).to.equal('of a cat');

    const bad = await node.release('4', serverFiles('4', { spec, server: 'process.exit(1);' }));
    const turned = await node.coordinator.settled('web', node.deploy(bad));
    expect([turned.phase, turned.current?.version, turned.previous?.version]).to.deep.equal([
      'turnedBack',
      '3',
      '2',
    ]);

    // Names as a kill between the exchange and the renaming leaves them.
    await node.agent().stop('SIGKILL');
    const names = readdirSync(join(node.home, 'releases'));
    const [two = '', four = ''] = ['2-', '4-'].map((start) => names.find((name) => name.startsWith(start)));
    await rename(join(node.home, 'releases', four), join(node.home, 'aside'));
    await rename(join(node.home, 'releases', two), join(node.home, 'releases', four));
    await node.start();
    expect(readFileSync(join(node.home, 'releases', two, 'server.js'), 'utf8')).to.include("'2'");
    await eventually(() => node.coordinator.latest('web')?.staged.length === 3, {
      what: 'the tree of 4 to be missed, and the others to be there',
    });

    // A restore: the same bytes in other directories.
    await node.agent().stop();
    await cp(current, `${current}.restored`, {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
    });
    await rm(current, { recursive: true });
    await rename(`${current}.restored`, current);
    await node.start();
    const restored = await eventually(() => {
      const status = node.coordinator.latest('web');
      return status?.current?.version === '3' && status;
    });
    expect(restored).to.include({ phase: 'turnedBack' });

    const v5 = await node.release('5', serverFiles('5', { spec: shared }));
    const fifth = await node.coordinator.settled('web', node.deploy(v5));
    expect([fifth.phase, fifth.previous?.version]).to.deep.equal(['healthy', '3']);
    expect(await readlink(current)).to.match(/^releases\/5-/);
    expect(readFileSync(join(current, 'uploads/photo'), 'utf8')).to.equal('of a cat');
  });

  it('is not begun where current is a directory that is no release', async () => {
    const node = await makeNode();
    await mkdir(join(node.home, 'current'), { recursive: true });
    await symlink('nowhere', join(node.home, 'current/link'));
    await node.start();
    const status = await node.coordinator.settled(
      'web',
      node.deploy(await node.release('1', { page: 'one' })),
    );
    expect(status).to.include({ phase: 'failed' });
    expect(status.failure?.step).to.equal('preflight');
    expect(status.failure?.reason).to.match(
      /current is a directory that no release of this node was switched to/,
    );
    expect(readdirSync(join(node.home, 'current'))).to.deep.equal(['link']);
  });
});
