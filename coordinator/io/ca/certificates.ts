import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { pinOfKey } from '../../../shared/identity/pin.js';
import type { Clock } from '../../../shared/ports/clock.js';
import { type AdminToken, openAdminToken } from '../admin-token.js';
import { type Authority, openAuthority } from './authority.js';
import { makeKey, readKey } from './key-file.js';
import { ServerCertificate } from './server-certificate.js';

/** What a coordinator that serves with TLS shows and goes by. */
export interface Certificates {
  readonly authority: Authority;
  readonly server: ServerCertificate;
  /** Of the key of all certificates that the coordinator ever shows: by it a server that trusts nobody yet knows it. */
  readonly serverPin: string;
  readonly adminToken: AdminToken;
  /** For programs on this host that are to reach it. */
  readonly files: { readonly ca: string; readonly token: string };
}

/**
 * Opens what the data directory has of it, and makes what it lacks.
 * @param hosts under which the coordinator is reached
 * @param lifeMs of a certificate. Milliseconds
 * @throws CapstanError as `openAuthority`, `readKey` and `openAdminToken`
 */
export async function openCertificates({
  dataDir,
  hosts,
  lifeMs,
  clock,
}: {
  readonly dataDir: string;
  readonly hosts: readonly string[];
  readonly lifeMs: number;
  readonly clock: Pick<Clock, 'now'>;
}): Promise<Certificates> {
  const authority = await openAuthority(dataDir, clock);
  const files = { ca: join(dataDir, 'ca', 'ca.crt'), token: join(dataDir, 'admin.token') };
  const adminToken = await openAdminToken(files.token);
  const keyFile = join(dataDir, 'ca', 'server.key');
  const key = readKey(keyFile, newKeyHint) ?? (await makeKey(keyFile));
  return {
    ...{ authority, server: new ServerCertificate({ authority, key, hosts, lifeMs, clock }) },
    ...{ serverPin: pinOfKey(createPublicKey(key)), adminToken, files },
  };
}

const newKeyHint =
  'Restore it from a backup, or remove it to have another one: nodes and operators do not notice, but commands that install agents have to be made anew.';
