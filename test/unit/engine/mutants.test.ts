import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { mutants } from '../../sim/mutants/list.js';
import { type LookFor, tryMutants } from '../../sim/mutants/tries.js';

describe('the mutants that the simulator has to find', () => {
  it('are each of a place that is there, and once', async () => {
    const root = new URL('../../../', import.meta.url);
    for (const { name, file, find, put } of mutants) {
      const source = await readFile(new URL(file, root), 'utf8');
      expect(source.split(find), `${name}: ${file}`).to.have.length(2);
      expect(put).not.to.equal(find);
    }
  });

  const inEngine = { name: 'a', file: 'coordinator/core/rollout/assign.ts', find: '', put: '' };
  const elsewhere = { name: 'b', file: 'agent/core/transitions.ts', find: '', put: '' };

  const tried = async (
    finds: (...of: Parameters<LookFor>) => string | undefined,
    of = [inEngine, elsewhere],
  ): Promise<{ readonly held: boolean; readonly said: string; readonly looks: readonly string[] }> => {
    const said: string[] = [];
    const looks: string[] = [];
    const held = await tryMutants({
      mutants: of,
      look: (mutant, stage) => {
        looks.push(`${mutant?.name ?? 'none'} ${stage}`);
        return Promise.resolve(finds(mutant, stage));
      },
      jobs: 1,
      say: (line) => said.push(line),
    });
    return { held, said: said.join('\n'), looks };
  };

  it('are found only where nothing is without them', async () => {
    const { held, said, looks } = await tried((mutant, stage) =>
      mutant !== undefined && (mutant === elsewhere || stage === 'site') ? 'failed after 3 sites' : undefined,
    );
    expect(held).to.equal(true);
    expect(looks).to.deep.equal(['none engine', 'none site', 'a engine', 'a site', 'b site']);
    expect(said).to.contain('2 of 2 found');
  });

  it('are not tried on seeds on which something is wrong anyway', async () => {
    const { held, said, looks } = await tried((_mutant, stage) =>
      stage === 'engine' ? 'failed after 33 runs' : undefined,
    );
    expect(held).to.equal(false);
    expect(looks).to.deep.equal(['none engine', 'none site']);
    expect(said).to.match(/WRONG {5}without a mutant: engine: failed after 33 runs; no mutant was tried/);
  });

  it('fail the run where one is not found, and ask no stage that knows nothing of them', async () => {
    const { held, said, looks } = await tried(() => undefined, [elsewhere]);
    expect(held).to.equal(false);
    expect(looks).to.deep.equal(['none site', 'b site']);
    expect(said).to.contain('NOT FOUND b');
  });
});
