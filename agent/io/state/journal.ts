import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { object, parseAs, text } from '../../../shared/core/shapes.js';
import { makeDurableDir, writeDurably } from '../../../shared/io/durable-file.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName } from '../../../shared/model/ids.js';
import { type AppRecord, emptyRecord } from '../../core/record.js';
import type { Journal } from '../../ports/node.js';
import { isAppRecord } from './record-shape.js';

interface Line {
  readonly note: string;
  readonly record: AppRecord;
}

const isLine = object<Line>({ note: text, record: isAppRecord });
const compactAboveBytes = 128 * 1024;

/**
 * A file of JSON lines, each the whole record and what it was written for; the last complete one counts. A line that
 * was cut short by an end of the agent or the host is as if it had never been written, so its effect has not begun
 * either. A complete line that is something else was not cut short by anything that the agent knows of: nothing is
 * guessed from those before it.
 */
export function fileJournal(path: string, app: AppName): Journal {
  let size = 0;
  let cut = false;
  return {
    read: async () => {
      const content = await readText(path);
      size = content?.length ?? 0;
      if (content === undefined) return emptyRecord(app);
      const end = content.lastIndexOf('\n');
      cut = end !== content.length - 1;
      const last = content.slice(0, Math.max(0, end)).split('\n').at(-1) ?? '';
      const line = parseAs(isLine, last);
      if (line?.record.app !== app) throw unreadable(path);
      return line.record;
    },
    write: async (record, note, synced) => {
      const line = `${JSON.stringify({ note, record } satisfies Line)}\n`;
      if (size === 0 || cut || size > compactAboveBytes) {
        await writeDurably(path, line);
        size = line.length;
        cut = false;
        return;
      }
      // What a full disk lets through of a line must not be taken for the start of the next one.
      cut = true;
      await append(path, line, synced);
      cut = false;
      size += line.length;
    },
  };
}

async function append(path: string, line: string, synced: boolean): Promise<void> {
  const file = await open(path, 'a', 0o600);
  try {
    await file.appendFile(line);
    if (synced) await file.datasync();
  } finally {
    await file.close();
  }
}

/** undefined: there is no such file yet. The first line of it was written as a whole. */
async function readText(path: string): Promise<string | undefined> {
  await makeDurableDir(dirname(path));
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const unreadable = (path: string): CapstanError =>
  new CapstanError('corrupt', `the last line of the journal ${path} is not what an agent wrote`, {
    hint: 'what serves is left as it is; restore the file, or remove it to go on from what is on disk',
  });
