import koffi from 'koffi';
import { cleanUp } from './cleanup.js';

const afUnix = 1;
const sockDgram = 2;
const msgDontwait = 0x40;
const maxBytes = 4096;

/**
 * A datagram socket as service managers have one, at a path or, after `@`, in the abstract namespace.
 * @returns gives what has arrived so far, oldest first
 */
export function listenForNotices(address: string): () => readonly string[] {
  const libc = koffi.load(null);
  const socket = libc.func('int socket(int, int, int)') as (...args: readonly number[]) => number;
  const bind = libc.func('int bind(int, const void *, uint32_t)') as (
    fd: number,
    to: Buffer,
    size: number,
  ) => number;
  const receive = libc.func('intptr_t recv(int, void *, size_t, int)') as (
    fd: number,
    into: Buffer,
    size: number,
    flags: number,
  ) => number;
  const close = libc.func('int close(int)') as (fd: number) => number;

  const fd = socket(afUnix, sockDgram, 0);
  const family = Buffer.from(new Uint16Array([afUnix]).buffer);
  const at = Buffer.concat([family, Buffer.from(address.replace(/^@/, '\0'))]);
  if (bind(fd, at, at.length) !== 0) throw new Error(`cannot listen at ${address}: errno ${koffi.errno()}`);
  cleanUp(() => void close(fd));
  const notices: string[] = [];
  return () => {
    for (;;) {
      const buffer = Buffer.alloc(maxBytes);
      const size = receive(fd, buffer, maxBytes, msgDontwait);
      if (size < 0) return notices;
      notices.push(buffer.subarray(0, size).toString());
    }
  };
}
