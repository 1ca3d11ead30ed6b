import { isWildcard } from '../../../shared/core/loopback.js';
import { isPeerUrl, type Serving } from '../../../shared/model/peers.js';

/**
 * What a node offers, as others reach it: one that listens on all of its addresses is known by the one that it calls from.
 * @param address its remote `host:port`, an IPv6 address with or without brackets
 */
export function reachable(serving: Serving, address: string): Serving {
  const [, scheme = '', host = '', port = ''] = /^(https?):\/\/(.+):(\d+)$/.exec(serving.url) ?? [];
  if (!isWildcard(host)) return serving;
  const [, remote = ''] = /^(.+):\d+$/.exec(address) ?? [];
  const from = remote.replace(/^\[|\]$/g, '').replace(/^::ffff:(?=\d+\.)/i, '');
  const url = `${scheme}://${from.includes(':') ? `[${from}]` : from}:${port}`;
  return isPeerUrl(url) ? { ...serving, url } : serving;
}
