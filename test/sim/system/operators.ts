import type { RolloutHeader } from '../../../coordinator/core/rollout/types/rollout.js';
import type { ControlCommand, Operations } from '../../../coordinator/ports/operations.js';
import type { ApplicationSpec, EnvironmentSpec } from '../../../shared/model/application.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { NodeName, RolloutId } from '../../../shared/model/ids.js';
import type { LockKind } from '../../../shared/model/lock.js';
import type { CoordinatorService } from './coordinator.js';
import type { Environments } from './environments.js';
import type { Commit, MemoryStore } from './memory-store.js';
import type { Network } from './network.js';
import type { SimNode } from './node.js';
import type { Process } from './process.js';
import { app, checkName, digestOf, env, numberOf, type ReleaseTraits, refOf, versionOf } from './releases.js';

type CallIdentity = Parameters<Operations['deploy']>[0];

export interface OperatorsOptions {
  readonly process: Process;
  readonly network: Network<CoordinatorService>;
  readonly store: MemoryStore;
  readonly releases: readonly ReleaseTraits[];
  readonly environments: Environments;
  readonly trace: (line: string) => void;
  readonly fault: (what: string) => void;
}

/** A client gives a call up after this, and sends it again with the same key. */
const deadlineMs = 5000;
const maxTries = 12;

/** People and scripts at a distance: each of their calls is sent until it is answered, always under the same key. */
export class Operators {
  /** Calls that wait for their answer. */
  waiting = 0;
  /** Somebody waits for the next rollout that goes back, and aborts it. */
  abortsRollback = false;
  readonly #options: OperatorsOptions;
  #calls = 0;

  constructor(options: OperatorsOptions) {
    this.#options = options;
  }

  /** Of the rollout under way, as far as it is committed; that of production, if there are two. */
  get active(): RolloutHeader | undefined {
    const { rollouts } = this.#options.store.tables;
    const headers = [...rollouts.values()].flatMap(({ endedAt, header }) =>
      endedAt === undefined ? [header] : [],
    );
    return headers.find((header) => header.env === env) ?? headers[0];
  }

  /** The release of the newest rollout of production, or of one some rollouts before. */
  asked(before: number): number | undefined {
    return this.#brought.at(-1 - before);
  }

  /** What was brought to production last before the release that was brought there last. */
  get askedBefore(): number | undefined {
    const brought = this.#brought;
    return brought.findLast((number) => number !== brought.at(-1));
  }

