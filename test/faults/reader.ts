import { readFileSync, readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';
import type { ReleaseRecord } from '../../agent/stager/protocol.js';
import { compareTree } from '../../agent/stager/verify.js';
import { madeOnNode, type ReleaseSpec } from '../../shared/model/release-spec.js';
import { type Manifest, parseManifest } from '../../shared/release/manifest.js';
import { lastLine, type Seen } from './plan.js';

interface Expected {
  readonly manifest: Manifest;
  readonly spec: ReleaseSpec;
}

/**
 * Resolves `current` and compares all of it with its manifest, as fast as it can, until told to stop. Its lines of input
 * say whether there must be something just now (`must`, `may`).
 */
class Reader {
  readonly #home: string;
  readonly #records: string;
  readonly #known = new Map<string, Expected>();
  readonly seen: Seen = { looks: 0, absent: 0, releases: [], torn: [] };
  must = false;

  constructor(home: string, records: string) {
    this.#home = home;
    this.#records = records;
  }

  look(): void {
    const dir = this.#current();
    this.seen.looks += 1;
    if (dir === undefined) {
      this.seen.absent += 1;
      if (this.must) this.#torn('current is not there');
      return;
    }
    if (!this.seen.releases.includes(dir)) this.seen.releases.push(dir);
    const fault = this.#faultOf(dir);
    // What was replaced meanwhile may have been collected meanwhile.
    if (fault !== undefined && this.#current() === dir) this.#torn(`${dir}: ${fault}`);
  }

  #faultOf(dir: string): string | undefined {
    try {
      const { manifest, spec } = this.#expected(dir);
      const root = join(this.#home, 'releases', dir);
      const [difference] = compareTree(root, manifest, madeOnNode(spec));
      if (difference !== undefined) return difference.message;
      for (const { to } of spec.templates ?? []) {
        if (!readFileSync(join(root, to), 'utf8').endsWith(lastLine)) return `${to} is half there`;
      }
      return undefined;
    } catch (error) {
      return String(error);
    }
  }

  #expected(dir: string): Expected {
    const known = this.#known.get(dir);
    if (known !== undefined) return known;
    const file = join(this.#records, dir);
    const manifest = parseManifest(gunzipSync(readFileSync(`${file}.manifest.gz`)));
    const { spec } = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as ReleaseRecord;
    const expected = { manifest, spec };
    this.#known.set(dir, expected);
    return expected;
  }

  #current(): string | undefined {
    try {
      return basename(readlinkSync(join(this.#home, 'current')));
    } catch {
      return undefined;
    }
  }

  #torn(what: string): void {
    if (this.seen.torn.length < 20) this.seen.torn.push(what);
  }
}

const [, , home = '', records = ''] = process.argv;
const reader = new Reader(home, records);
// The agent, not the reader, is what is tested on a machine with few processors.
setPriority(15);
let stopped = false;
createInterface({ input: process.stdin })
  .on('line', (line) => {
    reader.must = line === 'must';
    process.stdout.write('\n');
  })
  .on('close', () => {
    stopped = true;
  });
const loop = (): void => {
  reader.look();
  if (!stopped) setImmediate(loop);
  else process.stdout.write(`${JSON.stringify(reader.seen)}\n`);
};
loop();
