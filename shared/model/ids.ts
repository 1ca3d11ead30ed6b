/**
 * Branded identifiers. A value of one of these types has been checked once, at the edge; inside the
 * program it is passed on without being checked again.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type AppName = Branded<'AppName'>;
export type EnvName = Branded<'EnvName'>;
export type NodeName = Branded<'NodeName'>;
export type ReleaseVersion = Branded<'ReleaseVersion'>;
/** `sha256:` followed by 64 lower-case hexadecimal digits. */
export type Digest = Branded<'Digest'>;
export type RolloutId = Branded<'RolloutId'>;
/** Of a publisher: `ed25519:` followed by its 32 bytes in Base64, as configuration has it. */
export type PublicKey = Branded<'PublicKey'>;
/** Of whoever is told all events. */
export type ConsumerName = Branded<'ConsumerName'>;

/**
 * A number that only grows, allocated by the coordinator in commit order and unique in its database.
 * Every assignment carries one; a node refuses a lower one than it has seen.
 */
export type Generation = number;

/**
 * What a restore of the coordinator from a backup begins: seconds since 1970, 0 if there was none yet. Its generations
 * are above those of every epoch before, and who has heard of a later one refuses an earlier one.
 */
export type Epoch = number;

/** Random, of the restore that began an epoch: two may begin one in the same second, or by a clock that is behind; '': not known. */
export type RestoreId = string;

const restoreId = /^[0-9a-f]{0,64}$/;
const dnsLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const version = /^[0-9A-Za-z][0-9A-Za-z.+_-]{0,127}$/;
const digest = /^sha256:[0-9a-f]{64}$/;
const checkName = /^[0-9A-Za-z](?:[0-9A-Za-z._-]{0,61}[0-9A-Za-z])?$/;
// 32 bytes are 42 times 6 bits and 4 more: the last digit has two that are zero.
const publicKey = /^ed25519:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
const rolloutId = /^[a-z0-9][a-z0-9-]{0,62}$/;

export const isAppName = (text: string): text is AppName => dnsLabel.test(text);
/** The application that the agent itself is. */
export const agentApp = 'capstan-agent' as AppName;
export const isEnvName = (text: string): text is EnvName => dnsLabel.test(text);
export const isNodeName = (text: string): text is NodeName => dnsLabel.test(text);
export const isConsumerName = (text: string): text is ConsumerName => dnsLabel.test(text);
export const isReleaseVersion = (text: string): text is ReleaseVersion => version.test(text);
export const isDigest = (text: string): text is Digest => digest.test(text);
export const isPublicKey = (text: string): text is PublicKey => publicKey.test(text);
/** What CI or a person checks of a release: `unit-tests`, `smoke`. */
export const isCheckName = (text: string): boolean => checkName.test(text);
export const isRolloutId = (text: string): text is RolloutId => rolloutId.test(text);
export const isRestoreId = (text: string): text is RestoreId => restoreId.test(text);

/** What a name must look like, for error messages. */
export const dnsLabelRule =
  'lower-case letters, digits and inner hyphens, at most 63 characters (a DNS label)';
export const checkNameRule = 'letters, digits and inner ".", "_" or "-", at most 63 characters';
export const publicKeyRule = '"ed25519:" and the 44 characters that `capstan key show` prints';
export const versionRule =
  'a letter or digit, then letters, digits, ".", "+", "_" or "-", at most 128 characters';
