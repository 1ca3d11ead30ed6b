import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import { CapstanError } from '../../../../../shared/model/errors.js';
import type { Clock } from '../../../../../shared/ports/clock.js';
import { statusFromError } from '../../../../../shared/wire/status.js';
import type { Inventory } from '../../../../ports/inventory.js';
import type { Identify, OperatorCaller } from '../../identity.js';
import { createAdmission } from '../admission.js';
import type { Joining } from '../options.js';
import { tokenEnd } from '../token-end.js';

interface AnswerOptions {
  readonly inventory: Inventory;
  readonly identify: Identify;
  readonly clock: Clock;
  /** Absent under --insecure-loopback. */
  readonly joining?: Pick<Joining, 'operators'> | undefined;
  /** Ends the streams when the coordinator drains. */
  readonly signal: AbortSignal;
}

/** What a stream is given to watch with. */
interface Watching<Request, Message> {
  readonly call: ServerWritableStream<Request, Message>;
  readonly by: string;
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export type Answer = ReturnType<typeof createAnswer>;

/** Both kinds of calls: nobody is answered who was not admitted, and whatever is thrown becomes a status. */
export function createAnswer(options: AnswerOptions) {
  const admit = createAdmission(options);

  /** A call with one answer. */
  const unary =
    <Request, Response>(answer: (request: Request, caller: OperatorCaller) => Promise<Response> | Response) =>
    (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void => {
      const run = async (): Promise<Response> => answer(call.request, await admit(call));
      run().then(
        (response) => {
          reply(null, response);
        },
        (error: unknown) => {
          reply(statusFromError(error));
        },
      );
    };

  /** A call that is answered until it has been told all, either side goes, or the coordinator drains. */
  const stream =
    <Request, Message>(watch: (watching: Watching<Request, Message>) => Promise<void>) =>
    (call: ServerWritableStream<Request, Message>): void => {
      const gone = new AbortController();
      call.on('cancelled', () => {
        gone.abort();
      });
      const { inventory, clock, joining } = options;
      let outlawed: AbortSignal | undefined;
      const run = async (): Promise<void> => {
        const caller = await admit(call);
        const end = tokenEnd(caller, joining?.operators, clock);
        outlawed = end.signal;
        const signal = AbortSignal.any([gone.signal, outlawed, options.signal]);
        await watch({ call, by: caller.name, inventory, clock, signal }).finally(() => {
          end.stop();
        });
      };
      run().then(
        () => call.end(),
        (error: unknown) => {
          if (gone.signal.aborted) call.end();
          else if (outlawed?.aborted === true) call.emit('error', statusFromError(outlawed.reason));
          else call.emit('error', statusFromError(options.signal.aborted ? shuttingDown() : error));
        },
      );
    };

  return { unary, stream };
}

const shuttingDown = (): CapstanError =>
  new CapstanError('unavailable', 'The coordinator is shutting down.', { retryAfterMs: 1000 });
