import { CapstanError } from '../../../../../shared/model/errors.js';
import type { ControlRolloutRequest__Output } from '../../../../../shared/wire/gen/capstan/v1/ControlRolloutRequest.js';
import type { DeployRequest__Output } from '../../../../../shared/wire/gen/capstan/v1/DeployRequest.js';
import type { DeployResponse } from '../../../../../shared/wire/gen/capstan/v1/DeployResponse.js';
import type { OperatorServiceHandlers } from '../../../../../shared/wire/gen/capstan/v1/OperatorService.js';
import type {
  ControlCommand,
  DeployCommand,
  DeployOutcome,
  Operations,
} from '../../../../ports/operations.js';
import type { OperatorServiceOptions } from '../options.js';
import { planQuestion, planResponse } from '../plan-view.js';
import * as given from '../requests.js';
import { rolloutView } from '../rollout-view.js';
import { watchRollout } from '../streams.js';
import { whyResponse } from '../views.js';
import type { Answer } from './answer.js';

type Parts = Pick<OperatorServiceOptions, 'operations' | 'inventory' | 'jobs'> & Answer;

/** What takes an environment to a release: begun, watched, controlled, foreseen and explained. */
export function rolloutCalls({ unary, stream, operations, inventory, jobs }: Parts) {
  const deployed = async ({ rollout, superseded, note }: DeployOutcome): Promise<DeployResponse> => ({
    rollout: rollout === '' ? null : rolloutView(await inventory.rolloutHead(given.rolloutId(rollout))),
    superseded,
    note,
  });

  const deployCommand = async (request: DeployRequest__Output): Promise<DeployCommand> => {
    const place = placeOf(request);
    const version = given.version(request.version);
    const release = inventory.findRelease(place.app, version);
    const isLost = release !== undefined && (await jobs.isLost(release));
    const config = request.config === 0 ? undefined : request.config;
    return { ...place, version, allowEmpty: request.allowEmpty, config, isLost };
  };

  return {
    Deploy: unary(async (request, { name }) => {
      const identity = given.identityOf('Deploy', name, request);
      return deployed(await operations.deploy(identity, await deployCommand(request)));
    }),
    Stage: unary(async (request, { name }) => {
      const identity = given.identityOf('Stage', name, request);
      return deployed(await operations.stage(identity, await deployCommand(request)));
    }),
    Restart: unary(async (request, { name }) =>
      deployed(await operations.restart(given.identityOf('Restart', name, request), placeOf(request))),
    ),
    Rollback: unary(async (request, { name }) => {
      const version = request.version === '' ? undefined : given.version(request.version);
      const command = { ...placeOf(request), version };
      return deployed(await operations.rollback(given.identityOf('Rollback', name, request), command));
    }),
    ListRollouts: unary(async ({ app, env, activeOnly, limit }) => {
      if (app !== '') inventory.application(given.appName(app));
      const filter = { ...(app === '' ? {} : { app }), ...(env === '' ? {} : { env }) };
      const rollouts = await inventory.rollouts({ ...filter, activeOnly, limit: given.limitOf(limit, 50) });
      return { rollouts: rollouts.map(rolloutView) };
    }),
    GetRollout: unary(async ({ id }) => rolloutView(await inventory.rollout(given.rolloutId(id)))),
    WatchRollout: stream(watchRollout),
    ControlRollout: unary(async (request, { name }) => {
      const command = controlCommand(request);
      await operations.control(given.identityOf('ControlRollout', name, request), command);
      return rolloutView(await inventory.rollout(command.rollout));
    }),

    Plan: unary(async (request, { name }) => planResponse(await inventory.plan(planQuestion(request, name)))),
    Why: unary(async ({ subject }) => whyResponse(await inventory.why(subject))),
  } satisfies Partial<OperatorServiceHandlers>;
}

/** Application, environment and reason of a command. */
const placeOf = (request: {
  readonly app: string;
  readonly env: string;
  readonly reason: string;
}): Pick<Parameters<Operations['deploy']>[1], 'app' | 'env' | 'reason'> => ({
  app: given.appName(request.app),
  env: given.envName(request.env),
  reason: given.reason(request.reason),
});

function controlCommand(request: ControlRolloutRequest__Output): ControlCommand {
  const { action } = request;
  if (action === undefined)
    throw new CapstanError('invalid', 'The call does not say what to do with the rollout.');
  const listed = action === 'retry' ? request.retry : action === 'excuse' ? request.excuse : undefined;
  const nodes = (listed?.nodes ?? []).map(given.nodeName);
  return { rollout: given.rolloutId(request.id), action, nodes, reason: given.reason(request.reason) };
}
