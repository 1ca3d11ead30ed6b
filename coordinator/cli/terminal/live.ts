import { Writable } from 'node:stream';
import type { Session } from '../session.js';
import { type Paint, paintFor } from './style.js';

export type LiveView =
  | { readonly kind: 'redraw'; readonly paint: Paint; show(text: string): void; end(): void }
  | { readonly kind: 'lines' | 'none'; end(): void };

/**
 * How something that changes is shown: redrawn in place on a terminal, a line for each change elsewhere, not at all
 * with `--quiet`. It is drawn on standard error, so that standard output carries the result alone.
 */
export async function liveView({ host, globals }: Session): Promise<LiveView> {
  if (globals.quiet === true) return { kind: 'none', end: () => undefined };
  if (!host.stderr.isTerminal) return { kind: 'lines', end: () => undefined };
  const { createLogUpdate } = await import('log-update');
  const log = createLogUpdate(terminalStream(host.stderr));
  return {
    kind: 'redraw',
    paint: paintFor(host.stderr, host),
    show(text) {
      log(text.trimEnd());
    },
    end() {
      log.clear();
      log.done();
    },
  };
}

/** What log-update draws on: it asks for a stream with the size of the terminal. */
function terminalStream(out: Session['host']['stderr']): NodeJS.WritableStream {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      out.write(chunk.toString());
      done();
    },
  });
  return Object.defineProperties(stream, {
    columns: { get: () => out.columns },
    rows: { get: () => out.rows },
    isTTY: { value: true },
  });
}
