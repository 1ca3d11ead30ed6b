import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/** The log is put aside as `<log>.1` when it is longer than this. Bytes. */
const logMaxBytes = 1024 * 1024;
/** What is kept of one run: its beginning as it comes, its end when it is over. Bytes. */
const headBytes = 512 * 1024;
const tailBytes = 256 * 1024;

/**
 * What one run of a program printed: into the application's log, where it takes up so much and no more however much it
 * is (codedeploy#64), and the end of it for reports. A log that cannot be written loses lines and holds up nothing.
 */
export class RunOutput {
  readonly #log: number | undefined;
  #recent: Uint8Array[] = [];
  #recentBytes = 0;
  #total = 0;

  /** @param title the line before it in the log */
  constructor(logFile: string, title: string) {
    this.#log = openLog(logFile);
    this.#write(`--- ${title}\n`);
  }

  readonly take = (chunk: Uint8Array): void => {
    const room = headBytes - this.#total;
    if (room > 0) this.#write(chunk.subarray(0, room));
    this.#total += chunk.length;
    this.#recent.push(chunk);
    this.#recentBytes += chunk.length;
    for (let [first] = this.#recent; first !== undefined; [first] = this.#recent) {
      if (this.#recentBytes - first.length < tailBytes) break;
      this.#recent.shift();
      this.#recentBytes -= first.length;
    }
  };

  /** The last of it as text, from the start of a line where there is one. */
  tail(maxBytes: number): string {
    const all = Buffer.concat(this.#recent);
    const text = all.toString('utf8', Math.max(0, all.length - maxBytes));
    const lineEnd = text.indexOf('\n');
    return this.#total > maxBytes && lineEnd >= 0 ? text.slice(lineEnd + 1) : text;
  }

  /** @param how what became of the program, for the line after it in the log */
  close(how: string): void {
    const missing = this.#total - headBytes;
    if (missing > 0) {
      const last = Buffer.concat(this.#recent).subarray(-Math.min(missing, tailBytes));
      if (missing > last.length) this.#write(`\n--- ${missing - last.length} bytes are left out here\n`);
      this.#write(last);
    }
    const lastChunk = this.#recent.at(-1);
    this.#write(`${lastChunk === undefined || lastChunk.at(-1) === 10 ? '' : '\n'}--- ${how}\n`);
    if (this.#log !== undefined) closeSync(this.#log);
  }

  #write(what: string | Uint8Array): void {
    if (this.#log === undefined) return;
    try {
      if (typeof what === 'string') writeSync(this.#log, what);
      else writeSync(this.#log, what);
    } catch {
      // A full disk: the program goes on, and its end is told in the report all the same.
    }
  }
}

/** Undefined if it cannot be opened. */
function openLog(path: string): number | undefined {
  try {
    const log = openSync(path, 'a', 0o600);
    if (fstatSync(log).size <= logMaxBytes) return log;
    closeSync(log);
    renameSync(path, `${path}.1`);
    return openSync(path, 'a', 0o600);
  } catch {
    return undefined;
  }
}
