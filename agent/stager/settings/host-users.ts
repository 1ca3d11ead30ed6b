import { spawnSync } from 'node:child_process';

/** Directory services behind `getent` may hang. Milliseconds. */
const lookUpLimitMs = 5_000;

/** False only if the host has looked everywhere and found nobody: a directory service that is away says nothing. */
export const hasUser = (name: string): boolean =>
  spawnSync('getent', ['passwd', name], { stdio: 'ignore', timeout: lookUpLimitMs }).status !== 2;
