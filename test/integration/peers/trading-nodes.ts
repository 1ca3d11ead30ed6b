import { createPublicKey, generateKeyPairSync, randomFillSync, X509Certificate } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ownIdentity } from '../../../agent/io/identity/own-identity.js';
import { openPackTrading, type PackTrading } from '../../../agent/io/peers/pack-trading.js';
import { createStager } from '../../../agent/io/stager-client.js';
import { writeIdentity } from '../../../agent/stager/identity/identity-file.js';
import type { StageResult } from '../../../agent/stager/protocol.js';
import type { Authority } from '../../../coordinator/io/ca/authority.js';
import { PeerDirectory } from '../../../coordinator/orchestrator/peers/peer-directory.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { systemClock } from '../../../shared/io/clock.js';
import { systemRandom } from '../../../shared/io/random.js';
import type { NodeName } from '../../../shared/model/ids.js';
import type { PeersAnswer, PeersQuestion } from '../../../shared/model/peers.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import type { Logger } from '../../../shared/ports/logger.js';
import { isHex } from '../../../shared/release/digest.js';
import type { Pack } from '../../../shared/release/layout.js';
import { cleanUp } from '../../support/cleanup.js';
import { publish, stageJob } from '../../support/releases.js';
import { tempDir } from '../../support/temp-dir.js';

export const megabyte = 1_000_000;

/** Bytes that do not get smaller when packed. */
function noise(bytes: number): Buffer {
  return randomFillSync(Buffer.alloc(bytes));
}

/** A release of files that are all new. */
async function publishNoise(dir: string, megabytes: number): Promise<ReleaseRef> {
  const source = join(dir, `source-${megabytes}`);
  await mkdir(source, { recursive: true });
  for (let at = 0; at < megabytes; at += 1) await writeFile(join(source, `file-${at}`), noise(megabyte));
  return publish(source, directoryStore(join(dir, 'store')));
}

export interface Origin {
  readonly url: string;
  /** Bytes of packs it has sent. */
  packBytes: number;
  /** What is answered with 503. */
  isAway: (path: string) => boolean;
}

/** A static server over a directory store that counts what it sends. */
async function startOrigin(store: string): Promise<Origin> {
  const server = createServer((request, response) => {
    if (origin.isAway(request.url ?? '')) {
      response.writeHead(503).end();
      return;
    }
    void send(store, request, response, (bytes) => {
      if (request.url?.startsWith('/packs/') === true) origin.packBytes += bytes;
    });
  });
  const origin: Origin = { url: await listen(server), packBytes: 0, isAway: () => false };
  return origin;
}

