import { Metadata, type StatusObject, status } from '@grpc/grpc-js';
import { CapstanError, type ErrorCode } from '../model/errors.js';

/** Carries the whole error as JSON beside the gRPC status, so that the other side says the same sentence. */
export const errorTrailer = 'capstan-error-bin';

/** What gRPC itself knows of it, for clients that are not ours. */
const pushbackTrailer = 'grpc-retry-pushback-ms';

const codes: Readonly<Record<ErrorCode, status>> = {
  invalid: status.INVALID_ARGUMENT,
  unreachable: status.UNAVAILABLE,
  refused: status.FAILED_PRECONDITION,
  unauthenticated: status.UNAUTHENTICATED,
  permissionDenied: status.PERMISSION_DENIED,
  conflict: status.ALREADY_EXISTS,
  notFound: status.NOT_FOUND,
  failed: status.ABORTED,
  unavailable: status.UNAVAILABLE,
  corrupt: status.DATA_LOSS,
  cancelled: status.CANCELLED,
  internal: status.INTERNAL,
};

/** Characters of a sentence: a call whose trailers are longer than HTTP/2 allows takes its whole connection with it. */
const maxSaid = 2000;

const cut = (text: string): string =>
  text.length > maxSaid ? `${Buffer.from(text.slice(0, maxSaid)).toString()}…` : text; // no half of a surrogate pair

/** How a server answers a call that failed. `unavailable` with a time to wait is a push-back, not an outage. */
export function statusFromError(thrown: unknown): Pick<StatusObject, 'code' | 'details' | 'metadata'> {
  const { code, message, hint, location, retryAfterMs } = CapstanError.from(thrown);
  const metadata = new Metadata();
  const text = cut(message);
  const place = location?.file === undefined ? location : { ...location, file: cut(location.file) };
  const said = {
    code,
    message: text,
    hint: hint === undefined ? hint : cut(hint),
    location: place,
    retryAfterMs,
  };
  metadata.set(errorTrailer, Buffer.from(JSON.stringify(said)));
  const pushedBack = code === 'unavailable' && retryAfterMs !== undefined;
  if (pushedBack) metadata.set(pushbackTrailer, String(Math.ceil(retryAfterMs)));
  return { code: pushedBack ? status.RESOURCE_EXHAUSTED : codes[code], details: text, metadata };
}
