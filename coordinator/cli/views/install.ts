import { shellWord } from '../../../shared/core/shell-word.js';
import { isPin, pinForCurl } from '../../../shared/identity/pin.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { PublicKey } from '../../../shared/model/ids.js';
import type { CaView } from '../../../shared/wire/operator-client.js';

/** What a new server is given beside the package. */
export interface Given {
  readonly joinToken?: string;
  /** Publishers whose releases it may run. */
  readonly trust: readonly PublicKey[];
}

/**
 * The command that installs the agent on a server that knows nobody yet; undefined while the coordinator has no package
 * for one. `-k`: neither the name nor the authority can be checked there, so the key is, before anything is sent or run. The
 * token is in the environment of the shell that runs the script, and no argument of anything.
 */
export function installLine({ installUrl, serverPin }: CaView, given: Given): string | undefined {
  if (installUrl === '') return undefined;
  if (!isPin(serverPin) || !/^https:\/\/[\x21-\x7e]+$/.test(installUrl)) {
    throw new CapstanError('internal', 'The coordinator does not tell how it is reached by new servers.');
  }
  const token = given.joinToken === undefined ? '' : `CAPSTAN_JOIN_TOKEN=${shellWord(given.joinToken)} `;
  const trust = given.trust.map((key) => ` --trust ${shellWord(key)}`).join('');
  const curl = `curl -fsSk --pinnedpubkey ${pinForCurl(serverPin)} ${shellWord(installUrl)}`;
  return `${curl} | ${token}sh${trust === '' ? '' : ` -s --${trust}`}`;
}

/** Where the coordinator is called from elsewhere; one that is older does not say. */
export const calledAt = ({ operatorAddress }: CaView): string =>
  /^[\x21-\x7e]+:\d{1,5}$/.test(operatorAddress) ? operatorAddress : 'HOST:7601';

export const noPackageHint =
  'Put capstan-agent_VERSION_ARCH.deb into the folder of its --packages-dir, <data-dir>/packages if nothing else was said.';