async function send(
  store: string,
  request: IncomingMessage,
  response: ServerResponse,
  count: (bytes: number) => void,
): Promise<void> {
  const path = join(store, request.url ?? '');
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    response.writeHead(404).end();
    return;
  }
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const [start, end] = [Number(first ?? 0), Number(last ?? found.size - 1)];
  response.writeHead(first === undefined ? 200 : 206, {
    'content-length': end - start + 1,
    ...(first === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${found.size}` }),
  });
  createReadStream(path, { start, end })
    .on('data', (chunk) => {
      count(chunk.length);
    })
    .pipe(response);
}

/** @returns its base URL */
export async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const quiet: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Nodes that stage with real children and trade packs, and a directory of who has what. */
class TradingFleet {
  readonly dir: string;
  readonly directory: PeerDirectory;
  /** Nodes have certificates of it; undefined: they trade without TLS. */
  readonly authority: Authority | undefined;
  readonly accused: { readonly by: string; readonly nodes: readonly string[] }[] = [];

  constructor(dir: string, authority?: Authority) {
    this.dir = dir;
    this.authority = authority;
    this.directory = new PeerDirectory({
      ...{ clock: systemClock, random: systemRandom, logger: quiet, acrossZones: false },
      node: () => ({ connected: true, zone: 'a' }),
    });
  }

  async add(name: string, settings: Partial<NodeSettings> = {}): Promise<TradingNode> {
    const node = new TradingNode(this, name as NodeName, { ...defaultSettings, ...settings });
    await node.start();
    return node;
  }

  find(node: NodeName, question: PeersQuestion): PeersAnswer {
    if (question.corrupt.length > 0) this.accused.push({ by: node, nodes: question.corrupt });
    return this.directory.find(node, question);
  }
}

export interface NodeSettings {
  readonly slots: number;
  readonly bytesPerSecond: number;
  readonly fromBytes: number;
  readonly spoolBytes: number;
  /** Of its certificate. Milliseconds. */
  readonly lifeMs: number;
}

const defaultSettings: NodeSettings = {
  slots: 8,
  bytesPerSecond: 0,
  fromBytes: megabyte,
  spoolBytes: 1000 * megabyte,
  lifeMs: 3_600_000,
};

export class TradingNode {
  readonly name: NodeName;
  readonly #fleet: TradingFleet;
  readonly #settings: NodeSettings;
  #stop = new AbortController();
  #trading: PackTrading | undefined;

  constructor(fleet: TradingFleet, name: NodeName, settings: NodeSettings) {
    this.name = name;
    this.#fleet = fleet;
    this.#settings = settings;
  }

  get trading(): PackTrading {
    if (this.#trading === undefined) throw new Error('it is not there');
    return this.#trading;
  }

  get stateDir(): string {
    return join(this.#fleet.dir, this.name);
  }

  get spoolDir(): string {
    return join(this.stateDir, 'spool');
  }

  /** Gets a new certificate, as at its enrolment and at each renewal. */
  async certify(): Promise<void> {
    const { authority } = this.#fleet;
    if (authority === undefined) return;
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const purpose = { kind: 'node', node: this.name, identity: 'a'.repeat(32) } as const;
    const der = authority.issue(purpose, createPublicKey(privateKey), this.#settings.lifeMs);
    await mkdir(this.stateDir, { recursive: true });
    await writeIdentity(this.stateDir, {
      ...{ name: this.name, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
      ...{ certificate: new X509Certificate(der).toString(), ca: authority.certificate },
      ...{ coordinators: [], aheadMs: 0 },
    });
    const renewed = ownIdentity(this.stateDir);
    if (renewed !== undefined) this.#trading?.renew(renewed);
  }

  async start(): Promise<void> {
    this.#stop = new AbortController();
    const { slots, bytesPerSecond, fromBytes, spoolBytes } = this.#settings;
    await this.certify();
    const identity = ownIdentity(this.stateDir);
    const offer = (): void => {
      if (this.#trading !== undefined) this.#fleet.directory.offers(this.name, this.#trading.serving());
    };
    this.#trading = await openPackTrading({
      listen: { host: '127.0.0.1', port: 0 },
      advertise: undefined,
      identity,
      ...{ slots, bytesPerSecond, keepMs: 60_000 },
      sharing: {
        ...{ spoolDir: this.spoolDir, spoolBytes, fromBytes },
        stateDir: identity === undefined ? undefined : this.stateDir,
      },
      ...{ stager: createStager(), clock: systemClock, log: quiet, signal: this.#stop.signal },
      find: (question) => Promise.resolve(this.#fleet.find(this.name, question)),
      onChange: offer,
    });
    offer();
    cleanUp(() => this.stop());
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#trading?.close();
    this.#trading = undefined;
  }

  /** Stages into a folder of this node; `at` tells several apart. */
  async stage(release: ReleaseRef, stores: readonly string[], at = '1'): Promise<StageResult> {
    const root = join(this.stateDir, at);
    const trade = this.trading.begin();
    try {
      const job = { ...stageJob(root, release, stores), sharing: trade?.sharing };
      return await createStager().stage(job, { signal: this.#stop.signal, ...trade });
    } finally {
      trade?.end();
    }
  }

  /** Where the tree is afterwards. */
  tree(at = '1'): string {
    return join(this.stateDir, at, 'srv/web/releases/r1');
  }

  async loseSpool(): Promise<void> {
    await rm(this.spoolDir, { recursive: true });
  }
}

/** A fleet with a release in a store. */
export async function tradingFleet(megabytes: number, authority?: Authority) {
  const dir = await tempDir();
  const release = await publishNoise(dir, megabytes);
  const origin = await startOrigin(join(dir, 'store'));
  return { dir, release, origin, fleet: new TradingFleet(dir, authority) };
}

/** The one pack in a store. */
export async function packOf(dir: string): Promise<Pack> {
  const packs = join(dir, 'store/packs');
  const names = await readdir(packs, { recursive: true });
  const name = names.find((each) => isHex(each.slice(3))) ?? '';
  return { hex: name.slice(3), size: (await stat(join(packs, name))).size };
}
