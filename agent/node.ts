import { areOfTwoRestores, epochText } from '../shared/core/epoch.js';
import type { DesiredState } from '../shared/model/desired-state.js';
import { CapstanError } from '../shared/model/errors.js';
import type { AppName, Epoch, RestoreId } from '../shared/model/ids.js';
import { isAppName } from '../shared/model/ids.js';
import type { LogRequest } from '../shared/model/messages.js';
import type { AppStatus, HostFacts, NodeStatus, Pressure } from '../shared/model/node-status.js';
import type { Logger } from '../shared/ports/logger.js';
import type { AppLoop } from './app-loop.js';
import type { Answer } from './core/drain.js';
import type { Opinion } from './core/opinion.js';
import type { Wanted } from './core/reconcile.js';
import { shortages } from './core/shortage.js';

export interface NodeOptions {
  readonly makeLoop: (app: AppName) => AppLoop;
  /** The name of the directory that an assignment's release lives in. */
  readonly dirOf: (assignment: Wanted['assignment']) => string;
  readonly keepDesired: (desired: DesiredState) => Promise<void>;
  readonly log: Logger;
  readonly agentVersion: string;
  /** Whose releases the node's own configuration lets run. */
  readonly signing: () => Pick<NodeStatus, 'allowUnsigned' | 'trustedKeys'>;
  /** Applications that are up begin nothing before this is over; undefined: they need not wait. */
  readonly held?: (app: AppName) => Promise<void> | undefined;
  /** What is wrong with the node's own settings; '' if nothing is. */
  readonly complaint: () => string;
}

/** All applications of the node, each driven on its own. */
export class NodeAgent {
  readonly #options: NodeOptions;
  readonly #apps = new Map<AppName, AppLoop>();
  readonly #runs = new Set<Promise<void>>();
  #desired: DesiredState = { revision: 0, assignments: [], stores: [] };
  #facts: HostFacts | undefined;
  /** What a coordinator of an earlier epoch, or of another restore that began this one, said that was refused; '' while none does. */
  #rival = '';
  #signal: AbortSignal | undefined;

  constructor(options: NodeOptions) {
    this.#options = options;
  }

  /** Takes up what was there before: `apps` are those with a journal. */
  async open(apps: readonly AppName[], desired: DesiredState | undefined): Promise<void> {
    for (const app of apps) await this.#loop(app);
    if (desired !== undefined) await this.#want(desired);
  }

