import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { mutants } from '../../sim/mutants/list.js';

describe('the mutants that the simulator has to find', () => {
  it('are each of a place that is there, and once', async () => {
    const root = new URL('../../../', import.meta.url);
    for (const { name, file, find, put } of mutants) {
      const source = await readFile(new URL(file, root), 'utf8');
      expect(source.split(find), `${name}: ${file}`).to.have.length(2);
      expect(put).not.to.equal(find);
    }
  });
});
