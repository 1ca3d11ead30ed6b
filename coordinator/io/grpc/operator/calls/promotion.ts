import type { EnvName } from '../../../../../shared/model/ids.js';
import type { GateRequest__Output } from '../../../../../shared/wire/gen/capstan/v1/GateRequest.js';
import type { PromotionResponse } from '../../../../../shared/wire/gen/capstan/v1/PromotionResponse.js';
import type { RecordCheckRequest__Output } from '../../../../../shared/wire/gen/capstan/v1/RecordCheckRequest.js';
import type { ReleaseView } from '../../../../../shared/wire/gen/capstan/v1/ReleaseView.js';
import type { Inventory, ReleaseSummary } from '../../../../ports/inventory.js';
import {
  byItself,
  type CheckCommand,
  type GateCommand,
  type Operations,
  type RecordOutcome,
} from '../../../../ports/operations.js';
import type { OperatorCaller } from '../../identity.js';
import * as given from '../requests.js';

export interface PromotionCallsOptions {
  readonly operations: Pick<Operations, 'recordCheck' | 'approve' | 'promote'>;
  readonly inventory: Pick<Inventory, 'release' | 'environments'>;
  readonly view: (release: ReleaseSummary) => ReleaseView;
}

type Answer<Request> = (request: Request, caller: OperatorCaller) => Promise<PromotionResponse>;

export interface PromotionCalls {
  readonly recordCheck: Answer<RecordCheckRequest__Output>;
  readonly approve: Answer<GateRequest__Output>;
  readonly promote: Answer<GateRequest__Output>;
}

/** What is recorded of releases, each call answered with how the release stands now. */
export function createPromotionCalls({ operations, inventory, view }: PromotionCallsOptions): PromotionCalls {
  const answer = (
    { app, version }: Named,
    env: EnvName | undefined,
    { note }: RecordOutcome,
  ): PromotionResponse => {
    const summary = inventory.release(app, version);
    const coming = inventory.environments(app).find(({ record, rollout }) => {
      if (rollout === undefined || (env !== undefined && record.name !== env)) return false;
      const { requestedBy, to } = rollout.header;
      return requestedBy === byItself && to.release.digest === summary.release.digest;
    });
    return { release: view(summary), note, rollout: coming?.rollout?.header.id ?? '' };
  };
  return {
    async recordCheck(request, { name: by }) {
      const identity = given.identityOf('RecordCheck', by, request);
      const { passed } = request;
      const command = { ...namedIn(request), name: given.checkName(request.name), passed };
      return answer(command, undefined, await operations.recordCheck(identity, command));
    },
    async approve(request, { name }) {
      const identity = given.identityOf('ApproveRelease', name, request);
      const command = gateCommand(request);
      return answer(command, command.env, await operations.approve(identity, command));
    },
    async promote(request, { name }) {
      const identity = given.identityOf('PromoteRelease', name, request);
      const command = gateCommand(request);
      return answer(command, command.env, await operations.promote(identity, command));
    },
  };
}

type Named = Pick<CheckCommand, 'app' | 'version' | 'reason'>;

const namedIn = (request: Pick<GateRequest__Output, 'app' | 'version' | 'reason'>): Named => ({
  app: given.appName(request.app),
  version: given.version(request.version),
  reason: given.reason(request.reason),
});

const gateCommand = (request: GateRequest__Output): GateCommand => ({
  ...namedIn(request),
  env: given.envName(request.env),
});
