/**
 * Who counts as one where addresses are counted: an IPv4 address, or the network of 64 bits that an IPv6 address is in, for
 * whoever has one of its addresses has them all.
 * @param address as Node.js writes it
 */
export function addressGroup(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [plain = ''] = address.split('%');
  const [front = [], back = []] = plain.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const zeros = plain.includes('::') ? Math.max(0, 8 - front.length - back.length) : 0;
  const words = [...front, ...Array.from({ length: zeros }, () => '0'), ...back];
  return `${words.slice(0, 4).join(':')}::/64`;
}
