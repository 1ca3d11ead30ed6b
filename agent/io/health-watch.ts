import { CapstanError } from '../../shared/model/errors.js';
import type { HealthVerdict } from '../../shared/model/node-status.js';
import type { ProbeSpec } from '../../shared/model/release-spec.js';
import type { Clock } from '../../shared/ports/clock.js';
import type { Logger } from '../../shared/ports/logger.js';
import {
  foldProbe,
  overall,
  type ProbeResult,
  type ProbeState,
  rememberedProbe,
  restartedProbe,
  unknownProbe,
} from '../core/health.js';
import { serviceUser } from '../core/users.js';
import type {
  Health,
  HealthFacts,
  RunnableRelease,
  Service,
  ServiceFacts,
  Users,
  Values,
} from '../ports/node.js';
import { Ownership } from './probes/ownership.js';
import { createProber, type Prober } from './probes/prober.js';

export interface HealthWatchOptions {
  readonly service: Service;
  readonly values: Values;
  readonly users: Users;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called when the verdict or what is complained of changes. */
  readonly onChange: () => void;
}

/** How often it is looked whether the service runs, apart from the probes. */
const lookEveryMs = 1000;
/** As often while it is not known to be healthy: three exits in a row are seen in well under a second. */
const lookCloselyMs = 100;

interface Watched {
  readonly release: RunnableRelease;
  readonly states: ProbeState[];
  readonly ownership: Ownership;
  /** When the service was started, as far as is known. Milliseconds, monotonic. */
  startedAt: number;
  readonly abort: AbortController;
}

/** Runs the probes of one application and keeps its verdict. One timer a probe, one for the service itself. */
export class HealthWatch implements Health {
  readonly #options: HealthWatchOptions;
  readonly #prober: Prober;
  #watched: Watched | undefined;
  #service: ServiceFacts | undefined;
  #verdict: HealthVerdict = 'unknown';
  #complaint = '';
  #healthySince: number | undefined;
  #exitsBefore = 0;
  #trouble = '';

  constructor(options: HealthWatchOptions) {
    this.#options = options;
    this.#prober = createProber(options.service);
  }

