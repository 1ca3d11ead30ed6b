import { open } from 'node:fs/promises';

/**
 * The last `maxBytes` of a file as text, from the start of a line where there is one; '' if there is no such file.
 * @param fromByte nothing before it; of a file that has become shorter, and so was cut since, all counts
 */
export async function textTail(path: string, maxBytes: number, fromByte = 0): Promise<string> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = await file.stat();
    const first = fromByte > size ? 0 : fromByte;
    const start = Math.max(size - maxBytes, first);
    const buffer = Buffer.alloc(size - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const text = buffer.toString('utf8', 0, bytesRead);
    const lineEnd = text.indexOf('\n');
    return start > first && lineEnd >= 0 ? text.slice(lineEnd + 1) : text;
  } finally {
    await file.close();
  }
}
