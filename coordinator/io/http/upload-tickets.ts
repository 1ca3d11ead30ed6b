import { createHmac, timingSafeEqual } from 'node:crypto';

/** Who may put objects into the built-in store: whoever was given a ticket over the operators' gRPC service. */
export interface UploadTickets {
  /**
   * A bearer token that is good for `lifetimeMs`, and no longer than what it is issued for.
   * @param holder the hash of an operator's token; undefined: of nobody's
   */
  issue(holder?: string): string;
  accepts(ticket: string): boolean;
}

interface UploadTicketOptions {
  /** At least 32 random bytes. With another secret (after a restart) older tickets are worth nothing. */
  readonly secret: Buffer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly lifetimeMs?: number;
  /** Whether the operator's token with this hash is still good; absent: there are none. */
  readonly isGood?: (holder: string) => boolean;
}

/** Tickets that carry their own end, under a keyed hash: nothing to store, nothing to purge. */
export function createUploadTickets({
  secret,
  now,
  lifetimeMs = 3_600_000,
  isGood = () => false,
}: UploadTicketOptions): UploadTickets {
  const seal = (said: string): Buffer => createHmac('sha256', secret).update(`upload ${said}`).digest();
  return {
    issue(holder = '') {
      const said = `${now() + lifetimeMs}.${holder}`;
      return `${said}.${seal(said).toString('hex')}`;
    },
    accepts(ticket) {
      const [, said, end, holder, hex] =
        /^((\d{1,16})\.([0-9a-f]{0,64}))\.([0-9a-f]{64})$/.exec(ticket) ?? [];
      if (said === undefined || hex === undefined) return false;
      if (!timingSafeEqual(Buffer.from(hex, 'hex'), seal(said)) || now() >= Number(end)) return false;
      return holder === undefined || holder === '' || isGood(holder);
    },
  };
}
