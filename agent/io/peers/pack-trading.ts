import { readdir } from 'node:fs/promises';
import type { PeersAnswer, PeersQuestion, Serving } from '../../../shared/model/peers.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Logger } from '../../../shared/ports/logger.js';
import type { Sharing } from '../../stager/peers/exchange.js';
import type { Stager, StagerCallbacks } from '../stager-client.js';
import type { PeerIdentity } from './peer-credentials.js';
import { openPeerServer } from './peer-server.js';
import { PeerSpool } from './peer-spool.js';

export interface PackTradingOptions {
  readonly listen: { readonly host: string; readonly port: number };
  /** Where other nodes reach it, if not where it listens. */
  readonly advertise: { readonly host: string; readonly port: number } | undefined;
  /** Undefined under --insecure-loopback. */
  readonly identity: PeerIdentity | undefined;
  readonly slots: number;
  /** Of one connection; 0: no limit. */
  readonly bytesPerSecond: number;
  readonly sharing: Sharing;
  /** How long packs are kept that nobody asks for. Milliseconds. */
  readonly keepMs: number;
  readonly stager: Stager;
  readonly clock: Clock;
  readonly log: Logger;
  /** Asks the coordinator. */
  readonly find: (question: PeersQuestion) => Promise<PeersAnswer>;
  /** What is served is another. */
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}

/** Serving packs to other nodes, and fetching from them. */
export interface PackTrading {
  /** For a job that stages; undefined while it is not known yet what is in the spool. */
  begin(): TradingJob | undefined;
  serving(): Serving;
  /** Bytes of packs sent to other nodes since the start. */
  sentBytes(): number;
  /** This node has another certificate. */
  renew(identity: PeerIdentity): void;
  /** Space is short: lets go of what is kept. False if that is nothing. */
  makeRoom(): Promise<boolean>;
  close(): Promise<void>;
}

export interface TradingJob extends Required<Pick<StagerCallbacks, 'onSpooled' | 'onFindPeers'>> {
  readonly sharing: Sharing;
  /** To be called when the job has ended, however it has. */
  readonly end: () => void;
}

const trimEveryMs = 30_000;

/** @throws CapstanError if the address cannot be listened on, or must not be */
export async function openPackTrading(options: PackTradingOptions): Promise<PackTrading> {
  const { sharing, slots, clock, find, onChange } = options;
  const { spoolDir: dir, spoolBytes: maxBytes } = sharing;
  const spool = new PeerSpool({ dir, maxBytes, keepMs: options.keepMs, clock, onChange });
  const server = await openPeerServer({ ...options, spool });
  const { host, port } = options.advertise ?? server.address;
  const scheme = options.identity === undefined ? 'http' : 'https';
  const url = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const left = await readdir(dir).catch(() => []);
  let isKnown = left.length === 0;
  const looking = isKnown
    ? undefined
    : takeOver(options, spool).finally(() => {
        isKnown = true;
      });
  const timer = setInterval(() => {
    spool.trim();
  }, trimEveryMs);
  timer.unref();

  return {
    begin() {
      if (!isKnown) return undefined;
      const intake = spool.begin();
      return {
        sharing,
        onSpooled: (news) => {
          intake.add(news);
        },
        onFindPeers: find,
        end: () => {
          intake.end();
        },
      };
    },
    serving: () => ({ url, slots, packs: spool.packs() }),
    sentBytes: () => server.sentBytes(),
    renew: (identity) => {
      server.renew(identity);
    },
    makeRoom: () => spool.clear(),
    async close() {
      clearInterval(timer);
      await server.close();
      await looking;
    },
  };
}

/** What an earlier run has left is served again, once a child has read it back. */
async function takeOver(
  { sharing: { spoolDir }, keepMs, stager, clock, log, signal }: PackTradingOptions,
  spool: PeerSpool,
): Promise<void> {
  try {
    const { packs } = await stager.spool({ spoolDir, oldestAt: clock.now() - keepMs }, { signal });
    spool.load(packs);
  } catch (error) {
    if (!signal.aborted) log.warn('spool.notRead', { error });
  }
}
