import { readFile } from 'node:fs/promises';

/** The processes that this one started and that have not ended. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

/** The process below this one that is the first of a process namespace, however deep below. */
export async function firstBelow(pid: number): Promise<number | undefined> {
  for (const child of await childrenOf(pid)) {
    const status = await readFile(`/proc/${child}/status`, 'utf8').catch(() => '');
    const ids = (/^NSpid:\t(.*)$/m.exec(status)?.[1] ?? '').split('\t');
    if (ids.at(-1) === '1') return child;
    const found = await firstBelow(child);
    if (found !== undefined) return found;
  }
  return undefined;
}
