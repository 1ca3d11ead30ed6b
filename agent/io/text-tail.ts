import { open } from 'node:fs/promises';

/** The last `maxBytes` of a file as text, from the start of a line where there is one; '' if there is no such file. */
export async function textTail(path: string, maxBytes: number, fromByte = 0): Promise<string> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = await file.stat();
    const start = Math.max(size - maxBytes, Math.min(fromByte, size));
    const buffer = Buffer.alloc(size - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const text = buffer.toString('utf8', 0, bytesRead);
    const lineEnd = text.indexOf('\n');
    return start > fromByte && lineEnd >= 0 ? text.slice(lineEnd + 1) : text;
  } finally {
    await file.close();
  }
}
