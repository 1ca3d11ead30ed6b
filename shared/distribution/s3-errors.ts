import { printable } from '../core/printable.js';
import { CapstanError } from '../model/errors.js';
import type { HttpRefusal } from './http-store.js';
import type { S3Location } from './s3-location.js';

/** Codes that mean: again, a little later. */
const passing: ReadonlySet<string> = new Set([
  'SlowDown',
  'ServiceUnavailable',
  'InternalError',
  'RequestTimeout',
  'OperationAborted',
  'ConditionalRequestConflict',
  'TooManyRequests',
  'Throttling',
]);

/**
 * What a refusal of S3 means, in a sentence; undefined where the status says as much.
 * @param signed whether there were credentials
 */
export function explainS3(
  { url, status, headers, body }: HttpRefusal,
  { bucket, endpoint }: S3Location,
  signed: boolean,
): CapstanError | undefined {
  // The body may be cut off, and so cannot be parsed as a whole; its code comes first.
  const code = tagIn(body, 'Code');
  const region = tagIn(body, 'Region') ?? single(headers['x-amz-bucket-region']);
  const told = `${code ?? `status ${status}`}${saidIn(body)}`;
  if (code === 'NoSuchKey') return undefined;
  if (code === 'NoSuchBucket') {
    return new CapstanError('refused', `there is no bucket "${bucket}" at ${endpoint}`, {
      hint: 'make it, or mend the URL of the store',
    });
  }
  if (code === 'RequestTimeTooSkewed') return skewed(endpoint, headers.date);
  if (status === 301 || code === 'PermanentRedirect' || code === 'AuthorizationHeaderMalformed') {
    return new CapstanError('refused', `${endpoint} does not serve the bucket "${bucket}": ${told}`, {
      hint: `the bucket is in another region: add region=${region ?? '…'} to the URL of the store`,
    });
  }
  if ((code !== undefined && passing.has(code)) || status >= 502 || status === 429 || status === 500) {
    return new CapstanError('unreachable', `${new URL(url).origin} cannot answer now: ${told}`);
  }
  if (status === 401 || status === 403) {
    return new CapstanError('refused', `${endpoint} refuses ${pathOf(url)}: ${told}`, {
      hint: hintFor(code, signed),
    });
  }
  return code === undefined
    ? undefined
    : new CapstanError('failed', `${endpoint} does not do what was asked for with ${pathOf(url)}: ${told}`);
}

function hintFor(code: string | undefined, signed: boolean): string {
  if (!signed) {
    return 'there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE';
  }
  switch (code) {
    case 'SignatureDoesNotMatch':
      return 'the secret does not belong to the access key';
    case 'InvalidAccessKeyId':
      return 'the access key is not known there';
    case 'ExpiredToken':
    case 'InvalidToken':
    case 'TokenRefreshRequired':
      return 'the session token is not good any more: get new credentials';
    default:
      return 'reading needs s3:GetObject and s3:ListBucket; publishing s3:PutObject too; gc s3:DeleteObject too';
  }
}

/** Signatures hold for 15 minutes around the server's time. */
function skewed(endpoint: string, date: string | undefined): CapstanError {
  const theirs = date === undefined ? Number.NaN : Date.parse(date);
  const minutes = Math.round((Date.now() - theirs) / 60_000);
  const off = !(Math.abs(minutes) >= 1)
    ? 'too far off'
    : `${Math.abs(minutes)} minutes ${minutes < 0 ? 'behind' : 'ahead'}`;
  return new CapstanError(
    'refused',
    `${endpoint} refuses the request because this machine's clock is ${off}`,
    { hint: 'set the clock of this machine, and keep it set with NTP' },
  );
}

const saidIn = (body: string): string => {
  const message = tagIn(body, 'Message');
  return message === undefined ? '' : ` (${message})`;
};

const tagIn = (body: string, tag: string): string | undefined => {
  const found = new RegExp(`<${tag}>([^<]{1,1000})</${tag}>`).exec(body)?.[1];
  return found === undefined ? undefined : printable(found);
};

const single = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

const pathOf = (url: string): string => new URL(url).pathname;
