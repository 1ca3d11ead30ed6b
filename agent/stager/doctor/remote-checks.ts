import { existsSync, readFileSync } from 'node:fs';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { formatDuration } from '../../../shared/core/duration.js';
import { object, oneOf, optional, parseAs, text } from '../../../shared/core/shapes.js';
import { ownProtocol, protocolKey } from '../../../shared/core/skew.js';
import { openStore } from '../../../shared/distribution/open-store.js';
import type { Environment } from '../../../shared/distribution/s3-credentials.js';
import { hostOfAddress } from '../../../shared/identity/channel.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { StoredIdentity } from '../identity/identity-file.js';
import { bad, type Finding, note, ok, said } from './finding.js';

/** How long somebody may take to answer. */
const deadlineMs = 5000;

/** A question of agents only. From somebody who is no node it is refused before it is read, so it changes nothing. */
const agentsPath = '/capstan.v1.AgentService/FindPeers';
/** As `shared/wire/status.ts` calls it, which takes more to load than one question is worth. */
const errorTrailer = 'capstan-error-bin';
/** A gRPC message without content. */
const emptyMessage = Buffer.alloc(5);
const unimplemented = '12';

interface Trust {
  /** Undefined: this server is no node yet. */
  readonly identity: StoredIdentity | undefined;
  /** Without TLS. */
  readonly insecureLoopback: boolean;
}

/** @param address host:port */
export async function checkCoordinator(
  address: string,
  { identity, insecureLoopback }: Trust,
): Promise<readonly Finding[]> {
  const check = `coordinator ${address}`;
  const hint = "agents use the address of the coordinator's --agent-listen";
  if (identity === undefined && !insecureLoopback) {
    return [note(check, 'not asked: it answers nodes only', 'look again when this server has enrolled')];
  }
  try {
    const sent = Date.now();
    const { status, type, date, refusal } = await ask(address, identity);
    const took = Date.now() - sent;
    if (!type.startsWith('application/grpc')) return [bad(check, 'what answers is not a coordinator', hint)];
    if (status === unimplemented) {
      const detail =
        'what answers does not serve agents: the --operator-listen of a coordinator, or another program';
      return [bad(check, detail, hint)];
    }
    const clock = checkClock(date, sent, took);
    // Without a certificate it does not know who asks, and refuses whoever does.
    const told = identity === undefined ? undefined : refusalIn(refusal);
    if (told !== undefined) return [bad(check, told.message, told.hint ?? hint), clock];
    const how = identity === undefined ? '' : ', and proves to be of the authority of this node';
    return [ok(check, `answers in ${took} ms${how}`), clock];
  } catch (error) {
    if (isOtherProtocol(error)) {
      const detail =
        'what answers does not speak gRPC: the --http-listen of a coordinator, or another program';
      return [bad(check, detail, hint)];
    }
    return [bad(check, said(error), hintFor(error, address))];
  }
}

const isRefusal = object<{ readonly code: 'refused'; readonly message: string; readonly hint?: string }>({
  code: oneOf(['refused']),
  message: text,
  hint: optional(text),
});

/** That this node is not wanted, or of a version that is too far away, in the coordinator's words. */
const refusalIn = (trailer: string) => parseAs(isRefusal, Buffer.from(trailer, 'base64').toString('utf8'));

/** What to do about a connection that did not come about. */
function hintFor(error: unknown, address: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const host = hostOfAddress(address);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `the name does not resolve here: \`getent hosts ${host}\` has to print its address; mend DNS or /etc/hosts`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `its certificate is not for ${host}: give the coordinator --advertise ${host}, or this agent a name that it has`;
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return 'the clocks are too far apart: let chrony or systemd-timesyncd set those of both machines';
  }
  if (/CERT|SIGNATURE|ISSUER/.test(code) && !code.startsWith('ERR_SSL')) {
    return 'it is of another authority than the one that this node enrolled with: compare `capstan ca show` with the pin of this node. A new coordinator needs `capstan-agent enrol --again`';
  }
  if (code.startsWith('ERR_SSL') && code.includes('ALERT')) {
    return 'it does not take the certificate of this node: see what is said of that, and of the clock';
  }
  return 'is it running, is this the address of its --agent-listen, and does a firewall let it through?';
}

const isOtherProtocol = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_HTTP2_ERROR';

