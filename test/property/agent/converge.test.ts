import { expect } from 'chai';
import fc from 'fast-check';
import { isAppRecord } from '../../../agent/io/state/record-shape.js';
import { ModelNode, type ModelNode as Node, wanted, worlds } from './model.js';

type Event =
  | { readonly kind: 'turn' }
  | { readonly kind: 'kill'; readonly at: number }
  | { readonly kind: 'reboot' }
  | {
      readonly kind: 'want';
      readonly release: number;
      readonly intent: 'activate' | 'stage' | 'remove';
      readonly restart: boolean;
      readonly drain: boolean;
      readonly older: boolean;
    };

const events = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Event>({ kind: 'turn' }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('kill' as const), at: fc.integer({ min: 0, max: 2 }) }),
    },
    { weight: 1, arbitrary: fc.constant<Event>({ kind: 'reboot' }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('want' as const),
        release: fc.nat(4),
        intent: fc.constantFrom(
          'activate' as const,
          'activate' as const,
          'stage' as const,
          'remove' as const,
        ),
        restart: fc.boolean(),
        drain: fc.boolean(),
        older: fc.boolean().map((old) => old),
      }),
    },
  ),
  { maxLength: 60 },
);

/** `current` resolves to a complete release, and so does what a failure would turn back to. */
function holds(node: Node): void {
  const dirs = new Set(node.releases.map(({ dir }) => dir));
  if (node.current !== undefined) expect(dirs, 'current is complete').to.include(node.current);
  const { lastGood, work } = node.journal;
  if (lastGood !== undefined) expect(dirs, 'the last good release is never collected').to.include(lastGood);
  if (work?.from !== undefined) expect(dirs, 'there is a way back').to.include(work.from);
}

function play(node: Node, dirs: readonly string[], script: readonly Event[]): number {
  let generation = 0;
  for (const event of script) {
    if (event.kind === 'turn') node.turn(undefined);
    else if (event.kind === 'kill') node.turn(event.at);
    else if (event.kind === 'reboot') node.reboot();
    else {
      const { intent, restart, drain, older } = event;
      const activation = { drain, restart, minHealthyTimeMs: 0, healthDeadlineMs: 1 };
      const dir = dirs[event.release % dirs.length] ?? '';
      if (older && generation > 1) {
        expect(node.supersedes(wanted(dir, generation - 1)) && node.journal.highest >= generation).to.equal(
          false,
        );
        continue;
      }
      generation += 1;
      node.want = wanted(dir, generation, { intent, activation });
    }
    holds(node);
  }
  return generation;
}

function finish(node: Node): void {
  expect(isAppRecord(JSON.parse(JSON.stringify(node.journal))), 'its journal can be read back').to.equal(
    true,
  );
  for (let turns = 0; node.turn(undefined); turns++) {
    if (turns > 200) throw new Error(`it does not come to an end: ${JSON.stringify(node.done.slice(-6))}`);
    holds(node);
  }
}

describe('the reconciler, killed anywhere and given anything', function () {
  this.timeout(60_000);
  const runs = { numRuns: Number(process.env['CAPSTAN_PROPERTY_RUNS'] ?? 2000) };

  it('comes to an end, with a verdict on the newest generation and a complete release live', () => {
    fc.assert(
      fc.property(worlds, events, (world, script) => {
        const node = new ModelNode(world);
        const generation = play(
          node,
          world.map(({ dir }) => dir),
          script,
        );
        finish(node);
        expect(node.journal.work).to.equal(undefined);
        if (generation === 0) return;
        expect(node.journal.settled?.generation).to.equal(generation);
        const phase = node.journal.settled?.phase;
        if (phase === 'healthy') expect(node.current).to.equal(node.want?.dir);
        if (phase === 'removed')
          expect([node.current, node.serving, node.releases.length]).to.deep.equal([undefined, undefined, 0]);
        if (phase === 'healthy' || phase === 'turnedBack') {
          const live = world.find(({ dir }) => dir === node.current);
          expect(node.serving, 'what is live is what runs').to.equal(
            live?.service === true ? live.dir : undefined,
          );
        }
      }),
      runs,
    );
  });

  it('ends healthy, however often the host goes down in the middle, when the release is good', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.nat(12), fc.nat(12), (service, first, second) => {
        const node = new ModelNode([
          { dir: 'r0', service: true, good: true, stages: true },
          { dir: 'r1', service, good: true, stages: true },
        ]);
        node.want = wanted('r0', 1);
        finish(node);
        node.want = wanted('r1', 2);
        for (const turns of [first, second]) {
          for (let turn = 0; turn < turns; turn++) node.turn(undefined);
          node.reboot();
        }
        finish(node);
        expect(node.journal.settled?.phase).to.equal('healthy');
        expect([node.current, node.serving]).to.deep.equal(['r1', service ? 'r1' : undefined]);
      }),
      runs,
    );
  });

  it('does nothing more once it is done, however often it is killed or told the same', () => {
    fc.assert(
      fc.property(
        worlds,
        events,
        fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 5 }),
        (world, script, kills) => {
          const node = new ModelNode(world);
          play(
            node,
            world.map(({ dir }) => dir),
            script,
          );
          finish(node);
          const { settled } = node.journal;
          node.done.length = 0;
          for (const kill of kills) node.turn(kill);
          finish(node);
          expect(node.journal.settled).to.deep.equal(settled);
          expect(node.done).to.deep.equal([]);
        },
      ),
      runs,
    );
  });

  it('keeps what serves when a release cannot be staged, and goes back when one is not healthy', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
        (first, second, stages, kills) => {
          const node = new ModelNode([
            { dir: 'r0', service: first, good: true, stages: true },
            { dir: 'r1', service: second, good: false, stages },
          ]);
          node.want = wanted('r0', 1);
          finish(node);
          node.want = wanted('r1', 2);
          for (const kill of kills) node.turn(kill);
          finish(node);
          expect(node.journal.settled?.phase).to.equal(stages ? 'turnedBack' : 'failed');
          expect(node.current).to.equal('r0');
          expect(node.serving).to.equal(first ? 'r0' : undefined);
        },
      ),
      runs,
    );
  });
});
