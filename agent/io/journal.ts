import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDurableDir, writeDurably } from '../../shared/io/durable-file.js';
import type { AppName } from '../../shared/model/ids.js';
import { type AppRecord, emptyRecord } from '../core/record.js';
import type { Journal } from '../ports/node.js';

interface Line {
  readonly note: string;
  readonly record: AppRecord;
}

const compactAboveBytes = 128 * 1024;

/**
 * A file of JSON lines, each the whole record and what it was written for; the last complete one counts. A line that
 * was cut short by an end of the agent is as if it had never been written, so its effect has not begun either.
 */
export function fileJournal(path: string, app: AppName): Journal {
  let size = 0;
  let cut = false;
  return {
    read: async () => {
      const text = await readText(path);
      size = text.length;
      cut = text !== '' && !text.endsWith('\n');
      return lastRecord(text) ?? emptyRecord(app);
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

async function readText(path: string): Promise<string> {
  await makeDurableDir(dirname(path));
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function lastRecord(text: string): AppRecord | undefined {
  for (const line of text.split('\n').reverse()) {
    if (line === '') continue;
    try {
      return (JSON.parse(line) as Line).record;
    } catch {
      // Cut short: the one before it counts.
    }
  }
  return undefined;
}
