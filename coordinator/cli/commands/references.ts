import { randomUUID } from 'node:crypto';
import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../../../shared/core/duration.js';
import {
  type AppName,
  dnsLabelRule,
  type EnvName,
  isAppName,
  isConsumerName,
  isEnvName,
  isReleaseVersion,
  type ReleaseVersion,
  versionRule,
} from '../../../shared/model/ids.js';

/** One application's release, `web@1.4.0` on the command line. */
export interface ReleaseName {
  readonly app: AppName;
  readonly version: ReleaseVersion;
}

/** An argument `APP@V`. */
export function releaseName(text: string): ReleaseName {
  const at = text.indexOf('@');
  if (at <= 0 || at === text.length - 1)
    throw new InvalidArgumentError('Give it as APP@VERSION, such as web@1.4.0.');
  return { app: appName(text.slice(0, at)), version: version(text.slice(at + 1)) };
}

/** An environment's identity, `web/production` on the command line. */
export interface EnvironmentName {
  readonly app: AppName;
  readonly env: EnvName;
}

/** An argument `APP/ENV`. */
export function environmentName(text: string): EnvironmentName {
  const [app = '', env = '', ...more] = text.split('/');
  if (app !== '' && more.length === 0 && isEnvName(env)) return { app: appName(app), env };
  throw new InvalidArgumentError('Give it as APP/ENV, such as web/production.');
}

/** An environment, or all of an application: then `env` is ''. */
export interface Scope {
  readonly app: AppName;
  readonly env: EnvName | '';
}

/** An argument `APP/ENV` or `APP`. */
export const scope = (text: string): Scope =>
  text.includes('/') ? environmentName(text) : { app: appName(text), env: '' };

export function appName(text: string): AppName {
  if (isAppName(text)) return text;
  throw new InvalidArgumentError(`A name is ${dnsLabelRule}.`);
}

export function version(text: string): ReleaseVersion {
  if (isReleaseVersion(text)) return text;
  throw new InvalidArgumentError(`A version is ${versionRule}.`);
}

/** An option such as `--timeout 30m`, in milliseconds. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError('Give a duration such as 30s, 10m or 1h30m.');
}

export function consumerName(text: string): string {
  if (isConsumerName(text)) return text;
  throw new InvalidArgumentError(`A name is ${dnsLabelRule}.`);
}

/** Of an event; 0 is before the first. */
export function position(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('Give the position of an event, a whole number.');
}

export function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Give a whole number above 0.');
}

/** Collects an option that may be given several times. */
export const collect = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  text,
];

/** A reason that has to be given. */
export function given(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('Say why in a few words.');
}

/** One key a command: a call that is sent again after a lost answer changes nothing twice (spinnaker#5085). */
export const newIdempotencyKey = (): string => randomUUID();
