import { execFile } from 'node:child_process';
import * as z from 'zod';
import { CapstanError, type ErrorCode } from '../../../shared/model/errors.js';
import type { AppName, ReleaseVersion } from '../../../shared/model/ids.js';

export interface BuildToPublish {
  readonly app: AppName;
  readonly version: ReleaseVersion;
  /** Path of a tar file or folder. */
  readonly source: string;
}

export interface Publisher {
  /** The bundle of the command line. */
  readonly program: string;
  /** `host:port` of this coordinator, for operators. */
  readonly coordinator: string;
  /** What trusts and opens it; undefined under --insecure-loopback. */
  readonly files: { readonly ca: string; readonly token: string } | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Longer than any build takes; then it is stopped and tried again later. Milliseconds. */
const timeoutMs = 3_600_000;
const maxOutputBytes = 1024 * 1024;

/**
 * Publishes a build as any publisher does: with `capstan publish`, in a process of its own, so that reading and packing it takes
 * neither time nor memory from those who wait for the coordinator.
 * @throws CapstanError as `capstan publish` said it
 */
export async function publishBuild(
  { program, coordinator, files, env }: Publisher,
  { app, version, source }: BuildToPublish,
  signal: AbortSignal,
): Promise<{ readonly digest: string }> {
  const words = ['publish', source, '--app', app, '--version', version];
  const trust =
    files === undefined ? ['--insecure-loopback'] : ['--ca-file', files.ca, '--token-file', files.token];
  const how = ['--coordinator', coordinator, ...trust, '--output', 'json', '--quiet'];
  // The coordinator's own settings are none of the command's.
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('CAPSTAN_')));
  const options = { env: own, timeout: timeoutMs, maxBuffer: maxOutputBytes, signal };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...words, ...how], options, (error, stdout, stderr) => {
      if (error !== null) {
        reject(failureOf(stderr, error));
        return;
      }
      const read = published.safeParse(jsonOf(stdout));
      if (read.success) resolve(read.data);
      else reject(new CapstanError('internal', 'What `capstan publish` printed cannot be read.'));
    });
  });
}

const published = z.object({ digest: z.string() });

const codes: Readonly<Record<ErrorCode, true>> = {
  invalid: true,
  unreachable: true,
  refused: true,
  unauthenticated: true,
  permissionDenied: true,
  conflict: true,
  notFound: true,
  failed: true,
  unavailable: true,
  corrupt: true,
  cancelled: true,
  internal: true,
};
const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(codes, text);

const failed = z.object({
  error: z.object({
    code: z.string().refine(isErrorCode),
    message: z.string(),
    hint: z.string().optional(),
    location: z
      .object({ file: z.string().optional(), line: z.number().optional(), column: z.number().optional() })
      .optional(),
  }),
});

/** The error that the command told as the last line of what it wrote. */
function failureOf(stderr: string, cause: Error): CapstanError {
  const read = failed.safeParse(jsonOf(stderr.trimEnd().split('\n').at(-1) ?? ''));
  if (!read.success) return new CapstanError('internal', '`capstan publish` ended unexpectedly.', { cause });
  const { code, message, hint } = read.data.error;
  return new CapstanError(code, message, { cause, ...(hint === undefined ? {} : { hint }) });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
