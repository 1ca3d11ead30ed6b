import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { AgentServiceDefinition } from '../../shared/wire/gen/capstan/v1/AgentService.js';
import type { AppStatus } from '../../shared/wire/gen/capstan/v1/AppStatus.js';
import type { PollResponse__Output } from '../../shared/wire/gen/capstan/v1/PollResponse.js';
import { monotonicMs } from './messages.js';

/** Longer than any hold. */
const pollDeadlineMs = 90_000;
const reportDeadlineMs = 60_000;
const retryMs = 500;

export interface Arrival {
  readonly at: number;
  readonly bytes: number;
  readonly response: PollResponse__Output;
}

/**
 * An agent without a disk: one connection of its own, one held poll, honest reports. What it is told to run it
 * says it runs, at once, and only when asked by `next`.
 */
export class LightAgent {
  readonly #client: Client;
  readonly #service: AgentServiceDefinition;
  readonly #metadata = new Metadata();
  readonly #name: string;
  readonly #onArrival: (arrival: Arrival) => void;
  #revision = 0;
  #sequence = 0;
  #apps: readonly AppStatus[] = [];

  constructor(
    service: AgentServiceDefinition,
    address: string,
    name: string,
    onArrival: (arrival: Arrival) => void,
  ) {
    // Each agent of a real fleet has a connection of its own: no sharing through grpc-js's global pool.
    this.#client = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
    this.#service = service;
    this.#name = name;
    this.#onArrival = onArrival;
    this.#metadata.set('capstan-node', name);
    this.#metadata.set('capstan-labels', 'bench=fanout');
  }

  /** Polls, then reports on the same connection: once the report is answered, the server holds the poll. */
  async next(): Promise<void> {
    this.#poll();
    await this.#report();
  }

  #poll(): void {
    const { path, requestSerialize, responseDeserialize } = this.#service.Poll;
    let bytes = 0;
    this.#client.makeUnaryRequest(
      path,
      requestSerialize,
      (wire: Buffer) => {
        bytes = wire.length;
        return responseDeserialize(wire);
      },
      {
        revisionSeen: this.#revision,
        instance: this.#name,
        session: this.#name,
        reportSequence: this.#sequence,
      },
      this.#metadata,
      { deadline: Date.now() + pollDeadlineMs },
      (error: ServiceError | null, response?: PollResponse__Output) => {
        if (error !== null) console.error(`${this.#name}: poll: ${error.message}`);
        this.#heard(response, bytes);
      },
    );
  }

  #heard(response: PollResponse__Output | undefined, bytes: number): void {
    const desired = response?.desired ?? undefined;
    if (response === undefined || desired === undefined || Number(desired.revision) <= this.#revision) {
      setTimeout(() => this.#poll(), response?.retryAfterMs ?? retryMs);
      return;
    }
    this.#revision = Number(desired.revision);
    this.#apps = desired.assignments.map(({ app, generation, release }) => {
      const current = { version: release?.version ?? '', digest: release?.digest ?? '' };
      const staged = [current.digest];
      return {
        app,
        generation,
        phase: 'NODE_PHASE_HEALTHY',
        health: 'HEALTH_HEALTHY',
        ready: true,
        current,
        staged,
      };
    });
    this.#onArrival({ at: monotonicMs(), bytes, response });
  }

  async #report(): Promise<void> {
    const { path, requestSerialize, responseDeserialize } = this.#service.Report;
    this.#sequence += 1;
    const status = { apps: [...this.#apps], agentVersion: 'bench', allowUnsigned: true };
    const request = { session: this.#name, sequence: this.#sequence, status };
    await new Promise<void>((resolve, reject) => {
      this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        this.#metadata,
        { deadline: Date.now() + reportDeadlineMs },
        (error: ServiceError | null) => {
          if (error === null) resolve();
          else reject(new Error(`${this.#name}: report: ${error.message}`));
        },
      );
    });
  }
}
