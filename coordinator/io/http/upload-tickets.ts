import { createHmac, timingSafeEqual } from 'node:crypto';

/** Who may put objects into the built-in store: whoever was given a ticket over the operators' gRPC service. */
export interface UploadTickets {
  /** A bearer token that is good for `lifetimeMs`. */
  issue(): string;
  accepts(ticket: string): boolean;
}

interface UploadTicketOptions {
  /** At least 32 random bytes. With another secret (after a restart) older tickets are worth nothing. */
  readonly secret: Buffer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly lifetimeMs?: number;
}

/** Tickets that carry their own end, under a keyed hash: nothing to store, nothing to purge. */
export function createUploadTickets({
  secret,
  now,
  lifetimeMs = 3_600_000,
}: UploadTicketOptions): UploadTickets {
  const seal = (end: string): Buffer => createHmac('sha256', secret).update(`upload until ${end}`).digest();
  return {
    issue() {
      const end = String(now() + lifetimeMs);
      return `${end}.${seal(end).toString('hex')}`;
    },
    accepts(ticket) {
      const [, end, hex] = /^(\d{1,16})\.([0-9a-f]{64})$/.exec(ticket) ?? [];
      if (end === undefined || hex === undefined) return false;
      return timingSafeEqual(Buffer.from(hex, 'hex'), seal(end)) && now() < Number(end);
    },
  };
}
