import type { Host } from '../host.js';

interface Progress {
  /** `total` 0: not known yet. */
  update(label: string, done: number, total: number): void;
  /** Clears the bar, so that what is printed next stands on a line of its own. */
  end(): void;
}

const redrawEveryMs = 100;
const lineEveryMs = 2000;

/**
 * Progress on standard error: a bar that is redrawn on a terminal; elsewhere a plain line for each new label and
 * then one every two seconds; nothing with `--quiet`.
 * @param format how amounts are written
 */
export function progressOn(
  { stderr }: Host,
  { quiet, format }: { readonly quiet: boolean; readonly format: (amount: number) => string },
): Progress {
  if (quiet) return { update: () => undefined, end: () => undefined };
  let label = '';
  let drawnAt = Number.NEGATIVE_INFINITY;
  let drawn = false;
  const everyMs = stderr.isTerminal ? redrawEveryMs : lineEveryMs;
  return {
    update(next, done, total) {
      const now = performance.now();
      if (next === label && now - drawnAt < everyMs && (total === 0 || done < total)) return;
      if (next === label && drawnAt === Number.POSITIVE_INFINITY) return;
      label = next;
      drawnAt = total > 0 && done >= total ? Number.POSITIVE_INFINITY : now;
      if (stderr.isTerminal)
        stderr.write(`\r\u001b[2K${barText(label, done, total, format, stderr.columns)}`);
      else stderr.write(`${lineText(label, done, total, format)}\n`);
      drawn = true;
    },
    end() {
      if (drawn && stderr.isTerminal) stderr.write('\r\u001b[2K');
      drawn = false;
    },
  };
}

type Format = (amount: number) => string;

function lineText(label: string, done: number, total: number, format: Format): string {
  if (total === 0) return done === 0 ? label : `${label} ${format(done)}`;
  return `${label} ${format(done)} of ${format(total)} (${percent(done, total)})`;
}

/** `upload [#####.....]  48%  1.2 MB of 2.5 MB`, never wider than the terminal. */
function barText(label: string, done: number, total: number, format: Format, columns: number): string {
  if (total === 0) return lineText(label, done, total, format).slice(0, columns - 1);
  const tail = `${percent(done, total).padStart(4)}  ${format(done)} of ${format(total)}`;
  const room = Math.min(40, columns - label.length - tail.length - 6);
  if (room < 5) return `${label} ${tail}`.slice(0, columns - 1);
  const filled = Math.min(room, Math.round((room * done) / total));
  return `${label} [${'#'.repeat(filled)}${'.'.repeat(room - filled)}] ${tail}`;
}

const percent = (done: number, total: number): string =>
  `${Math.min(100, Math.floor((100 * done) / total))}%`;
