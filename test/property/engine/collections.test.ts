import { expect } from 'chai';
import fc from 'fast-check';
import {
  emptyHashMap,
  getKey,
  removeKey,
  setKey,
  valuesOf,
} from '../../../coordinator/core/collections/hash-map.js';
import { type Heap, popHeap, pushHeap } from '../../../coordinator/core/collections/heap.js';
import {
  emptyIntMap,
  firstOf,
  removeInt,
  setInt,
  valuesInOrder,
} from '../../../coordinator/core/collections/int-map.js';

const changes = fc.array(
  fc.record({ key: fc.oneof(fc.nat(40), fc.nat(2 ** 30 - 1)), add: fc.boolean(), edit: fc.boolean() }),
  { maxLength: 200 },
);

describe('persistent collections', () => {
  it('a hash map is a Map, and old versions stay what they were', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const edit = {};
        const model = new Map<string, number>();
        let map = emptyHashMap<string, number>();
        const versions: { readonly map: typeof map; readonly size: number; readonly sum: number }[] = [];
        list.forEach((change, at) => {
          const key = `k${change.key}`;
          if (change.add) model.set(key, at);
          else model.delete(key);
          map = change.add ? setKey(map, key, at) : removeKey(map, key);
          versions.push({ map, size: model.size, sum: total(model.values()) });
        });
        for (const [key, value] of model) expect(getKey(map, key)).to.equal(value);
        for (const version of versions) {
          expect(version.map.size).to.equal(version.size);
          expect(total(valuesOf(version.map))).to.equal(version.sum);
        }
        for (const { key } of list) map = setKey(map, `k${key}`, -1, edit);
        expect(versions.at(-1)?.map ? total(valuesOf(versions.at(-1)?.map ?? map)) : 0).to.equal(
          versions.at(-1)?.sum ?? 0,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('an int map is an ordered set, and old versions stay what they were', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const model = new Map<number, string>();
        let map = emptyIntMap<string>();
        const versions: { readonly map: typeof map; readonly values: readonly string[] }[] = [];
        let edit = {};
        for (const change of list) {
          if (change.edit) edit = {};
          if (change.add) model.set(change.key, String(change.key));
          else model.delete(change.key);
          map = change.add
            ? setInt(map, change.key, String(change.key), edit)
            : removeInt(map, change.key, edit);
          const values = [...model.keys()].sort((a, b) => a - b).map(String);
          expect([...valuesInOrder(map)]).to.deep.equal(values);
          expect(map.size).to.equal(values.length);
          expect(firstOf(map)?.value).to.equal(values[0]);
          if (change.edit) versions.push({ map, values });
          if (change.edit) edit = {};
        }
        for (const { map: old, values } of versions) expect([...valuesInOrder(old)]).to.deep.equal(values);
      }),
      { numRuns: 500 },
    );
  });

  it('a heap gives back what was put in, smallest first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000)), (times) => {
        let heap: Heap<number> | undefined;
        for (const at of times) heap = pushHeap(heap, at, at);
        const out: number[] = [];
        for (; heap !== undefined; heap = popHeap(heap)) out.push(heap.at);
        expect(out).to.deep.equal([...times].sort((a, b) => a - b));
      }),
      { numRuns: 500 },
    );
  });
});

function total(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value + 1;
  return sum;
}