interface CallAnswer {
  /** Of gRPC; '' if none was given. */
  readonly status: string;
  readonly type: string;
  readonly date: string | undefined;
  /** What went wrong, as the coordinator packs it; ''. */
  readonly refusal: string;
}

function ask(address: string, identity: StoredIdentity | undefined): Promise<CallAnswer> {
  return new Promise((resolve, reject) => {
    const session =
      identity === undefined
        ? connect(`http://${address}`)
        : connect(`https://${address}`, {
            ...{ ca: identity.ca, key: identity.key, cert: identity.certificate },
            minVersion: 'TLSv1.3',
          });
    const fail = (error: Error): void => {
      session.destroy();
      reject(error);
    };
    const timer = setTimeout(() => {
      fail(new Error(`no answer within ${formatDuration(deadlineMs)}`));
    }, deadlineMs);
    session.once('error', fail);
    session.once('close', () => clearTimeout(timer));
    const stream = session.request({
      ...{ ':method': 'POST', ':path': agentsPath },
      ...{ 'content-type': 'application/grpc', te: 'trailers', [protocolKey]: String(ownProtocol) },
    });
    let headers: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    stream.once('error', (error: Error) => fail(error.cause instanceof Error ? error.cause : error));
    stream.once('response', (received) => {
      headers = received;
    });
    stream.once('trailers', (received: IncomingHttpHeaders) => {
      trailers = received;
    });
    stream.once('close', () => {
      const status = trailers['grpc-status'] ?? headers['grpc-status'];
      const refusal = trailers[errorTrailer] ?? headers[errorTrailer];
      const type = headers['content-type'] ?? '';
      resolve({
        ...{ status: status?.toString() ?? '', type, date: headers.date },
        refusal: refusal?.toString() ?? '',
      });
      session.close();
    });
    stream.resume();
    stream.end(emptyMessage);
  });
}

/** Nothing we decide rests on this clock, but logs are read beside each other, and certificates have dates. */
const skewMs = { note: 5000, bad: 60_000 } as const;

function checkClock(date: string | undefined, sent: number, tookMs: number): Finding {
  const there = Date.parse(date ?? '');
  if (Number.isNaN(there)) {
    return note(
      'clock',
      'not known: the coordinator does not tell its time',
      'is a proxy between that drops it?',
    );
  }
  // Its time is in whole seconds, and from some moment of the call.
  const middle = sent + tookMs / 2;
  const off = Math.max(0, Math.abs(there + 500 - middle) - 500 - tookMs / 2);
  const detail = `within ${formatDuration(Math.max(1000, Math.ceil(off / 1000) * 1000))} of the coordinator's`;
  const hint = 'let chrony or systemd-timesyncd set the clocks of both machines';
  if (off > skewMs.bad) return bad('clock', detail, hint);
  return off > skewMs.note ? note('clock', detail, hint) : ok('clock', detail);
}

/** The stores of the last desired state. */
export function knownStores(desiredFile: string): readonly string[] {
  let desired: unknown;
  try {
    desired = JSON.parse(readFileSync(desiredFile, 'utf8'));
  } catch {
    return []; // none yet
  }
  const assignments = listIn(desired, 'assignments');
  const found = [desired, ...assignments].flatMap((each) => listIn(each, 'stores'));
  return [...new Set(found.filter((url) => typeof url === 'string'))];
}

function listIn(value: unknown, key: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const list: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return Array.isArray(list) ? list : [];
}

/** Asks for an object that no store has: any answer will do. */
export async function checkStore(
  url: string,
  access: { readonly env: Environment; readonly ca: string | undefined },
): Promise<Finding> {
  const check = `store ${url}`;
  const started = performance.now();
  try {
    const store = openStore(url, access);
    if (url.startsWith('file:') && !existsSync(new URL(url))) {
      return bad(check, 'there is no such directory', 'is what it lies on mounted?');
    }
    await store.has({ kind: 'manifests', hex: '0'.repeat(64) }, { signal: AbortSignal.timeout(deadlineMs) });
    return ok(check, `answers in ${Math.round(performance.now() - started)} ms`);
  } catch (error) {
    const { code, message, hint } = CapstanError.from(error);
    const detail = code === 'cancelled' ? `no answer within ${formatDuration(deadlineMs)}` : message;
    return bad(check, detail, hint ?? 'can this node reach it, and may it read there?');
  }
}
