import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import { renewInMs, type Validity, validFor } from '../../../shared/core/certificate-times.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Authority } from './authority.js';

interface ServerCertificateOptions {
  readonly authority: Authority;
  /** Private. The same for all certificates: whoever has to know the coordinator without its authority goes by this one. */
  readonly key: KeyObject;
  /** Names and addresses under which this coordinator is reached. */
  readonly hosts: readonly string[];
  /** Milliseconds. */
  readonly lifeMs: number;
  readonly clock: Pick<Clock, 'now'>;
}

/** How often it is looked at, at most: timers know nothing of a clock that is set, nor of a machine that slept. */
const lookEveryMs = 60_000;

/**
 * What this coordinator shows of itself on its ports. Whoever connects trusts the authority, so that nobody notices when
 * it changes.
 */
export class ServerCertificate {
  readonly #options: ServerCertificateOptions;
  readonly #listeners = new Set<(context: SecureContextOptions) => void>();
  readonly #timer: NodeJS.Timeout;
  #validity: Validity;
  #context: SecureContextOptions;

  constructor(options: ServerCertificateOptions) {
    this.#options = options;
    [this.#context, this.#validity] = this.#make();
    const everyMs = Math.min(lookEveryMs, Math.max(100, options.lifeMs / 10));
    this.#timer = setInterval(() => {
      this.#look();
    }, everyMs).unref();
  }

  /** For a TLS server. */
  get context(): SecureContextOptions {
    return this.#context;
  }

  /** Told each new one. */
  onRenewal(listener: (context: SecureContextOptions) => void): void {
    this.#listeners.add(listener);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = this.#options.clock.now();
    const isDue = renewInMs(this.#validity, now) === 0 || now < this.#validity.notBefore;
    if (!isDue) return;
    [this.#context, this.#validity] = this.#make();
    for (const listener of this.#listeners) listener(this.#context);
  }

  #make(): [SecureContextOptions, Validity] {
    const { authority, key, hosts, lifeMs, clock } = this.#options;
    const validity = validFor(lifeMs, clock.now());
    const issued = authority.issue({ kind: 'server', hosts }, createPublicKey(key), lifeMs);
    const certificate = new X509Certificate(issued);
    const context: SecureContextOptions = {
      key: key.export({ type: 'pkcs8', format: 'pem' }),
      // With the authority's own, since whoever has only its pin cannot know it otherwise.
      cert: `${certificate.toString()}${authority.certificate}`,
      ca: authority.certificate,
      minVersion: 'TLSv1.3',
    };
    return [context, validity];
  }
}
