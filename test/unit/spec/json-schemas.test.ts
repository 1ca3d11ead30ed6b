import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../shared/io/package-root.js';
import { specJsonSchemas } from '../../../shared/spec/json-schemas.js';

describe('the JSON Schemas of the specs', () => {
  for (const [name, schema] of Object.entries(specJsonSchemas())) {
    it(`docs/schemas/${name} is what the code says (npm run gen writes it)`, async () => {
      const committed = await readFile(join(packageRoot(), 'docs', 'schemas', name), 'utf8');
      expect(JSON.parse(committed)).to.deep.equal(JSON.parse(JSON.stringify(schema)));
    });
  }
});
