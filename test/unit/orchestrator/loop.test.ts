import { expect } from 'chai';
import { Loop, type LoopOptions } from '../../../coordinator/orchestrator/loop.js';
import { CapstanError } from '../../../shared/model/errors.js';

/** What a loop did, in words, with commits that the test may fail. */
function setup(options: Partial<LoopOptions<string[]>> = {}) {
  const commits: string[][] = [];
  const recovered: string[] = [];
  const failures: Error[] = [];
  const sleeps: number[] = [];
  const loop = new Loop<string[]>({
    clock: {
      now: () => 0,
      monotonic: () => 0,
      sleep: (ms) => {
        sleeps.push(ms);
        return Promise.resolve();
      },
    },
    openBatch: () => [],
    commit: (batch) => {
      commits.push(batch);
      const failure = failures.shift();
      return failure === undefined ? Promise.resolve() : Promise.reject(failure);
    },
    recover: (error) => {
      recovered.push(error.message);
      return Promise.resolve(true);
    },
    ...options,
  });
  const add = (word: string): Promise<string> =>
    loop.do((batch) => {
      batch.push(word);
      return word;
    });
  return { loop, commits, recovered, failures, sleeps, add };
}

const outcomes = async (promises: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(promises)).map((result) =>
    result.status === 'fulfilled' ? result.value : (result.reason as Error).message,
  );

describe('the loop', () => {
  it('commits what comes together at once, in the order it came', async () => {
    const { commits, add, sleeps } = setup();
    expect(await Promise.all([add('a'), add('b'), add('c')])).to.deep.equal(['a', 'b', 'c']);
    expect(commits).to.deep.equal([['a', 'b', 'c']]);
    expect(sleeps).to.have.length(1);
  });

  it('tells nobody before the commit', async () => {
    const order: string[] = [];
    let committed: () => void = () => undefined;
    const { add } = setup({
      commit: () =>
        new Promise((resolve) => {
          committed = () => {
            order.push('committed');
            resolve();
          };
          order.push('committing');
          setImmediate(committed);
        }),
    });
    await add('a').then(() => order.push('told'));
    expect(order).to.deep.equal(['committing', 'committed', 'told']);
  });

  it('carries out while a commit is under way what came meanwhile, afterwards', async () => {
    const later: Promise<unknown>[] = [];
    const { commits, add, loop } = setup();
    await loop.do((batch) => {
      batch.push('a');
      later.push(add('b'));
    });
    await Promise.all(later);
    expect(commits).to.deep.equal([['a'], ['b']]);
  });

  it('takes a refusal as the answer of that job alone', async () => {
    const { loop, commits, recovered, add } = setup();
    const refuse = loop.do(() => {
      throw new CapstanError('refused', 'no');
    });
    expect(await outcomes([add('a'), refuse, add('b')])).to.deep.equal(['a', 'no', 'b']);
    expect(commits).to.deep.equal([['a', 'b']]);
    expect(recovered).to.deep.equal([]);
  });

  it('fails all jobs of a commit that fails, recovers, and goes on', async () => {
    const { commits, recovered, failures, add } = setup();
    failures.push(new CapstanError('failed', 'the disk is full'));
    expect(await outcomes([add('a'), add('b')])).to.deep.equal(['the disk is full', 'the disk is full']);
    expect(recovered).to.deep.equal(['the disk is full']);
    expect(await add('c')).to.equal('c');
    expect(commits).to.deep.equal([['a', 'b'], ['c']]);
  });

  it('commits nothing of a batch in which a defect showed', async () => {
    const { loop, commits, recovered, add } = setup();
    const defect = loop.do(() => {
      throw new TypeError('undefined is no function');
    });
    const said = 'undefined is no function';
    expect(await outcomes([add('a'), defect])).to.deep.equal([said, said]);
    expect(commits).to.deep.equal([]);
    expect(recovered).to.deep.equal([said]);
  });

  it('builds nothing on what could not be recovered', async () => {
    const { loop, commits, failures, add } = setup({ recover: () => Promise.resolve(false) });
    failures.push(new CapstanError('failed', 'gone'));
    const later: Promise<unknown>[] = [];
    const first = loop.do(() => later.push(add('b')));
    expect(await outcomes([first])).to.deep.equal(['gone']);
    expect(await outcomes([...later, add('c')])).to.deep.equal(
      Array(2).fill('The coordinator is shutting down.'),
    );
    expect(commits).to.have.length(1);
    await loop.close();
  });

  it('finishes what it took when it is closed, and takes nothing more', async () => {
    const { loop, commits, add } = setup();
    const taken = add('a');
    const closed = loop.close();
    const late = add('b');
    expect(await outcomes([taken, late])).to.deep.equal(['a', 'The coordinator is shutting down.']);
    await closed;
    expect(commits).to.deep.equal([['a']]);
  });

  it('sends away who comes when too many wait, with a time to come back', async () => {
    const { loop } = setup();
    const waiting = Array.from({ length: 50_000 }, () => loop.do(() => undefined));
    const refused = await loop.do(() => undefined).catch((error: unknown) => error);
    expect(refused).to.include({ code: 'unavailable', retryAfterMs: 5000 });
    await Promise.all(waiting);
    await loop.do(() => undefined);
  });

  it('lets no transaction grow beyond bounds', async () => {
    const { commits, add } = setup();
    await Promise.all(Array.from({ length: 12_000 }, (_, at) => add(`${at}`)));
    expect(commits.map(({ length }) => length)).to.deep.equal([5000, 5000, 2000]);
  });
});
