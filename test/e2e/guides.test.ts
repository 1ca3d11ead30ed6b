import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { packageRoot } from '../../shared/io/package-root.js';
import { cleanUp } from '../support/cleanup.js';
import { freePorts } from '../support/free-ports.js';
import { cleanEnvironment } from '../support/processes.js';
import { tempDir } from '../support/temp-dir.js';

interface Section {
  readonly title: string;
  /** Those that a reader types, and those that run in terminals of their own. */
  readonly blocks: readonly { readonly isDaemon: boolean; readonly text: string }[];
}

async function sectionsOf(guide: string): Promise<readonly Section[]> {
  const text = await readFile(join(packageRoot(), 'docs', guide), 'utf8');
  return text.split(/^## /m).map((section) => ({
    title: section.split('\n', 1)[0] ?? '',
    blocks: [...section.matchAll(/^```sh(| daemon)\n(.*?)^```$/gms)].map(([, kind, block = '']) => ({
      isDaemon: kind === ' daemon',
      text: block,
    })),
  }));
}

/** All that is typed, as one script: what a terminal of its own is for goes on beside it, and is waited for as a reader does. */
function scriptOf(sections: readonly Section[]): string {
  const isLast = ({ title }: Section): boolean => title === 'Clean up';
  const lines = [...sections.filter((section) => !isLast(section)), ...sections.filter(isLast)].flatMap(
    (section) => [
      ...(isLast(section) ? ['kill $(jobs -p); wait'] : []),
      ...section.blocks.map((block) => (block.isDaemon ? besides(block.text) : block.text)),
    ],
  );
  return ['set -e', ...lines].join('\n');
}

function besides(command: string): string {
  const ready = command.startsWith('capstan-agent') ? 'coordinator.connected' : 'listening';
  return [
    'log=$(mktemp --tmpdir="$HOME")',
    `exec 3>"$log"; ${command.trimEnd()} >&3 2>&3 &`,
    `until grep -q '"event":"${ready}"' "$log"; do kill -0 $!; sleep 0.1; done`,
  ].join('\n');
}

/** Follows guides with a home and ports of its own. */
class Reader {
  readonly #ports = new Map<string, number>();
  #free: readonly number[] = [];
  readonly home: string;

  private constructor(home: string) {
    this.home = home;
  }

  static async at(home: string): Promise<Reader> {
    const reader = new Reader(home);
    reader.#free = await freePorts(12);
    return reader;
  }

  portFor(written: string): number {
    const port = this.#ports.get(written) ?? this.#free[this.#ports.size];
    if (port === undefined) throw new Error('the guides have more ports than were thought of');
    this.#ports.set(written, port);
    return port;
  }

  async follow(sections: readonly Section[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const script = scriptOf(sections)
      .replaceAll(/(?<=127\.0\.0\.1:|PORT=|PORT: )\d{4}\b/g, (written) => String(this.portFor(written)))
      .replaceAll('/tmp/first', `${this.home}/first`);
    // In a file: `pkill -f` of a guide would else find what it is to look for in the shell's own command line.
    const file = join(this.home, 'guide.sh');
    await writeFile(file, script);
    const bash = spawn('bash', [file], {
      cwd: packageRoot(),
      env: { ...cleanEnvironment(), HOME: this.home, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [said, complained] = await Promise.all([text(bash.stdout), text(bash.stderr), once(bash, 'exit')]);
    expect(bash.exitCode, `${complained}\n${said}`).to.equal(0);
    return said;
  }
}

/** What a web server does with the files below the link. */
async function serve(folder: string, port: number): Promise<void> {
  const server = createServer((request, response) => {
    const file = join(folder, request.url === '/' ? 'index.html' : (request.url ?? ''));
    readFile(file).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(() => void server.close());
}

describe('the guides, word for word', function () {
  this.timeout(120_000);

  it('take a reader to a first rollout', async () => {
    const reader = await Reader.at(await tempDir());
    // The port that commands go to where nothing is said is another one here.
    const env = { CAPSTAN_COORDINATOR: `127.0.0.1:${reader.portFor('7601')}` };
    const said = await reader.follow(await sectionsOf('getting-started.md'), env);
    expect(said).to.contain('hello from 1.0.0\nhello from 1.0.0\n');
    expect(existsSync(join(reader.home, 'first'))).to.equal(false);
  });

  it('take a reader to a signed release with TLS on one machine, and to a static site', async () => {
    const reader = await Reader.at(await tempDir());
    const site = join(reader.home, 'capstan-try/srv/site/current/public');
    await serve(site, reader.portFor('8090'));
    const sections = [...(await sectionsOf('one-machine.md')), ...(await sectionsOf('static-site.md'))];
    const said = await reader.follow(sections);
    expect(said).to.contain('hello from 1.0.0\n');
    expect(said).to.contain('1 node would refuse it (web-a), since nobody has signed it');
    expect(said.match(/Our shop, version \d/g)).to.deep.equal(
      [1, 2, 1].map((at) => `Our shop, version ${at}`),
    );
    expect(existsSync(join(reader.home, 'capstan-try'))).to.equal(false);
  });
});
