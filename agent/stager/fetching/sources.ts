import { nextDelay } from '../../../shared/core/backoff.js';
import { formatDuration } from '../../../shared/core/duration.js';
import { type ObjectKey, objectPath } from '../../../shared/distribution/object-key.js';
import { openStore } from '../../../shared/distribution/open-store.js';
import type { Environment } from '../../../shared/distribution/s3-credentials.js';
import type { StoreReader } from '../../../shared/distribution/store.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { FetchedFrom } from '../../../shared/model/node-status.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Random } from '../../../shared/ports/random.js';
import type { Reporter } from '../reporter.js';
import type { BandwidthLimit } from './bandwidth.js';

/** One place that objects come from. */
export interface Source {
  /** As reports name it: a store's base URL, or `peer <node>`. */
  readonly name: string;
  readonly store: StoreReader;
}

export interface SourcesOptions {
  /** Base URLs of stores, best first. */
  readonly stores: readonly string[];
  /** Where `s3:` stores find their credentials. */
  readonly env?: Environment | undefined;
  /** Of an authority that is believed beside the public ones. PEM. */
  readonly ca?: string | undefined;
  readonly limit: BandwidthLimit;
  readonly reporter: Reporter;
  readonly clock: Clock;
  readonly random: Random;
}

/** The places a release can come from. */
export interface Sources {
  /**
   * Tries each source in turn. One that does not answer is left alone for a growing, jittered time; when all are
   * away they are waited for, as long as it takes: whoever started the job cancels it. Corrupt bytes are asked for
   * again, elsewhere first; only when every source has delivered them several times does it fail. Errors that are
   * not a source's (a full disk) pass at once.
   */
  fromAny<T>(
    what: string,
    key: ObjectKey,
    attempt: (source: Source) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
  /** Counts bytes that have come from a source; to be waited for, since bandwidth may be limited. */
  received(source: Pick<Source, 'name'>, bytes: number): Promise<void> | undefined;
  /** Notes that a source has delivered corrupt bytes which were had elsewhere. */
  accuse(source: Pick<Source, 'name'>): void;
  /** Bytes by source, in the order in which the sources were first used. */
  fetchedFrom(): readonly FetchedFrom[];
  /** Sources that have delivered corrupt bytes. */
  corruptNames(): readonly string[];
}

const backoff = { baseMs: 500, capMs: 30_000 };
/** Rounds over all sources with corrupt answers only. */
const maxCorruptRounds = 3;
/** A source that broke off after so much is worth asking for the rest at once. */
const worthResumingBytes = 16 * 1024;
/** A source that was corrupt so often is tried last. */
const distrustedFrom = 3;

interface Failure {
  readonly source: Source;
  readonly error: CapstanError;
}

/** What is known of a source by its name. */
interface Standing {
  bytes: number;
  corrupt: number;
  /** Not to be asked before this. Monotonic milliseconds. */
  awayUntil: number;
  delayMs: number;
  lastError: CapstanError | undefined;
  /** Paths of objects that it does not have, or does not give out. */
  readonly lacks: Map<string, CapstanError>;
}

export function createSources(options: SourcesOptions): Sources {
  const { env = {}, ca, limit, reporter, clock, random } = options;
  const stores = options.stores.map((url): Source => {
    const store = openStore(url, { env, ca });
    return { name: store.url, store };
  });
  const standings = new Map<string, Standing>();
  const standingOf = ({ name }: Pick<Source, 'name'>): Standing => {
    const known = standings.get(name) ?? newStanding();
    standings.set(name, known);
    return known;
  };

  const candidates = (): readonly Source[] => {
    const distrusted = (source: Source): number => Number(standingOf(source).corrupt >= distrustedFrom);
    return [...stores].sort((a, b) => distrusted(a) - distrusted(b));
  };

  /** By attempt, each of which has an object of its own for its source. */
  const bytesOfAttempts = new WeakMap<object, number>();

  const noteFailure = (source: Source, key: ObjectKey, error: CapstanError): void => {
    const standing = standingOf(source);
    const brokeOff =
      (bytesOfAttempts.get(source) ?? 0) >= worthResumingBytes &&
      source.store.sendsRanges?.() !== false && // else the same comes again, from the beginning
      error.retryAfterMs === undefined;
    standing.lastError = error;
    if (error.code === 'corrupt') standing.corrupt += 1;
    else if (!isAway(error)) standing.lacks.set(objectPath(key), error);
    else if (brokeOff) standing.delayMs = 0;
    else if (standing.awayUntil <= clock.monotonic()) {
      standing.delayMs = nextDelay(standing.delayMs, random.next(), backoff);
      const waitMs = Math.max(standing.delayMs, error.retryAfterMs ?? 0);
      standing.awayUntil = clock.monotonic() + waitMs;
    }
  };

  /** One round over all that can be asked now. */
  const tryEach = async <T>(
    key: ObjectKey,
    attempt: (source: Source) => Promise<T>,
  ): Promise<{ readonly value: T } | { readonly failures: readonly Failure[] }> => {
    const failures: Failure[] = [];
    for (const candidate of candidates()) {
      const source = { ...candidate };
      const standing = standingOf(source);
      const lacking = standing.lacks.get(objectPath(key));
      const away = standing.awayUntil > clock.monotonic() ? standing.lastError : undefined;
      if (lacking !== undefined || away !== undefined) {
        failures.push({ source, error: lacking ?? away ?? noAnswer });
        continue;
      }
      try {
        const value = await attempt(source);
        standing.delayMs = 0;
        return { value };
      } catch (error) {
        if (!(error instanceof CapstanError) || error.code === 'cancelled') throw error;
        noteFailure(source, key, error);
        failures.push({ source, error });
      }
    }
    return { failures };
  };

  return {
    async fromAny(what, key, attempt, signal) {
      let corruptRounds = 0;
      for (let waited = false; ; ) {
        const outcome = await tryEach(key, attempt);
        if ('value' in outcome) {
          if (waited) reporter.note('');
          return outcome.value;
        }
        const [away] = outcome.failures
          .filter(({ error }) => isAway(error))
          .sort((a, b) => standingOf(a.source).awayUntil - standingOf(b.source).awayUntil);
        if (away === undefined) {
          corruptRounds += 1;
          const isCorrupt = outcome.failures.some(({ error }) => error.code === 'corrupt');
          if (!isCorrupt || corruptRounds >= maxCorruptRounds) throw finalError(what, outcome.failures);
        } else {
          const waitMs = standingOf(away.source).awayUntil - clock.monotonic();
          if (waitMs <= 0) continue;
          reporter.note(waitNote(away, waitMs));
          waited = true;
          await clock.sleep(waitMs, signal).catch((cause: unknown) => {
            throw new CapstanError('cancelled', 'cancelled', { cause });
          });
        }
      }
    },
    received(source, bytes) {
      standingOf(source).bytes += bytes;
      bytesOfAttempts.set(source, (bytesOfAttempts.get(source) ?? 0) + bytes);
      return limit.take(bytes);
    },
    accuse(source) {
      standingOf(source).corrupt += 1;
    },
    fetchedFrom: () =>
      [...standings].flatMap(([source, { bytes }]) => (bytes === 0 ? [] : [{ source, bytes }])),
    corruptNames: () => [...standings].flatMap(([name, { corrupt }]) => (corrupt === 0 ? [] : [name])),
  };
}

const newStanding = (): Standing => ({
  bytes: 0,
  corrupt: 0,
  awayUntil: 0,
  delayMs: 0,
  lastError: undefined,
  lacks: new Map(),
});

const noAnswer = new CapstanError('unreachable', 'it does not answer');

const isAway = ({ code }: CapstanError): boolean => code === 'unreachable' || code === 'unavailable';

const waitNote = ({ source, error }: Failure, waitMs: number): string =>
  `store ${source.name} is not reachable (${error.message}), trying again in ${formatDuration(Math.ceil(waitMs))}`;

function finalError(what: string, failures: readonly Failure[]): CapstanError {
  const bad = failures.filter(({ error }) => error.code === 'corrupt');
  const cause = (bad[0] ?? failures[0])?.error;
  const from = (bad.length > 0 ? bad : failures).map(({ source }) => source.name).join(', ');
  return bad.length > 0
    ? new CapstanError('corrupt', `${what} is corrupt in ${from}: ${cause?.message ?? ''}`, {
        hint: cause?.hint ?? 'publish the release again into an intact store, or repair that one',
        cause,
      })
    : new CapstanError(
        cause?.code ?? 'notFound',
        `${what} cannot be had from ${from}: ${cause?.message ?? ''}`,
        {
          hint: cause?.hint ?? 'is the release still in the store?',
          cause,
        },
      );
}
