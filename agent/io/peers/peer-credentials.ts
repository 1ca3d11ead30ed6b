import { createServer, type RequestListener, type Server } from 'node:http';
import { isLoopback } from '../../../shared/core/loopback.js';
import { CapstanError } from '../../../shared/model/errors.js';

/**
 * The server that other nodes fetch packs from: the one place that says what it shows of itself and asks of them. In this
 * version it is plain HTTP, on loopback only and only when told so; a node that has enrolled could show its certificate, and
 * ask for one of the same authority.
 * @throws CapstanError `invalid` for any other listening address, and without --insecure-loopback
 */
export function createPeerListener(
  { insecureLoopback, host }: { readonly insecureLoopback: boolean; readonly host: string },
  listener: RequestListener,
): Server {
  if (!insecureLoopback) {
    throw new CapstanError(
      'invalid',
      'Packs are served to other nodes with --insecure-loopback only in this version.',
      {
        hint: 'Leave --peer-listen out: packs are fetched from stores then.',
      },
    );
  }
  if (!isLoopback(host)) {
    throw new CapstanError('invalid', `With --insecure-loopback the agent cannot serve packs on ${host}.`, {
      hint: 'Listen on 127.0.0.1, ::1 or localhost.',
    });
  }
  return createServer(listener);
}
