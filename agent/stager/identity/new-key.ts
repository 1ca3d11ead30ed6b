import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../../shared/io/durable-file.js';
import { CapstanError } from '../../../shared/model/errors.js';

export const makeKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

export const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const pendingIn = (stateDir: string): string => join(stateDir, 'enrolment.key');

/**
 * The key of an enrolment that is not over: the same one after a crash or a lost answer, so that trying again is no second
 * enrolment for the coordinator.
 */
export async function pendingKey(stateDir: string): Promise<KeyObject> {
  const file = pendingIn(stateDir);
  const kept = await readFile(file, 'utf8').catch(() => '');
  try {
    return createPrivateKey(kept);
  } catch {
    const key = makeKey(); // there was none, or a damaged one
    await writeDurably(file, pemOf(key), { mode: 0o600 });
    return key;
  }
}

export const endPending = (stateDir: string): Promise<void> => rm(pendingIn(stateDir), { force: true });

/**
 * What the coordinator has answered with, looked at.
 * @throws CapstanError `corrupt` if it is no certificate for this key
 */
export function certificateFor(key: KeyObject, der: Uint8Array): X509Certificate {
  try {
    const certificate = new X509Certificate(der);
    if (certificate.checkPrivateKey(key)) return certificate;
  } catch {
    // told below
  }
  throw new CapstanError(
    'corrupt',
    'The coordinator answered with something that is no certificate for this node.',
  );
}
