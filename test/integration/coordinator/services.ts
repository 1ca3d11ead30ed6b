import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { defaultLivenessLimits, type LivenessLimits } from '../../../coordinator/core/liveness.js';
import { openStateStore } from '../../../coordinator/io/db/open.js';
import { createAgentService } from '../../../coordinator/io/grpc/agent-service.js';
import { loopbackCredentials } from '../../../coordinator/io/grpc/credentials.js';
import { identifyByClaims } from '../../../coordinator/io/grpc/identity.js';
import { createOperatorService } from '../../../coordinator/io/grpc/operator/service.js';
import { PollHub } from '../../../coordinator/io/grpc/poll-hub.js';
import { type Service, startGrpcServer } from '../../../coordinator/io/grpc/server.js';
import { Orchestrator } from '../../../coordinator/orchestrator.js';
import type { Inventory } from '../../../coordinator/ports/inventory.js';
import type { StateStore } from '../../../coordinator/ports/state-store.js';
import { systemClock } from '../../../shared/io/clock.js';
import { systemRandom } from '../../../shared/io/random.js';
import type { Digest, ReleaseVersion } from '../../../shared/model/ids.js';
import type { DatabaseFact, ReleaseRef } from '../../../shared/model/release.js';
import type { Clock } from '../../../shared/ports/clock.js';
import {
  connectOperator,
  type EventView,
  type OperatorClient,
  type RolloutView,
} from '../../../shared/wire/operator-client.js';
import { releaseRefToWire } from '../../../shared/wire/release-ref.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { noPeers } from '../../support/no-peers.js';
import { tempDir } from '../../support/temp-dir.js';
import { FakeAgent, type FakeAgentOptions } from './fake-agent.js';

export interface ServicesOptions {
  readonly clock?: Clock;
  readonly limits?: Partial<LivenessLimits>;
  /** Of the whole fleet while it fetches, in bytes a second; 0: no limit. */
  readonly poisonAfter?: number;
  readonly bandwidth?: number;
  readonly checkStored?: (release: ReleaseRef) => Promise<void>;
  /** Stands between the orchestrator and the database. */
  readonly wrapStore?: (store: StateStore) => StateStore;
}

interface Running {
  readonly orchestrator: Orchestrator;
  readonly hub: PollHub;
  readonly agentPort: number;
  readonly operatorPort: number;
  readonly listeners: ReadonlySet<unknown>;
  /** Ends the streams, as a drain does. */
  readonly draining: AbortController;
  stop(): Promise<void>;
}

const noJob = (): Promise<void> => Promise.reject(new Error('there is no store here'));

/** The coordinator's parts wired as the program does it, in this process: a real database, real sockets. */
export class Services {
  readonly client: OperatorClient;
  readonly #options: ServicesOptions;
  readonly #dir: string;
  #running: Running;

  static async start(options: ServicesOptions = {}): Promise<Services> {
    const dir = await tempDir();
    const services = new Services(options, dir, await run(dir, options, { agentPort: 0, operatorPort: 0 }));
    cleanUp(() => services.stop());
    return services;
  }

  private constructor(options: ServicesOptions, dir: string, running: Running) {
    this.#options = options;
    this.#dir = dir;
    this.#running = running;
    this.client = connectOperator({ address: `127.0.0.1:${running.operatorPort}`, actor: 'tester' });
    cleanUp(() => {
      this.client.close();
    });
  }

  get running(): Running {
    return this.#running;
  }

  /** How many watch for commits. */
  get listeners(): number {
    return this.#running.listeners.size;
  }

  stop(): Promise<void> {
    return this.#running.stop();
  }

  /** On the same ports and the same database. */
  async restart(): Promise<void> {
    await this.stop();
    this.#running = await run(this.#dir, this.#options, this.#running);
  }

  apply(text: string, dryRun = false): ReturnType<typeof applied> {
    return applied(this.client, text, dryRun);
  }

  async register(version: string, content = version, database?: DatabaseFact): Promise<void> {
    const release = { ...releaseWith(version, content), database: database ?? null };
    await this.client.call('RegisterRelease', { app: 'web', release });
  }

  agent(name: string, options: Partial<Omit<FakeAgentOptions, 'name' | 'address'>> = {}): FakeAgent {
    const labels = { env: 'production' };
    return new FakeAgent({ labels, ...options, name, address: `127.0.0.1:${this.#running.agentPort}` });
  }

  /** Waits until each holds a poll and has reported. */
  async connected(...agents: readonly FakeAgent[]): Promise<void> {
    const what = `${agents.map(({ name }) => name).join(', ')} to be connected`;
    await eventually(
      async () => {
        const { nodes } = await this.client.call('ListNodes', {});
        const here = nodes.filter(
          ({ liveness, agentVersion }) => liveness === 'connected' && agentVersion !== '',
        );
        return agents.every((agent) => here.some(({ name }) => name === agent.name));
      },
      { what },
    );
  }

  /** @returns the id of the rollout, '' if there was nothing to do */
  async deploy(version: string, env = 'production'): Promise<string> {
    const { rollout } = await this.client.call('Deploy', { app: 'web', env, version });
    return rollout?.id ?? '';
  }

