import { substitute } from '../../core/values.js';

type Values = Readonly<Record<string, string>>;

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

/** What is connected to is no secret; a value that makes no address of it may be one, so that it is left out then. */
export function shownAddress(address: string, values: Values): string {
  const put = substitute(address, values);
  return targetAt(put) === undefined ? address : put;
}

/** The same for a URL: its host and port, and neither its path and query nor a password. */
export function shownUrl(url: string, values: Values): string {
  const [, scheme = '', who = '', host = '', rest = ''] =
    /^(https?:\/\/)([^/?#]*@)?([^/?#]*)(.*)$/s.exec(url) ?? [];
  const put = substitute(host, values);
  return isHost(put) ? `${scheme}${who}${put}${rest}` : url;
}

/** A host, and a port if one is said. */
const isHost = (text: string): boolean => /^(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?$/.test(text);
