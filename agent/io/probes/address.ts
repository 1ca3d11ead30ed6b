/** Where a probe connects to. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** What is said of an address that is none; not the address itself, for values may be secrets. */
export const noAddress = 'with the values of this node, it is not host:port';

/** `host:port`, values put in; undefined if they make something else of it. */
export function targetAt(address: string): Target | undefined {
  const [, host = '', port = ''] = /^\[?([^\]]*)\]?:(\d{1,5})$/.exec(address) ?? [];
  return host === '' || port === '' || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}