  /** Release by release as production's rollouts brought them. */
  get #brought(): readonly number[] {
    const { rollouts } = this.#options.store.tables;
    const headers = [...rollouts.values()].map(({ header }) => header).filter((header) => header.env === env);
    return headers.map(({ to }) => numberOf(to.release.digest));
  }

  register(number: number): void {
    const traits = this.#options.releases[number - 1];
    if (traits === undefined) return;
    this.#ask(`register ${number}`, (operations, call) =>
      operations.register(call, app, refOf(number, traits)),
    );
  }

  apply(at: number): void {
    const { forms } = this.#options.environments;
    const form = forms[at % forms.length];
    if (form !== undefined) this.#apply(`apply ${at % forms.length}`, form);
  }

  /** Production has no windows any more. */
  open(): void {
    this.#apply('apply 0 without windows', this.#options.environments.open);
  }

  approveBuild(number: number, by: string): void {
    const version = versionOf(number);
    this.#ask(`${by}: approve ${number}`, (operations, call) =>
      operations.approve({ ...call, by }, { app, env, version, reason: call.key }),
    );
  }

  promote(number: number): void {
    const version = versionOf(number);
    this.#ask(`promote ${number}`, (operations, call) =>
      operations.promote(call, { app, env, version, reason: call.key }),
    );
  }

  forgive(number: number): void {
    this.#ask(`forgive ${number}`, (operations, call) =>
      operations.forgive(call, digestOf(number), call.key),
    );
  }

  check(number: number, passed: boolean): void {
    const version = versionOf(number);
    this.#ask(`check ${number} ${String(passed)}`, (operations, call) =>
      operations.recordCheck(call, { app, version, name: checkName, passed, reason: call.key }),
    );
  }

  deploy(number: number): void {
    this.#ask(`deploy ${number}`, (operations, call) => operations.deploy(call, this.#command(number, call)));
  }

  stage(number: number): void {
    this.#ask(`stage ${number}`, (operations, call) => operations.stage(call, this.#command(number, call)));
  }

  restart(): void {
    this.#ask('restart', (operations, call) => operations.restart(call, { app, env, reason: call.key }));
  }

  rollback(): void {
    this.#ask('rollback', (operations, call) =>
      operations.rollback(call, { app, env, reason: call.key, version: undefined }),
    );
  }

  control(action: ControlCommand['action'], nodes: readonly NodeName[] = []): void {
    const rollout = this.active?.id;
    if (rollout !== undefined) this.#control(rollout, action, nodes);
  }

  /** What is committed can be seen. */
  see({ changes }: Commit): void {
    const back = changes.rollouts?.find(({ header }) => header.status === 'rollingBack');
    if (back === undefined || !this.abortsRollback) return;
    this.abortsRollback = false;
    this.#control(back.header.id, 'abort');
  }

  /** Somebody else keeps ann out, or everybody. */
  lock(kind: LockKind, forMs: number | undefined): void {
    const { clock } = this.#options.process;
    const until = forMs === undefined ? undefined : clock.now() + forMs;
    this.#ask(`bob: ${kind}`, (operations, call) =>
      operations.lock({ ...call, by: 'bob' }, { kind, app, env, reason: call.key, until }),
    );
  }

  unlock(kind: LockKind): void {
    this.#ask(`un${kind}`, (operations, call) =>
      operations.unlock(call, { kind, app, env, reason: call.key, force: true }),
    );
  }

  decommission(node: SimNode): void {
    node.decommissioned = true;
    this.#ask(`decommission ${node.name}`, (operations, call) =>
      operations.decommission(call, node.name, call.key),
    );
  }

  #control(rollout: RolloutId, action: ControlCommand['action'], nodes: readonly NodeName[] = []): void {
    const { store, fault } = this.#options;
    this.#ask(`${action} ${nodes.join()}`, async (operations, call) => {
      await operations.control(call, { rollout, action, nodes, reason: call.key });
      if (action === 'abort' && store.tables.rollouts.get(rollout)?.endedAt === undefined)
        fault(`${rollout} goes on though it was aborted`);
    });
  }

  #apply(what: string, environment: EnvironmentSpec): void {
    const { before } = this.#options.environments;
    const spec: ApplicationSpec = { name: app, environments: [...before, environment] };
    this.#ask(what, (operations, call) =>
      operations.apply(call, [{ spec, text: '' }], { dryRun: false, remove: [] }),
    );
  }

  #command(number: number, { key }: CallIdentity): Parameters<Operations['deploy']>[1] {
    return { app, env, version: versionOf(number), reason: key, allowEmpty: true, isLost: false };
  }

  #ask(what: string, run: (operations: Operations, call: CallIdentity) => Promise<unknown>): void {
    this.#calls += 1;
    const call = { key: `call-${this.#calls}`, method: what, request: what, by: 'ann' };
    this.#options.trace(`ann: ${what}`);
    this.waiting += 1;
    this.#send(run, call)
      .then((answer) => {
        this.#options.trace(`ann: ${what}: ${answer.slice(0, 160)}`);
      })
      .catch((error: unknown) => {
        this.#options.fault(`${what} was answered with ${String(error)}`);
      })
      .finally(() => {
        this.waiting -= 1;
      });
  }

  async #send(
    run: (operations: Operations, call: CallIdentity) => Promise<unknown>,
    call: CallIdentity,
  ): Promise<string> {
    const { network, process } = this.#options;
    const { signal } = new AbortController();
    for (let tries = 0; tries < maxTries; tries++) {
      try {
        const answer = await network.call<unknown>(
          'ann',
          process,
          { deadlineMs, signal },
          ({ orchestrator }, reply) => {
            run(orchestrator.operations, call).then(reply, (error: unknown) => {
              reply(CapstanError.from(error));
            });
            return undefined;
          },
        );
        return typeof answer === 'object' ? JSON.stringify(answer) : 'done';
      } catch (thrown) {
        const error = CapstanError.from(thrown);
        if (error.code === 'internal') throw error;
        if (!['unreachable', 'unavailable', 'failed'].includes(error.code)) return error.message;
        await process.wait(process.dice.between(200, 2000));
      }
    }
    return 'given up';
  }
}
