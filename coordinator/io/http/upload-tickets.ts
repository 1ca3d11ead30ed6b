import { createHmac, timingSafeEqual } from 'node:crypto';

/** Who may put objects into the built-in store: whoever was given a ticket over the operators' gRPC service. */
export interface UploadTickets {
  /**
   * A bearer token that is good for `lifetimeMs`, and no longer than what it is issued for.
   * @param holder the hash of an operator's token; undefined: of nobody's
   */
  issue(holder?: string): string;
  accepts(ticket: string): boolean;
  /**
   * An upload begins with a ticket that is accepted.
   * @returns to be called when it is over; undefined: its holder has as many under way as it may
   */
  begin(ticket: string): (() => void) | undefined;
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

/** Uploads of one holder at once. A publisher has one under way, and a token may be that of many pipelines. */
const maxUploads = 32;

/** Tickets that carry their own end, under a keyed hash: nothing to store, nothing to purge. */
export function createUploadTickets({
  secret,
  now,
  lifetimeMs = 3_600_000,
  isGood = () => false,
}: UploadTicketOptions): UploadTickets {
  const seal = (said: string): Buffer => createHmac('sha256', secret).update(`upload ${said}`).digest();
  const uploads = new Map<string, number>();
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
    begin(ticket) {
      const [, holder = ''] = ticket.split('.');
      const underWay = uploads.get(holder) ?? 0;
      if (underWay >= maxUploads) return undefined;
      uploads.set(holder, underWay + 1);
      return () => {
        const left = (uploads.get(holder) ?? 0) - 1;
        if (left > 0) uploads.set(holder, left);
        else uploads.delete(holder);
      };
    },
  };
}