  watch(release: RunnableRelease | undefined, initial: HealthVerdict): void {
    if (this.#watched?.release.dir === release?.dir) return;
    this.#forget();
    if (release === undefined) {
      this.#judge();
      return;
    }
    const states = release.spec.health.map(() => rememberedProbe(initial));
    const startedAt = this.#options.clock.monotonic();
    const ownership = new Ownership(this.#options.service);
    this.#watched = { release, states, ownership, startedAt, abort: new AbortController() };
    this.#look();
    this.#begin(this.#watched);
  }

  facts(): HealthFacts {
    return {
      verdict: this.#verdict,
      healthySince: this.#healthySince,
      complaint: this.#complaint,
      exits: this.#service?.exits ?? 0,
      lastExit: this.#service?.lastExit ?? '',
      over: this.#service?.over ?? false,
    };
  }

  close(): void {
    this.#forget();
    this.#prober.close();
  }

  #forget(): void {
    this.#watched?.abort.abort();
    this.#watched = undefined;
    this.#service = undefined;
    this.#healthySince = undefined;
    this.#exitsBefore = 0;
  }

  #begin(watched: Watched): void {
    const { release, abort } = watched;
    if (release.spec.service.kind !== 'none') {
      this.#repeat(
        abort.signal,
        () => (this.#verdict === 'healthy' ? lookEveryMs : lookCloselyMs),
        () => {
          this.#look();
        },
      );
    }
    for (const [index, spec] of release.spec.health.entries()) {
      this.#repeat(
        abort.signal,
        () => spec.everyMs,
        () => this.#probe(watched, index, spec),
      );
    }
  }

  /** Begins at once; the pause is from the end of one run to the start of the next. */
  #repeat(signal: AbortSignal, pauseMs: () => number, run: () => Promise<void> | void): void {
    let over = false;
    let timer: NodeJS.Timeout | undefined;
    const goOn = (): void => {
      if (!over) timer = setTimeout(() => void turn(), pauseMs());
    };
    const turn = async (): Promise<void> => {
      try {
        await run();
      } catch (error) {
        // The verdict stays as it is and it is looked again: the agent has other applications.
        const { message } = CapstanError.from(error);
        if (message !== this.#trouble) this.#options.log.warn('health.failed', { error });
        this.#trouble = message;
      }
      goOn();
    };
    signal.addEventListener('abort', () => {
      over = true;
      clearTimeout(timer);
    });
    void turn();
  }

  async #probe(watched: Watched, index: number, spec: ProbeSpec): Promise<void> {
    const { states, abort } = watched;
    const result = await this.#ask(watched, index, spec).catch(
      (error: unknown): ProbeResult => ({ ok: false, complaint: CapstanError.from(error).message }),
    );
    if (abort.signal.aborted) return;
    // Whether it was started anew meanwhile is looked at first: the result is one of the new run then.
    this.#observe();
    const sinceStart = this.#options.clock.monotonic() - watched.startedAt;
    states[index] = foldProbe(states[index] ?? unknownProbe, result, spec, sinceStart);
    this.#judge();
  }

  async #ask({ release, ownership, abort }: Watched, index: number, spec: ProbeSpec): Promise<ProbeResult> {
    const values = this.#options.values.envOf(release);
    const answer = await this.#prober.probe(spec, {
      values,
      cwd: release.path,
      user: () => this.#options.users.of(release.app, serviceUser(release.spec)),
      signal: abort.signal,
    });
    if (!answer.ok || release.spec.service.kind === 'none' || abort.signal.aborted) return answer;
    this.#observe();
    const answering = this.#service;
    const result = await ownership.check(index, spec, values, answering?.main);
    this.#observe();
    // Whoever answers while the service is down is somebody else, and nobody can be found to compare him with.
    const same = answering?.running === true && this.#service?.main === answering.main;
    return same ? result : { ok: false, complaint: 'the service is not running' };
  }

  #look(): void {
    this.#observe();
    this.#judge();
  }

  #observe(): void {
    const before = this.#service;
    this.#service = this.#options.service.observe();
    const watched = this.#watched;
    if (watched === undefined || !isAnotherRun(before, this.#service)) return;
    watched.startedAt = this.#options.clock.monotonic();
    for (const [index, spec] of watched.release.spec.health.entries()) {
      watched.states[index] = restartedProbe(watched.states[index] ?? unknownProbe, spec);
    }
  }

  #judge(): void {
    const { verdict, complaint } = this.#verdictNow();
    const exits = this.#service?.exits ?? 0;
    if (verdict !== 'healthy') this.#healthySince = undefined;
    else if (this.#healthySince === undefined || exits !== this.#exitsBefore) {
      this.#healthySince = this.#options.clock.monotonic();
    }
    const changed =
      verdict !== this.#verdict ||
      (verdict !== 'healthy' && complaint !== this.#complaint) ||
      exits !== this.#exitsBefore;
    this.#exitsBefore = exits;
    this.#verdict = verdict;
    this.#complaint = complaint;
    if (changed) this.#options.onChange();
  }

  #verdictNow(): { readonly verdict: HealthVerdict; readonly complaint: string } {
    if (this.#watched === undefined) return { verdict: 'unknown', complaint: '' };
    const { release, states } = this.#watched;
    if (release.spec.service.kind !== 'none') {
      // An orphan on the port must not look like the service: what does not run is not healthy, whoever answers.
      if (this.#service === undefined)
        return { verdict: 'unhealthy', complaint: 'the service is not running' };
      if (this.#service.dir !== release.dir) return { verdict: 'unknown', complaint: '' };
      if (!this.#service.running) {
        return { verdict: 'unhealthy', complaint: `the service is not running: ${this.#service.lastExit}` };
      }
      if (this.#service.unready !== undefined)
        return { verdict: 'unknown', complaint: this.#service.unready };
    }
    return {
      verdict: overall(states),
      complaint: states.map((state) => state.complaint).find((text) => text !== '') ?? '',
    };
  }
}

/** Exits before it was known who runs were not seen to happen: the agent was started after them. */
function isAnotherRun(before: ServiceFacts | undefined, now: ServiceFacts | undefined): boolean {
  if (before?.main === undefined) return false;
  return now?.exits !== before.exits || (now.main !== undefined && now.main !== before.main);
}