  /** Begins to work; resolves when all of it has ended after the signal. */
  async run(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    for (const loop of this.#apps.values()) this.#start(loop, signal);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
    await Promise.all(this.#runs);
  }

  /**
   * On disk first, then acted upon; if the disk refuses, acted upon all the same, for the coordinator has it.
   * @throws CapstanError `failed` if it is of an earlier epoch, or of another restore that began the same one: another coordinator is to be asked
   */
  async apply(told: DesiredState): Promise<void> {
    const { keepDesired, log } = this.#options;
    const { epoch = 0 } = told;
    if (epoch < this.epoch || this.#isOfAnotherRestore(told)) throw this.#refusedEpoch(epoch);
    this.#rival = '';
    if (epoch > this.epoch) log.info('epoch.accepted', { epoch, before: this.epoch });
    const desired = this.#withoutOlder(told);
    const { notUnderstood } = desired;
    if (notUnderstood !== undefined) log.warn('desired.notUnderstood', { apps: notUnderstood });
    // An agent that was upgraded meanwhile is to be told again.
    const kept = notUnderstood === undefined ? desired : { ...desired, revision: 0 };
    await keepDesired(kept).catch((error: unknown) => {
      log.error('desired.notKept', { revision: desired.revision, error });
    });
    await this.#want(desired);
  }

  /**
   * Without what is older than what is known: it was said before, by whomever it is said now. The revision stays, so that
   * whoever said it is not asked for it over and over.
   */
  #withoutOlder(told: DesiredState): DesiredState {
    const known = new Map(this.#desired.assignments.map((assignment) => [assignment.app, assignment]));
    const assignments = told.assignments.map((assignment) => {
      const before = known.get(assignment.app);
      if (before === undefined || assignment.generation >= before.generation) return assignment;
      this.#refuse(assignment);
      return before;
    });
    return { ...told, assignments, ...this.#restoreOf(told) };
  }

  /** Kept as well where a coordinator of an older version takes its turn, which names none. */
  #restoreOf({ epoch = 0, restoreId }: DesiredState): Pick<DesiredState, 'restoreId'> {
    const known = restoreId ?? (epoch === this.epoch ? this.#desired.restoreId : undefined);
    return known === undefined ? {} : { restoreId: known };
  }

  #isOfAnotherRestore({ epoch = 0, restoreId }: DesiredState): boolean {
    return epoch === this.epoch && areOfTwoRestores(restoreId, this.restoreId);
  }

  #refusedEpoch(epoch: Epoch): CapstanError {
    const heard = epoch === this.epoch ? 'another one of that epoch' : epochText(this.epoch);
    const rival = `what a coordinator of ${epochText(epoch)} wants is refused: this node has heard of ${heard}`;
    if (rival !== this.#rival) {
      this.#rival = rival;
      this.#options.log.warn('desired.refused', { epoch, accepted: this.epoch, why: rival });
    }
    return new CapstanError('failed', rival, {
      hint:
        epoch === this.epoch
          ? `Two restores began it: stop one, and restore the other from its own backup with --after ${epoch}.`
          : 'Stop that coordinator: another one was restored since.',
    });
  }

  #refuse({ app, generation }: Wanted['assignment']): void {
    this.#options.log.warn('desired.refused', { app, generation, why: 'a newer one was accepted before' });
  }

  get revision(): number {
    return this.#desired.revision;
  }

  /** The greatest of which a coordinator has told. */
  get epoch(): Epoch {
    return this.#desired.epoch ?? 0;
  }

  /** Which restore began that epoch; '': no coordinator told. */
  get restoreId(): RestoreId {
    return this.#desired.restoreId ?? '';
  }

  get stores(): readonly string[] {
    return this.#desired.stores;
  }

  setFacts(facts: HostFacts): void {
    this.#facts = facts;
  }

  setPressure(pressure: Pressure): void {
    if (this.#facts !== undefined) this.#facts = { ...this.#facts, pressure };
  }

  opinion(app: string): Opinion | undefined {
    return isAppName(app) ? this.#apps.get(app)?.opinion() : undefined;
  }

  stagingOpinion(app: string): Opinion | undefined {
    return isAppName(app) ? this.#apps.get(app)?.stagingOpinion() : undefined;
  }

  answered(app: string, answer: Answer): void {
    if (isAppName(app)) this.#apps.get(app)?.answered(answer);
  }

  /** Applications that are in the middle of a change. */
  changing(): readonly AppName[] {
    return [...this.#apps.values()].filter(({ changing }) => changing).map(({ app }) => app);
  }

  /** Applications whose journal could not be read. */
  unread(): readonly AppName[] {
    return [...this.#apps.values()].filter(({ opened }) => !opened).map(({ app }) => app);
  }

  status(): NodeStatus {
    const { agentVersion, signing, complaint } = this.#options;
    const short = this.#facts === undefined ? '' : shortages(this.#facts);
    const more = [complaint(), short, this.#rival];
    const apps = [...this.#apps.values()].map((loop) => {
      const status = loop.status();
      const isUnknown = this.#desired.notUnderstood?.includes(status.app) === true;
      return withNotes(status, isUnknown ? [...more, unknownWish] : more);
    });
    return { apps, facts: this.#facts, agentVersion, ...signing() };
  }

  async readLog({ app, maxBytes }: LogRequest): Promise<string> {
    return (await this.#apps.get(app)?.logTail(Math.min(maxBytes, 1024 * 1024))) ?? '';
  }

  async #want(desired: DesiredState): Promise<void> {
    const { dirOf } = this.#options;
    this.#desired = desired;
    const assigned = new Map(desired.assignments.map((assignment) => [assignment.app, assignment]));
    for (const [app, assignment] of assigned) {
      const loop = await this.#loop(app);
      if (!loop.want({ assignment, dir: dirOf(assignment) })) this.#refuse(assignment);
    }
    for (const [app, loop] of this.#apps) {
      if (!assigned.has(app)) loop.want(undefined);
    }
  }

  async #loop(app: AppName): Promise<AppLoop> {
    const known = this.#apps.get(app);
    if (known !== undefined) return known;
    const loop = this.#options.makeLoop(app);
    await loop.open();
    this.#apps.set(app, loop);
    if (this.#signal !== undefined) this.#start(loop, this.#signal);
    return loop;
  }

  #start(loop: AppLoop, signal: AbortSignal): void {
    const held = loop.pressing ? undefined : this.#options.held?.(loop.app);
    const run = held === undefined ? loop.run(signal) : held.then(() => loop.run(signal));
    this.#runs.add(run);
    void run.finally(() => this.#runs.delete(run));
  }
}

const unknownWish =
  'the coordinator wants something of it that this version of the agent does not know: it is left as it is until the agent is upgraded';

/** What is wrong with the host or its settings is said of every application, for it is they that suffer. */
function withNotes(status: AppStatus, more: readonly string[]): AppStatus {
  const note = [status.note, ...more].filter((text) => text !== '').join('; ');
  return note === status.note ? status : { ...status, note };
}
