import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { type SecureContextOptions, TLSSocket } from 'node:tls';
import { isLoopback } from '../../../shared/core/loopback.js';
import { readIdentityUri } from '../../../shared/identity/identity-uri.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Clock } from '../../../shared/ports/clock.js';

/** What this node shows to others, and whom it believes. */
export interface PeerIdentity {
  readonly tls: SecureContextOptions;
  /** By how much this host's clock is ahead of the coordinator's. Milliseconds. */
  readonly aheadMs: number;
}

export interface PeerListener {
  readonly server: Server;
  /** From the next connection on with another certificate. */
  renew(identity: PeerIdentity): void;
}

interface PeerListenerOptions {
  /** Undefined: plain HTTP, which is for loopback only. */
  readonly identity: PeerIdentity | undefined;
  readonly host: string;
  readonly clock: Pick<Clock, 'now'>;
}

/** Two round trips, and some signing. Milliseconds. */
const handshakeMs = 5_000;

/**
 * The server that other nodes fetch packs from: the one place that says what it shows of itself and asks of them. That is
 * mutual TLS 1.3, with certificates of nodes of the fleet's own authority.
 * @throws CapstanError `invalid` for any address that is not loopback, without an identity
 */
export function createPeerListener(options: PeerListenerOptions, listener: RequestListener): PeerListener {
  const { identity, host, clock } = options;
  if (identity === undefined) {
    if (isLoopback(host)) return { server: createServer(listener), renew: () => undefined };
    throw new CapstanError('invalid', `With --insecure-loopback the agent cannot serve packs on ${host}.`, {
      hint: 'Listen on 127.0.0.1, ::1 or localhost.',
    });
  }
  let { aheadMs } = identity;
  /** Until when the certificate of who is connected lasts, by the coordinator's clock: a connection may outlive it. */
  const endings = new WeakMap<Socket, number>();
  const isNode = ({ socket }: IncomingMessage): boolean => {
    const endsAt = endings.get(socket) ?? endOfCertificate(socket);
    endings.set(socket, endsAt);
    return clock.now() - aheadMs < endsAt;
  };
  const https = process.getBuiltinModule('node:https'); // of most agents nothing is fetched
  const server = https.createServer(
    { ...identity.tls, requestCert: true, rejectUnauthorized: true, handshakeTimeout: handshakeMs },
    (request, response) => {
      if (isNode(request)) listener(request, response);
      else response.writeHead(403, { connection: 'close' }).end();
    },
  );
  return {
    server,
    renew(renewed) {
      ({ aheadMs } = renewed);
      server.setSecureContext(renewed.tls);
    },
  };
}

/** Of who is a node; 0 for others. Milliseconds since the epoch. */
function endOfCertificate(socket: Socket): number {
  if (!(socket instanceof TLSSocket)) return 0;
  const { subjectaltname, valid_to: validTo } = socket.getPeerCertificate();
  return readIdentityUri(subjectaltname) === undefined ? 0 : Date.parse(validTo);
}
