import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { directoryStore } from '../../shared/distribution/directory-store.js';
import type { ReleaseRef } from '../../shared/model/release.js';
import { hookNames } from '../../shared/model/release-spec.js';
import { publish } from '../support/releases.js';
import { lastLine } from './plan.js';

/** The releases of one life: a plain service, one with everything there is, one that never gets well, and mere files. */
export interface Fixtures {
  readonly store: string;
  readonly plain: ReleaseRef;
  readonly full: ReleaseRef;
  readonly broken: ReleaseRef;
  readonly files: ReleaseRef;
}

const service = 'service: { process: { command: [bin/serve], grace: 1s } }';
const probe = (run: string): string =>
  `health:\n  - { command: { run: ['${run}'] }, every: 100ms, timeout: 5s, rise: 1, fall: 1 }`;
const hooks = hookNames.map((name) => `  ${name}: { run: [bin/hook] }`).join('\n');
const head = 'apiVersion: capstan/v1\nkind: Release\n';

const spec = {
  plain: [service, probe('true'), 'drain: { wait: 20ms }', 'shared: { dirs: [var/uploads] }'],
  full: [
    ...[service, probe('true'), 'drain: { wait: 20ms }', 'shared: { dirs: [var/uploads] }'],
    `hooks:\n${hooks}`,
    'templates: [{ from: app.conf.tpl, to: etc/app.conf }]',
    'database: { run: [bin/hook], timeout: 10s, reversible: false }',
    'config: { GREETING: hello }',
  ],
  broken: [service, probe('false'), 'drain: { wait: 20ms }'],
  files: [],
} as const;

/** Each run of a program of the release: its name, the release's version, and which attempt it is. */
export const hookLog = 'hooks.log';

/** Publishes them to a store below `dir`. */
export async function publishFixtures(dir: string): Promise<Fixtures> {
  const store = directoryStore(join(dir, 'store'));
  const release = async (name: keyof typeof spec): Promise<ReleaseRef> => {
    const source = join(dir, 'sources', name);
    const text = Array.from(
      { length: 8 },
      (_, n) => [`public/${n}.txt`, `${name} ${n}\n`.repeat(500 * n + 1)] as const,
    );
    const files: Readonly<Record<string, string>> = {
      ...Object.fromEntries(text),
      'bin/serve': '#!/bin/sh\nexec sleep 1000000\n',
      'bin/hook': `#!/bin/sh\necho "$CAPSTAN_HOOK $CAPSTAN_ATTEMPT" >> ../../${hookLog}\n`,
      'app.conf.tpl': `greeting = \${GREETING}\n${lastLine}`,
      ...(spec[name].length === 0 ? {} : { 'capstan.yml': `${head}${spec[name].join('\n')}\n` }),
    };
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(source, path)), { recursive: true });
      await writeFile(join(source, path), content);
      if (path.startsWith('bin/')) await chmod(join(source, path), 0o755);
    }
    return publish(source, store, name);
  };
  return {
    store: store.url,
    plain: await release('plain'),
    full: await release('full'),
    broken: await release('broken'),
    files: await release('files'),
  };
}
