import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { settingsTable as agentSettings } from '../../../agent/stager/settings/settings.js';
import { settingsTable as coordinatorSettings } from '../../../coordinator/config.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import { flagOf, type SettingsTable } from '../../../shared/settings/table.js';

const programs: Readonly<Record<string, SettingsTable>> = {
  'capstan-coordinator': coordinatorSettings,
  'capstan-agent': agentSettings,
};

describe('docs/settings.md', () => {
  for (const [program, table] of Object.entries(programs)) {
    it(`has every setting of ${program}, in the program's order, with its default`, async () => {
      const text = await readFile(join(packageRoot(), 'docs/settings.md'), 'utf8');
      const section = text.split(`## \`${program}\`\n`)[1]?.split(/^## /m)[0] ?? '';
      const rows = [...section.matchAll(/^\| `(--[a-z-]+)` \| ([^|]+) \|/gm)];
      expect(rows.map(([, flag]) => flag)).to.deep.equal(
        Object.keys(table).map((name) => `--${flagOf(name)}`),
      );
      for (const [, flag, written] of rows) {
        const setting = Object.entries(table).find(([name]) => `--${flagOf(name)}` === flag)?.[1];
        const shown = setting?.defaultText === '' ? 'none' : setting?.defaultText;
        expect(written?.replaceAll('`', ''), `default of ${flag ?? ''}`).to.equal(shown);
      }
    });
  }
});
