import { shortKeyId } from '../../../shared/core/envelope.js';
import type { PublicKey } from '../../../shared/model/ids.js';
import type { Paint } from '../terminal/style.js';
import { oneLine } from '../terminal/table.js';

/** A key as `--output json` prints it; nothing of what is secret. */
export const keyJson = (file: string, publicKey: PublicKey, keyId: string) => ({ file, keyId, publicKey });

type KeyJson = ReturnType<typeof keyJson>;

/** For people; results are the public key alone, so that `$(capstan key show FILE)` is one. */
export const keyRemark = ({ file, keyId }: KeyJson): string => oneLine(`key ${shortKeyId(keyId)} in ${file}`);

/** The order matters: at no time is there a node that trusts neither. */
export function rotationText(
  { retired, key }: { readonly retired: KeyJson; readonly key: KeyJson },
  paint: Paint,
): string {
  const step = (at: number, text: string): string => `${paint('strong', `${at}.`)} ${oneLine(text)}`;
  return [
    oneLine(
      `Key ${shortKeyId(key.keyId)} in ${key.file} follows key ${shortKeyId(retired.keyId)} in ${retired.file}.`,
    ),
    '',
    step(1, "On every node, add this line under trust.keys in the agent's conf.d, beside the old one:"),
    `     - ${key.publicKey}`,
    step(2, 'Sign with the new key from now on, and what runs and may be gone back to as well:'),
    oneLine(`     capstan release sign APP@VERSION --key ${key.file}`),
    step(3, 'When no node runs anything that only the old key signed, remove this line everywhere:'),
    `     - ${retired.publicKey}`,
    step(4, `Destroy ${retired.file}.`),
    '',
    'If the old key is in wrong hands, begin with 1 and 3 at once: what runs keeps running.',
    '',
  ].join('\n');
}
