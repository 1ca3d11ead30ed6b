import type { CallOptions } from '../../../agent/ports/coordinator.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Dice } from './dice.js';
import type { Process } from './process.js';
import type { Time, Timer } from './time.js';

/** What a party has that can be reached: nothing while its process is down. */
export interface Server<Service> {
  readonly process: Process;
  readonly service: Service;
}

/** Takes a call, and answers it once, now or later; returns what ends it if the caller is gone. */
export type Arrival<Service, Answer> = (
  service: Service,
  answer: (result: Answer | CapstanError) => void,
) => (() => void) | undefined;

interface Call {
  readonly from: string;
  readonly fail: (error: CapstanError) => void;
  /** Ends it where it arrived. */
  readonly giveUp: () => void;
}

/** How bad the network is: shares of calls. */
export interface Weather {
  readonly drop: number;
  readonly repeat: number;
  readonly latencyMs: number;
}

export const fair: Weather = { drop: 0, repeat: 0, latencyMs: 5 };

/** After this long of silence both ends take a connection for dead. */
const keepaliveMs = 4000;

const unreachable = (): CapstanError => new CapstanError('unreachable', 'The coordinator cannot be reached.');

/** Between callers and one server: it delays and with that reorders, drops, repeats, and parts the two. */
export class Network<Service> {
  weather = fair;
  server: Server<Service> | undefined;
  readonly #time: Time;
  readonly #dice: (from: string) => Dice;
  readonly #cut = new Map<string, 'there' | 'back' | 'both'>();
  readonly #calls = new Set<Call>();

  /** @param dice those of each caller's line */
  constructor(time: Time, dice: (from: string) => Dice) {
    this.#time = time;
    this.#dice = dice;
  }

  /** Nothing arrives any more, and nobody is told; connections die of it a few seconds later. */
  part(from: string, way: 'there' | 'back' | 'both'): void {
    this.#cut.set(from, way);
    this.#time.after(keepaliveMs, () => {
      if (this.#cut.has(from)) this.#hangUp((call) => call.from === from);
    });
  }

  /** Connections that have missed something are found to be broken. */
  join(from: string): void {
    if (this.#cut.delete(from)) this.#hangUp((call) => call.from === from);
  }

  /** The server's process has ended: its connections are reset. */
  serverDied(): void {
    this.server = undefined;
    for (const { fail, from } of this.#calls) {
      if (!this.#cut.has(from)) this.#time.after(this.#latency(from), () => fail(unreachable()));
    }
  }

  /** A caller has ended: of its process the server hears at once, of its host only that nothing comes any more. */
  callerDied(from: string, host: boolean): void {
    const calls = [...this.#calls].filter((call) => call.from === from);
    for (const call of calls) this.#calls.delete(call);
    this.#time.after(host ? keepaliveMs : this.#latency(from), () => {
      for (const { giveUp } of calls) giveUp();
    });
  }

  call<Answer>(
    from: string,
    process: Process,
    { deadlineMs, signal }: CallOptions,
    arrive: Arrival<Service, Answer>,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      let end: (() => void) | undefined;
      const forget = (): void => {
        this.#calls.delete(call);
        signal.removeEventListener('abort', abort);
        deadline.cancelled = true;
      };
      const finish = (result: Answer | CapstanError): void => {
        if (!this.#calls.has(call) || !process.alive) return;
        forget();
        if (result instanceof CapstanError) reject(result);
        else resolve(result);
      };
      const giveUp = (): void => {
        const server = this.server;
        const ending = end;
        if (server === undefined || ending === undefined) return;
        server.process.after(this.#latency(from), ending);
      };
      const abort = (): void => {
        giveUp();
        finish(new CapstanError('cancelled', 'The call was given up.'));
      };
      const call: Call = { from, fail: finish, giveUp };
      this.#calls.add(call);
      signal.addEventListener('abort', abort, { once: true });
      const deadline: Timer = process.after(
        deadlineMs,
        () => {
          giveUp();
          finish(new CapstanError('unreachable', 'The coordinator did not answer in time.'));
        },
        forget,
      );
      this.#send(
        from,
        arrive,
        (result) => process.after(0, () => finish(result)),
        (ending) => {
          end = ending;
        },
      );
    });
  }

  #send<Answer>(
    from: string,
    arrive: Arrival<Service, Answer>,
    answer: (result: Answer | CapstanError) => void,
    taken: (end: () => void) => void,
  ): void {
    const dice = this.#dice(from);
    const { server, weather } = this;
    if (this.#blocks(from, 'there')) return; // the keepalive tells
    if (server === undefined || dice.chance(weather.drop)) {
      this.#time.after(this.#latency(from), () => answer(unreachable()));
      return;
    }
    const back = (result: Answer | CapstanError): void => {
      if (this.#blocks(from, 'back')) return;
      const lost = dice.chance(weather.drop);
      this.#time.after(this.#latency(from), () => answer(lost ? unreachable() : result));
    };
    server.process.after(this.#latency(from), () => {
      const end = arrive(server.service, back);
      if (end !== undefined) taken(end);
    });
    if (!dice.chance(weather.repeat)) return;
    server.process.after(dice.between(1, 3000), () => {
      arrive(server.service, () => undefined);
    });
  }

  #blocks(from: string, way: 'there' | 'back'): boolean {
    const cut = this.#cut.get(from);
    if (cut === undefined) return false;
    if (cut !== 'both' && cut !== way) return false;
    this.#time.after(keepaliveMs, () => {
      if (this.#cut.has(from)) this.#hangUp((call) => call.from === from);
    });
    return true;
  }

  #hangUp(which: (call: Call) => boolean): void {
    for (const call of [...this.#calls].filter(which)) {
      call.giveUp();
      call.fail(unreachable());
    }
  }

  #latency(from: string): number {
    return this.weather.latencyMs * this.#dice(from).between(0.2, 2);
  }
}
