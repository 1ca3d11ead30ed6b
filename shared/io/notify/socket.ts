/** Sends one datagram; false if it was not taken, whatever the reason: it is worth nothing later. */
export type SendDatagram = (text: string) => boolean;

/** As the C library of Linux numbers them. */
const afUnix = 1;
const sockDgram = 2;
const sockCloexec = 0o2_000_000;
const msgDontwait = 0x40;
const msgNosignal = 0x4000;

/**
 * The way to a datagram socket in the file system or, after `@`, in the abstract namespace. Node.js has none, so that the
 * C library is called; what calls it weighs 4 MB, and is loaded by those only who have somebody to tell something.
 */
export async function openDatagramSocket(address: string): Promise<SendDatagram> {
  const { default: koffi } = await import('koffi');
  const libc = koffi.load(null);
  const socket = libc.func('socket', 'int', ['int', 'int', 'int']) as (...args: readonly number[]) => number;
  const sendTo = libc.func('sendto', 'intptr_t', [
    ...['int', 'const void *', 'size_t', 'int'],
    ...['const void *', 'uint32_t'],
  ]) as (fd: number, data: Buffer, size: number, flags: number, to: Buffer, toSize: number) => number;
  const close = libc.func('close', 'int', ['int']) as (fd: number) => number;

  const family = Buffer.alloc(2);
  new Uint16Array(family.buffer, family.byteOffset, 1)[0] = afUnix;
  const to = Buffer.concat([family, Buffer.from(address.replace(/^@/, '\0'))]);
  return (text) => {
    const fd = socket(afUnix, sockDgram | sockCloexec, 0);
    if (fd < 0) return false;
    const data = Buffer.from(text);
    // Never waits: a manager that does not read must not hold up what it manages.
    const sent = sendTo(fd, data, data.length, msgDontwait | msgNosignal, to, to.length);
    close(fd);
    return sent === data.length;
  };
}
