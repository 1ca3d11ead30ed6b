import { nextDelay } from '../../shared/core/backoff.js';
import { formatDuration } from '../../shared/core/duration.js';
import { openStore } from '../../shared/distribution/open-store.js';
import { pause } from '../../shared/distribution/retry.js';
import type { StoreReader } from '../../shared/distribution/store.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { Reporter } from './reporter.js';

/** The stores a release can come from, best first. */
export interface Sources {
  /**
   * Tries each store in turn. A store that does not answer is waited for, as long as it takes: whoever started the
   * job cancels it. Corrupt bytes are asked for again, elsewhere first; only when every store has delivered them
   * several times does it fail. Errors that are not a store's (a full disk) pass at once.
   */
  fromAny<T>(what: string, attempt: (store: StoreReader) => Promise<T>): Promise<T>;
  /** Stores that have delivered corrupt bytes. */
  corruptUrls(): readonly string[];
}

const backoff = { baseMs: 500, capMs: 30_000 };
/** Rounds over all stores with corrupt answers only. */
const maxCorruptRounds = 3;

interface Failure {
  readonly store: StoreReader;
  readonly error: CapstanError;
}

export function createSources(urls: readonly string[], reporter: Reporter, signal: AbortSignal): Sources {
  const stores = urls.map((url) => openStore(url));
  const corrupt = new Set<string>();

  const tryEach = async <T>(
    attempt: (store: StoreReader) => Promise<T>,
  ): Promise<{ readonly value: T } | { readonly failures: readonly Failure[] }> => {
    const failures: Failure[] = [];
    for (const store of stores) {
      try {
        return { value: await attempt(store) };
      } catch (error) {
        if (!(error instanceof CapstanError) || error.code === 'cancelled') throw error;
        if (error.code === 'corrupt') corrupt.add(store.url);
        failures.push({ store, error });
      }
    }
    return { failures };
  };

  return {
    async fromAny(what, attempt) {
      let waitMs = backoff.baseMs;
      let corruptRounds = 0;
      for (let waited = false; ; ) {
        const outcome = await tryEach(attempt);
        if ('value' in outcome) {
          if (waited) reporter.note('');
          return outcome.value;
        }
        const away = outcome.failures.find(({ error }) => isAway(error));
        if (away === undefined) {
          corruptRounds += 1;
          const bad = outcome.failures.find(({ error }) => error.code === 'corrupt');
          if (bad === undefined || corruptRounds >= maxCorruptRounds)
            throw finalError(what, outcome.failures);
        } else {
          waitMs = nextDelay(waitMs, Math.random(), backoff);
          reporter.note(waitNote(away, waitMs));
          waited = true;
          await pause(waitMs, signal);
        }
      }
    },
    corruptUrls: () => [...corrupt],
  };
}

const isAway = ({ code }: CapstanError): boolean => code === 'unreachable' || code === 'unavailable';

const waitNote = ({ store, error }: Failure, waitMs: number): string =>
  `store ${store.url} is not reachable (${error.message}), trying again in ${formatDuration(waitMs)}`;

function finalError(what: string, failures: readonly Failure[]): CapstanError {
  const bad = failures.filter(({ error }) => error.code === 'corrupt');
  const cause = (bad[0] ?? failures[0])?.error;
  const from = (bad.length > 0 ? bad : failures).map(({ store }) => store.url).join(', ');
  return bad.length > 0
    ? new CapstanError('corrupt', `${what} is corrupt in ${from}: ${cause?.message ?? ''}`, {
        hint: 'publish the release again into an intact store, or repair that one',
        cause,
      })
    : new CapstanError(
        cause?.code ?? 'notFound',
        `${what} cannot be had from ${from}: ${cause?.message ?? ''}`,
        {
          hint: 'is the release still in the store?',
          cause,
        },
      );
}
