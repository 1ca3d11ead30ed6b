import type { EnvName, NodeName } from '../../shared/model/ids.js';
import type { Labels } from '../../shared/model/labels.js';
import type { Applicant, Identity } from '../core/enrolment/identities.js';
import type { JoinToken } from '../core/enrolment/tokens.js';
import type { CallIdentity } from './operations.js';
import type { NewToken } from './tokens.js';

export interface CreateTokenCommand extends NewToken {
  readonly labels: Labels;
  readonly env: EnvName | undefined;
  readonly uses: number;
}

export interface EnrolCommand extends Applicant {
  readonly tokenHash: string;
  /** A name for the new identity, if it becomes one. */
  readonly id: string;
  /** Remote `host:port`, for people. */
  readonly address: string;
}

/** Who may become a node, and who is one. */
export interface Enrolment {
  createToken(call: CallIdentity, command: CreateTokenCommand): Promise<JoinToken>;
  /** @param id the beginning of its hash */
  revokeToken(call: CallIdentity, id: string): Promise<JoinToken>;
  /** Newest first. */
  tokens(): readonly JoinToken[];
  /** @throws CapstanError `refused`, `conflict` */
  enrol(command: EnrolCommand): Promise<Identity>;
  /** From memory, cheap. */
  identityOf(node: NodeName): Identity | undefined;
}
