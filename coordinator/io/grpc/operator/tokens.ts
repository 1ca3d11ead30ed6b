import { CapstanError } from '../../../../shared/model/errors.js';
import { isTokenHash, tokenIdLength } from '../../../../shared/model/join-token.js';
import type { CreateTokenRequest__Output } from '../../../../shared/wire/gen/capstan/v1/CreateTokenRequest.js';
import type { TokenView } from '../../../../shared/wire/gen/capstan/v1/TokenView.js';
import { type JoinToken, tokenId, tokenState } from '../../../core/enrolment/tokens.js';
import type { CreateTokenCommand } from '../../../ports/enrolment.js';
import * as given from './requests.js';

const maxTtlMs = 365 * 86_400_000;
const maxUses = 100_000;
/** As many as an agent may have under --insecure-loopback. */
const maxLabels = 64;

export function createTokenCommand(request: CreateTokenRequest__Output): CreateTokenCommand {
  const { hash, uses } = request;
  const ttlMs = Number(request.ttlMs);
  if (!isTokenHash(hash)) throw invalid('The hash of the token is missing: 64 hexadecimal digits.');
  if (!Number.isSafeInteger(ttlMs) || ttlMs < 1000 || ttlMs > maxTtlMs)
    throw invalid('A join token is valid for a second at least, and for a year at most.');
  if (uses < 1 || uses > maxUses) throw invalid(`A join token is for 1 to ${maxUses} nodes.`);
  const labels = given.labels(request.labels);
  if (Object.keys(labels).length > maxLabels) throw invalid(`A node may have at most ${maxLabels} labels.`);
  const env = request.env === '' ? undefined : given.envName(request.env);
  return { hash, labels, env, ttlMs, uses };
}

/** The beginning of a hash, long enough to be one token's. */
export function tokenIdOf(text: string): string {
  if (new RegExp(`^[0-9a-f]{${tokenIdLength},64}$`).test(text)) return text;
  throw invalid(
    `A join token is named by ${tokenIdLength} hexadecimal digits, as \`capstan token list\` prints them.`,
  );
}

export const tokenView = (token: JoinToken, now: number): TokenView => ({
  id: tokenId(token),
  labels: token.labels,
  env: token.env ?? '',
  createdBy: token.createdBy,
  createdAt: new Date(token.createdAt).toISOString(),
  expiresAt: new Date(token.expiresAt).toISOString(),
  uses: token.uses,
  used: token.used,
  state: tokenState(token, now),
});

const invalid = (message: string): CapstanError => new CapstanError('invalid', message);
