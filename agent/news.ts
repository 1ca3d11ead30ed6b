import type { AppName } from '../shared/model/ids.js';
import type { AppStatus } from '../shared/model/node-status.js';
import type { Clock } from '../shared/ports/clock.js';
import type { Logger } from '../shared/ports/logger.js';
import type { StageEvents } from './ports/node.js';

export interface NewsOptions {
  readonly app: AppName;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called when there is something to tell. */
  readonly onChange: () => void;
}

/** Progress is told at most this often. Milliseconds. */
const progressEveryMs = 500;

/** What is to be told of the step under way, or of the last one. */
export class News {
  readonly #options: NewsOptions;
  #note = '';
  #fetched: AppStatus['fetched'];
  #progressAt = 0;

  constructor(options: NewsOptions) {
    this.#options = options;
  }

  get note(): string {
    return this.#note;
  }

  get fetched(): AppStatus['fetched'] {
    return this.#fetched;
  }

  tell(note: string): void {
    if (note === this.#note) return;
    this.#note = note;
    this.#options.onChange();
  }

  clear(): void {
    this.#note = '';
    this.#fetched = undefined;
  }

  /** What the staging of a release says while it is under way. */
  readonly events: Omit<StageEvents, 'onFetched'> = {
    onNote: (text) => {
      const { app, log } = this.#options;
      if (text === '' && this.#note !== '') log.info('stage.resumed', { app });
      if (text !== '' && this.#note === '') log.warn('stage.waiting', { app, text });
      this.tell(text);
    },
    onRemark: (text) => {
      const { app, log } = this.#options;
      log.warn('stage.remark', { app, text });
    },
    onProgress: (progress) => {
      this.#fetched = progress;
      const now = this.#options.clock.monotonic();
      if (now - this.#progressAt < progressEveryMs) return;
      this.#progressAt = now;
      this.#options.onChange();
    },
  };
}
