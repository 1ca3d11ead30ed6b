import { createPrivateKey, X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { renewInMs } from '../../../shared/core/certificate-times.js';
import { formatDuration } from '../../../shared/core/duration.js';
import { pinOf } from '../../../shared/identity/pin.js';
import type { StoredIdentity } from '../identity/identity-file.js';
import { bad, type Finding, note, ok, said } from './finding.js';

const anew =
  '`capstan node decommission NODE` by an operator, then `capstan-agent enrol --again` with a new token';

/** This server as a node: whose it is, until when, and who else could be it. */
export function checkIdentity(
  identity: StoredIdentity | undefined,
  stateDir: string,
  now = Date.now(),
): readonly Finding[] {
  if (identity === undefined) {
    const hint =
      'run the command that `capstan token create` prints, or `capstan-agent enrol --coordinator HOST:7601 --pin PIN --token-file FILE`';
    return [bad('identity', 'this server is no node yet: it has not enrolled', hint)];
  }
  return [checkCertificate(identity, now), checkKeyFile(join(stateDir, 'identity.json'))];
}

function checkCertificate({ name, key, certificate, ca, aheadMs }: StoredIdentity, now: number): Finding {
  const check = 'identity';
  let own: X509Certificate;
  let authority: X509Certificate;
  try {
    own = new X509Certificate(certificate);
    authority = new X509Certificate(ca);
    if (!own.checkPrivateKey(createPrivateKey(key)))
      return bad(check, `the certificate of ${name} is for another key`, anew);
  } catch (error) {
    return bad(check, `the certificate of ${name} cannot be read: ${said(error)}`, anew);
  }
  const pin = pinOf(authority);
  if (!own.verify(authority.publicKey)) {
    return bad(check, `the certificate of ${name} is not of the authority with the pin ${pin}`, anew);
  }
  // Certificates are of the coordinator's time.
  const there = now - aheadMs;
  const validity = { notBefore: Date.parse(own.validFrom), notAfter: Date.parse(own.validTo) };
  const end = new Date(validity.notAfter).toISOString().replace('.000Z', 'Z');
  if (there >= validity.notAfter) return bad(check, `the certificate of ${name} has expired: ${end}`, anew);
  if (there < validity.notBefore) {
    const hint = 'let chrony or systemd-timesyncd set the clock of this host';
    return bad(
      check,
      `the certificate of ${name} is not valid yet: its day is ahead of this host's clock`,
      hint,
    );
  }
  const left = formatDuration(Math.max(1000, Math.floor((validity.notAfter - there) / 1000) * 1000));
  const detail = `${name}, by the authority ${pin}; certificate until ${end}, for ${left}`;
  if (renewInMs(validity, there) > 0) return ok(check, detail);
  const hint = 'is the agent running? If so `journalctl -u capstan-agent -g certificate.notRenewed` says why';
  return note(check, `${detail}: it is due to be renewed`, hint);
}

/** Whoever reads it can be this node. */
function checkKeyFile(file: string): Finding {
  const { mode } = statSync(file);
  if ((mode & 0o077) === 0) return ok('key', `${file} is for its owner alone`);
  const detail = `${file} can be read by others than its owner: the node's key is in it`;
  return bad('key', detail, `chmod 600 ${file}; if somebody may have read it, ${anew}`);
}
