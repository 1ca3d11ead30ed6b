import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Two releases that every benchmark goes to and fro between. */
export const versions = ['1.0.0', '2.0.0'] as const;
export type Version = (typeof versions)[number];

/** Files in a folder of the tree. */
const perFolder = 500;

/** A tree of `count` files of 1 to 16 KiB, no two of them alike, one of which tells the version. */
export async function writeStaticTree(dir: string, count: number, version: Version): Promise<void> {
  for (let from = 0; from < count - 1; from += perFolder) {
    const folder = join(dir, `folder-${from / perFolder}`);
    await mkdir(folder, { recursive: true });
    const numbers = Array.from({ length: Math.min(perFolder, count - 1 - from) }, (_, at) => from + at);
    await Promise.all(
      numbers.map((number) =>
        writeFile(join(folder, `file-${number}`), `${number} `.repeat((1 + (number % 16)) * 150)),
      ),
    );
  }
  await writeFile(join(dir, 'version.txt'), version);
}

/** Answers its version, and ends at once when it is told to. */
const server = (version: Version, port: number): string => `const { createServer } = require('node:http');
createServer((request, response) => response.end('${version}')).listen(${port}, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;

const specs = {
  process: 'process: { command: [node, server.js], grace: 5s }',
  systemd: 'systemd: { unit: delivery.service, file: delivery.service }',
};

/** A unit that runs the server of the release that is current in `dir`, as often as it is started. */
export const unitFile = (dir: string): string => `[Unit]
StartLimitIntervalSec=0

[Service]
ExecStart=/usr/local/bin/node ${dir}/current/server.js
`;

export interface ServiceRelease {
  readonly version: Version;
  readonly port: number;
  /** undefined: nobody but the person who restarts it knows how. */
  readonly kind: keyof typeof specs | undefined;
  /** Where the application lies on the node. */
  readonly root?: string;
}

export async function writeService(dir: string, release: ServiceRelease): Promise<void> {
  const { version, port, kind, root = '' } = release;
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'server.js'), server(version, port));
  if (kind === undefined) return;
  if (kind === 'systemd') await writeFile(join(dir, 'delivery.service'), unitFile(root));
  const probe = `{ http: { url: 'http://127.0.0.1:${port}/' }, every: 100ms, rise: 1 }`;
  await writeFile(
    join(dir, 'capstan.yml'),
    `apiVersion: capstan/v1\nkind: Release\nservice: { ${specs[kind]} }\nhealth:\n  - ${probe}\n`,
  );
}
