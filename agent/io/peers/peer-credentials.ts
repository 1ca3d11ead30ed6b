import { createServer, type RequestListener, type Server } from 'node:http';
import { isIPv4 } from 'node:net';
import { CapstanError } from '../../../shared/model/errors.js';

/**
 * The server that other nodes fetch packs from: the one place that says what it shows of itself and asks of them. This
 * version has no enrolment, so it is plain HTTP, on loopback only and only when told so; with certificates it is to
 * ask for those that the coordinator asks for.
 * @throws CapstanError `invalid` for any other listening address, and without --insecure-loopback
 */
export function createPeerListener(
  { insecureLoopback, host }: { readonly insecureLoopback: boolean; readonly host: string },
  listener: RequestListener,
): Server {
  if (!insecureLoopback) {
    throw new CapstanError('invalid', 'Enrolment with certificates is not in this version of Capstan.', {
      hint: 'Give --insecure-loopback to serve packs on this machine only.',
    });
  }
  if (!isLoopback(host)) {
    throw new CapstanError('invalid', `With --insecure-loopback the agent cannot serve packs on ${host}.`, {
      hint: 'Listen on 127.0.0.1, ::1 or localhost.',
    });
  }
  return createServer(listener);
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