  /** Watches a rollout to its end. */
  async ended(id: string): Promise<RolloutView> {
    let last: RolloutView | undefined;
    for await (const view of this.client.stream('WatchRollout', { id }, { deadlineMs: 10_000 })) last = view;
    if (last === undefined) throw new Error(`nothing was said of ${id}`);
    return last;
  }

  /** A version that is proven in production: registered, deployed, done. */
  async prove(version: string): Promise<void> {
    await this.register(version);
    const { status, reason } = await this.ended(await this.deploy(version));
    if (status !== 'succeeded') throw new Error(`${version} ${status}: ${reason}`);
  }

  /** Watches a rollout until it has this status. */
  async until(id: string, status: string): Promise<RolloutView> {
    for await (const view of this.client.stream('WatchRollout', { id }, { deadlineMs: 10_000 })) {
      if (view.status === status) return view;
    }
    throw new Error(`${id} ended and never was ${status}`);
  }

  async events(): Promise<readonly EventView[]> {
    const events: EventView[] = [];
    for await (const event of this.client.stream('ListEvents', {}, { deadlineMs: 10_000 })) {
      events.push(event);
    }
    return events;
  }
}

const applied = (client: OperatorClient, text: string, dryRun: boolean) =>
  client.call('Apply', { files: [{ name: 'web.yml', text }], dryRun });

async function run(
  dir: string,
  options: ServicesOptions,
  ports: { readonly agentPort: number; readonly operatorPort: number },
): Promise<Running> {
  const { clock = systemClock, limits, wrapStore } = options;
  const database = await openStateStore(`sqlite:${join(dir, 'capstan.db')}`);
  const stores = (): readonly string[] => ['http://127.0.0.1:9/store/v1'];
  const orchestrator = await Orchestrator.open({
    store: wrapStore === undefined ? database : wrapStore(database),
    limits: { ...defaultLivenessLimits, ...limits },
    bandwidth: options.bandwidth ?? 0,
    poisonAfter: options.poisonAfter ?? 0,
    configRevision: (config) => digestOf(JSON.stringify(Object.entries(config).sort())).slice(-8),
    ...{ clock, random: systemRandom, logger: quiet, stores },
  });
  const hub = new PollHub({ fleet: orchestrator, clock: systemClock, random: systemRandom });
  orchestrator.start(hub);
  const draining = new AbortController();
  const listeners = new Set<unknown>();
  const inventory: Inventory = {
    ...orchestrator.inventory,
    onChange: (listener) => {
      const stop = orchestrator.inventory.onChange(listener);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        stop();
      };
    },
  };
  const listen = (port: number, service: Service) =>
    startGrpcServer({
      ...{ host: '127.0.0.1', port, services: [service] },
      credentials: loopbackCredentials('127.0.0.1'),
    });
  const operators = await listen(
    ports.operatorPort,
    createOperatorService({
      outbox: orchestrator.outbox,
      ...{ operations: orchestrator.operations, inventory, polls: hub, peers: noPeers },
      ...{ identify: identifyByClaims, clock, stores, signal: draining.signal },
      upload: () => ({ url: '', ticket: '' }),
      jobs: {
        claim: () => Promise.resolve(),
        settle: () => undefined,
        isLost: () => Promise.resolve(false),
        checkStored: options.checkStored ?? (() => Promise.resolve()),
        collectGarbage: noJob,
        verify: noJob,
      },
    }),
  );
  const agents = await listen(
    ports.agentPort,
    createAgentService({ fleet: orchestrator, hub, peers: noPeers, identify: identifyByClaims }),
  );
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    draining.abort();
    hub.drain(0);
    await agents.stop(0);
    hub.close();
    await operators.stop(0);
    await orchestrator.close();
    await database.close();
  };
  return {
    ...{ orchestrator, hub, draining, listeners, agentPort: agents.port, operatorPort: operators.port },
    stop: () => (stopped ??= stop()),
  };
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

export const digestOf = (content: string): Digest =>
  `sha256:${createHash('sha256').update(content).digest('hex')}` as Digest;

/** As `capstan publish` would register it; the same content has the same digest. */
export function releaseWith(version: string, content: string): ReturnType<typeof releaseRefToWire> {
  const digest = digestOf(content);
  const sizes = { manifestSize: 100, contentSize: 1000, fileCount: 3, packSize: 500, deltas: [] };
  return releaseRefToWire({
    ...{ version: version as ReleaseVersion, digest, ...sizes },
    layout: { digest, size: 50 },
  });
}

/** An application `web` whose environments settle at once; `strategy` adds to that of each. */
export const specOf = (environments: Readonly<Record<string, string>>, strategy = ''): string =>
  `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
${Object.entries(environments)
  .map(
    ([name, selector]) => `    - name: ${name}
      selector: ${JSON.stringify(selector)}
      strategy:
        type: rolling
        maxUnavailable: 1
        health: { minHealthyTime: 0s, deadline: 1m }
${strategy.replaceAll(/^/gm, '        ')}
`,
  )
  .join('')}`;

export const production = specOf({ production: 'env=production' });
