import fc from 'fast-check';

const oddName = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('a', 'b', 'c', 'l', 'index.html', 'bin', 'run') },
  fc.constantFrom('..', '.', '', 'caf\u00e9', '\u{1f409}', '\uffee', ' ', '-', 'a\nb', 'a"b', 'a\\b', 'A'),
  fc.constantFrom('a\0b', '\ud800', 'n'.repeat(255), 'n'.repeat(256), '\u00e9'.repeat(128), '__proto__'),
);

const anyPath = fc
  .tuple(
    fc.oneof({ weight: 20, arbitrary: fc.constant('') }, fc.constantFrom('/', './', '../')),
    fc.array(oddName, { minLength: 1, maxLength: 4 }),
  )
  .map(([start, names]) => start + names.join('/'));

/** A path that is mostly a path, and at times leads anywhere. */
export const oddPath = fc.oneof(
  {
    weight: 25,
    arbitrary: fc
      .tuple(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }), fc.nat(60))
      .map(([folders, number]) => [...folders, `f${number}`].join('/')),
  },
  anyPath,
);
