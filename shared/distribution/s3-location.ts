import { CapstanError } from '../model/errors.js';

/** Where a store is in S3 or its kin. */
export interface S3Location {
  /** As it was given, for messages. Holds no secrets. */
  readonly url: string;
  readonly bucket: string;
  /** Below which the objects lie, without slashes at its ends; '' for the whole bucket. */
  readonly prefix: string;
  /** Scheme and host of the service, without a path. */
  readonly endpoint: string;
  /** Undefined: as the environment says. */
  readonly region: string | undefined;
  /** The bucket's own URL, without a slash at the end. */
  readonly bucketUrl: string;
}

const parameters = ['endpoint', 'region', 'style'] as const;
const hint =
  'give s3://bucket/prefix?endpoint=https://…&region=…&style=path; all but the bucket may be left out';

/**
 * Reads `s3://bucket/prefix?endpoint=https://…&region=…&style=path|virtual`. Without an endpoint it is Amazon's. The
 * bucket is part of the path where an endpoint is given, and of the host name otherwise.
 * @throws CapstanError `invalid`
 */
export function parseS3Url(text: string): S3Location {
  const fail = (problem: string): CapstanError => new CapstanError('invalid', problem, { hint });
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw fail('the URL of the s3: store is not one');
  }
  if (url.username !== '' || url.password !== '') {
    throw new CapstanError('invalid', 'the URL of an s3: store must not hold credentials', {
      hint: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE',
    });
  }
  const named = `the store s3://${url.host}${url.pathname}`;
  for (const key of url.searchParams.keys()) {
    if (!parameters.some((known) => known === key)) throw fail(`${named} has an unknown parameter "${key}"`);
  }
  const bucket = url.host;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/.test(bucket)) {
    throw fail(`"${bucket}" cannot be the name of a bucket`);
  }
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '');
  if (!/^(?:[\w.-]+(?:\/[\w.-]+)*)?$/.test(prefix) || prefix.split('/').includes('..')) {
    throw fail(`the prefix of ${named} may hold letters, digits, ".", "_", "-" and single slashes`);
  }
  const region = url.searchParams.get('region') ?? undefined;
  if (region !== undefined && !/^[a-z0-9-]{1,63}$/.test(region)) {
    throw fail(`"${region}" cannot be a region`);
  }
  const given = url.searchParams.get('endpoint');
  const endpoint = given === null ? amazon(region) : endpointOf(given, fail);
  // A wildcard certificate covers one label only: a bucket with a dot in it needs the path.
  const style =
    url.searchParams.get('style') ?? (given === null && !bucket.includes('.') ? 'virtual' : 'path');
  if (style !== 'path' && style !== 'virtual') throw fail('style is either path or virtual');
  const { protocol, host } = new URL(endpoint);
  const bucketUrl = style === 'path' ? `${endpoint}/${bucket}` : `${protocol}//${bucket}.${host}`;
  return { url: text, bucket, prefix, endpoint, region, bucketUrl };
}

const amazon = (region: string | undefined): string =>
  region === undefined ? 'https://s3.amazonaws.com' : `https://s3.${region}.amazonaws.com`;

function endpointOf(text: string, fail: (problem: string) => CapstanError): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw fail(`the endpoint "${text}" is not a URL`);
  }
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isHttp || url.pathname !== '/' || url.search !== '' || url.username !== '' || url.password !== '') {
    throw fail('the endpoint of an s3: store is https://host or https://host:port, and nothing else');
  }
  return url.origin;
}
