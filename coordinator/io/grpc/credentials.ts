import { isIPv4 } from 'node:net';
import { ServerCredentials } from '@grpc/grpc-js';
import { CapstanError } from '../../../shared/model/errors.js';

/**
 * What the server shows of itself and asks of others. This version has no enrolment, so it serves on loopback only,
 * and only when told so.
 * @throws CapstanError `invalid` for any other listening address, and without --insecure-loopback
 */
export function serverCredentials({
  insecureLoopback,
  host,
}: {
  readonly insecureLoopback: boolean;
  /** Where it is to listen. */
  readonly host: string;
}): ServerCredentials {
  if (!insecureLoopback) {
    throw new CapstanError('invalid', 'Enrolment with certificates is not in this version of Capstan.', {
      hint: 'Give --insecure-loopback to serve agents and operators on this machine only.',
    });
  }
  if (!isLoopback(host)) {
    throw new CapstanError('invalid', `With --insecure-loopback the coordinator cannot listen on ${host}.`, {
      hint: 'Listen on 127.0.0.1, ::1 or localhost.',
    });
  }
  return ServerCredentials.createInsecure();
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
