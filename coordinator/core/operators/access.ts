import { CapstanError } from '../../../shared/model/errors.js';
import type { Role } from '../../../shared/model/operator.js';
import { type Concern, mayAs, mayWhere, placeText, type Rights } from './rights.js';

/** What of a request says what it needs; '' where it says nothing. */
export interface Asked {
  readonly app: string;
  readonly env: string;
  /** Of ControlRollout. */
  readonly action: string;
  /** Of ListEvents. */
  readonly consumer: string;
}

export interface Need {
  readonly role: Role | ((asked: Asked) => Role);
  /** `rollout`: the environment of the one that is named by `id`. */
  readonly about: Concern['kind'] | 'rollout';
}

const read: Need = { role: 'viewer', about: 'nothing' };
const publish: Need = { role: 'deployer', about: 'app' };
const change: Need = { role: 'deployer', about: 'environment' };
const letIn: Need = { role: 'approver', about: 'environment' };
const govern: Need = { role: 'admin', about: 'everything' };

/**
 * What each call of the operators' service takes. A call that is not here is refused to everybody.
 */
export const needs: Readonly<Record<string, Need>> = {
  GetSelf: read,
  ListApplications: read,
  GetApplication: read,
  Status: read,
  ListConfigs: read,
  GetConfig: read,
  ListReleases: read,
  GetRelease: read,
  ListRollouts: read,
  GetRollout: read,
  WatchRollout: read,
  ListPoison: read,
  ListNodes: read,
  GetNode: read,
  WatchNodes: read,
  ListTokens: read,
  ListOperators: read,
  ShowCa: read,
  VerifyStore: read,
  VerifyEvents: read,
  Plan: read,
  Why: read,
  ListConsumers: read,
  Logs: read,
  // A consumer has a row of its own, and events wait for it.
  ListEvents: { role: ({ consumer }) => (consumer === '' ? 'viewer' : 'deployer'), about: 'nothing' },
  AcknowledgeEvents: { role: 'deployer', about: 'nothing' },
  ForgetConsumer: { role: 'deployer', about: 'nothing' },

  BeginPublish: publish,
  ClaimObjects: publish,
  RegisterRelease: publish,
  SignRelease: publish,
  RecordCheck: publish,

  Deploy: change,
  Stage: change,
  Restart: change,
  Rollback: change,
  LockEnvironment: change,
  UnlockEnvironment: change,
  ControlRollout: {
    role: ({ action }) => (action === 'approve' ? 'approver' : 'deployer'),
    about: 'rollout',
  },

  ApproveRelease: letIn,
  PromoteRelease: letIn,
  ForgivePoison: { role: 'approver', about: 'everything' },

  // What is applied decides who has to approve, and where nodes belong.
  Apply: govern,
  RemoveApplication: govern,
  LabelNode: govern,
  DecommissionNode: govern,
  CreateToken: govern,
  RevokeToken: govern,
  CreateOperator: govern,
  RevokeOperator: govern,
  CollectGarbage: govern,
  CopyDatabase: govern,
};

/**
 * @param who for the sentence
 * @throws CapstanError `permissionDenied` with what it would take
 */
export function requireRights(who: string, rights: Rights, role: Role, concern: Concern): void {
  if (!mayAs(rights.role, role)) {
    throw denied(`${who} is ${article(rights.role)}, and this takes ${article(role)}.`);
  }
  if (mayWhere(rights.places, concern)) return;
  const where = rights.places?.map(placeText).join(', ') ?? '';
  throw denied(`${who} may change ${where} only, and this is about ${concernText(concern)}.`);
}

const denied = (message: string): CapstanError =>
  new CapstanError('permissionDenied', message, {
    hint: 'Ask an admin for a token that may: `capstan operator create`.',
  });

const article = (role: Role): string =>
  role === 'admin' || role === 'approver' ? `an ${role}` : `a ${role}`;

function concernText(concern: Concern): string {
  switch (concern.kind) {
    case 'nothing':
    case 'everything':
      return 'everything';
    case 'app':
      return concern.app;
    case 'environment':
      return concern.env === '' ? `all of ${concern.app}` : `${concern.app}/${concern.env}`;
  }
}
