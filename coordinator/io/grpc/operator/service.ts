import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import { parseAllDocuments } from 'yaml';
import { nearest } from '../../../../shared/core/nearest.js';
import { CapstanError } from '../../../../shared/model/errors.js';
import type { Digest } from '../../../../shared/model/ids.js';
import type { Clock } from '../../../../shared/ports/clock.js';
import { parseApplicationSpecs } from '../../../../shared/spec/application.js';
import { parseSelector } from '../../../../shared/spec/selector.js';
import type { ControlRolloutRequest__Output } from '../../../../shared/wire/gen/capstan/v1/ControlRolloutRequest.js';
import type { DeployRequest__Output } from '../../../../shared/wire/gen/capstan/v1/DeployRequest.js';
import type { DeployResponse } from '../../../../shared/wire/gen/capstan/v1/DeployResponse.js';
import type { OperatorServiceHandlers } from '../../../../shared/wire/gen/capstan/v1/OperatorService.js';
import type { ReleaseView } from '../../../../shared/wire/gen/capstan/v1/ReleaseView.js';
import type { SpecFile__Output } from '../../../../shared/wire/gen/capstan/v1/SpecFile.js';
import { loadOperatorService } from '../../../../shared/wire/operator-service.js';
import { releaseRefToWire } from '../../../../shared/wire/release-ref.js';
import { statusFromError } from '../../../../shared/wire/status.js';
import type { Enrolment } from '../../../ports/enrolment.js';
import type { Polls } from '../../../ports/fleet.js';
import type { ApplicationSummary, Inventory, ReleaseSummary } from '../../../ports/inventory.js';
import type {
  AppliedSpec,
  ControlCommand,
  DeployCommand,
  DeployOutcome,
  Operations,
} from '../../../ports/operations.js';
import type { Operators } from '../../../ports/operators.js';
import type { Outbox } from '../../../ports/outbox.js';
import type { Peers } from '../../../ports/peers.js';
import type { AssetStore } from '../../asset-store.js';
import type { Authority } from '../../ca/authority.js';
import type { Identify, OperatorCaller } from '../identity.js';
import type { Service } from '../server.js';
import { createAdmission } from './admission.js';
import { lockCommand, unlockCommand } from './locks.js';
import { createOperatorCommand, operatorName, operatorView, selfView } from './operators.js';
import { planQuestion, planResponse } from './plan-view.js';
import { forgiveCommand } from './poison.js';
import { createPromotionCalls } from './promotion.js';
import * as given from './requests.js';
import { rolloutView } from './rollout-view.js';
import type { StoreJobs } from './store-jobs.js';
import { listEvents, verifyEvents, watchNodes, watchRollout } from './streams.js';
import { createTokenCommand, tokenIdOf, tokenView } from './tokens.js';
import {
  applicationView,
  configView,
  consumerView,
  environmentStatus,
  lockView,
  nodeView,
  poisonView,
  releaseView,
  whyResponse,
} from './views.js';

export interface OperatorServiceOptions {
  readonly operations: Operations;
  readonly inventory: Inventory;
  readonly outbox: Outbox;
  readonly polls: Polls;
  readonly peers: Pick<Peers, 'servingOf'>;
  readonly identify: Identify;
  readonly clock: Clock;
  /** Base URLs of the stores that releases are fetched from. */
  readonly stores: () => readonly string[];
  /** Where publishers send objects, and what lets them. */
  readonly upload: () => { readonly url: string; readonly ticket: string };
  /** What is done to the store as a whole. */
  readonly jobs: Pick<StoreJobs, 'claim' | 'checkStored' | 'settle' | 'isLost' | 'collectGarbage' | 'verify'>;
  /** Where browsers fetch assets; undefined: there is no such store. */
  readonly assets?: AssetStore | undefined;
  /** Who may become a node, and who may call; absent under --insecure-loopback, where whoever calls itself so is. */
  readonly joining?: Joining | undefined;
  /** Ends the streams when the coordinator drains. */
  readonly signal: AbortSignal;
}

export interface Joining {
  readonly enrolment: Enrolment;
  readonly operators: Operators;
  readonly authority: Pick<Authority, 'pin' | 'certificate'>;
}

/** The service that operators and their scripts call, for `startGrpcServer`. */
export function createOperatorService(options: OperatorServiceOptions): Service {
  return {
    name: 'capstan.v1.OperatorService',
    definition: loadOperatorService(),
    implementation: handlers(options),
  };
}

function handlers(options: OperatorServiceOptions): OperatorServiceHandlers {
  const { operations, inventory, outbox, polls, peers, stores, upload, jobs, assets } = options;

  const admit = createAdmission(options);

  /** A call with one answer. */
  const unary =
    <Request, Response>(answer: (request: Request, caller: OperatorCaller) => Promise<Response> | Response) =>
    (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void => {
      const run = async (): Promise<Response> => answer(call.request, await admit(call));
      run().then(
        (response) => {
          reply(null, response);
        },
        (error: unknown) => {
          reply(statusFromError(error));
        },
      );
    };

  const stream =
    <Request, Message>(
      watch: (parts: {
        readonly call: ServerWritableStream<Request, Message>;
        readonly by: string;
        readonly inventory: Inventory;
        readonly clock: Clock;
        readonly signal: AbortSignal;
      }) => Promise<void>,
    ) =>
    (call: ServerWritableStream<Request, Message>): void => {
      const gone = new AbortController();
      call.on('cancelled', () => {
        gone.abort();
      });
      const outlawed = new AbortController();
      const signal = AbortSignal.any([gone.signal, outlawed.signal, options.signal]);
      const run = async (): Promise<void> => {
        const { name } = await admit(call);
        // A token may end before its stream does; whatever comes is looked at with each change.
        const stop = inventory.onChange(() => {
          try {
            options.identify(call);
          } catch (error) {
            outlawed.abort(error);
          }
        });
        await watch({ call, by: name, inventory, clock: options.clock, signal }).finally(stop);
      };
      run().then(
        () => call.end(),
        (error: unknown) => {
          if (gone.signal.aborted) call.end();
          else if (outlawed.signal.aborted) call.emit('error', statusFromError(outlawed.signal.reason));
          else call.emit('error', statusFromError(options.signal.aborted ? shuttingDown() : error));
        },
      );
    };

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

  const joining = (): Joining => {
    if (options.joining !== undefined) return options.joining;
    throw new CapstanError(
      'refused',
      'This coordinator runs with --insecure-loopback: there are no tokens.',
      {
        hint: 'An agent on this machine names itself: `capstan-agent --insecure-loopback --name NAME`.',
      },
    );
  };

  const view = (release: ReleaseSummary): ReleaseView => releaseView(release, stores(), assets?.publicUrl);
  const promotion = createPromotionCalls({ operations, inventory, view });

  return {
    Apply: unary(async (request, { name }) => {
      const specs = request.files.flatMap(specsOf);
      refuseRepeated(specs);
      const options = { dryRun: request.dryRun, remove: request.remove.map(given.environmentName) };
      const outcome = await operations.apply(given.identityOf('Apply', name, request), specs, options);
      const changes = outcome.changes.map((change) => ({ ...change, details: [...change.details] }));
      return { changes, warnings: [...outcome.warnings] };
    }),
    ListApplications: unary(() => ({ applications: inventory.applications().map(applicationView) })),
    GetApplication: unary(({ app }) => applicationView(inventory.application(given.appName(app)))),
    Status: unary(({ app }) => ({
      environments: inventory.environments(given.optionalApp(app)).map(environmentStatus),
    })),
    ListConfigs: unary(({ app, env }) => ({
      configs: inventory.configs(given.appName(app), given.envName(env)).map(configView),
    })),
    GetConfig: unary((request) => {
      const { app, env, number } = request;
      const configs = inventory.configs(given.appName(app), given.envName(env));
      const found = number === 0 ? configs[0] : configs.find((config) => config.number === number);
      if (found !== undefined) return { ...configView(found), values: found.values };
      throw new CapstanError('notFound', `There is no config ${number} of ${app}/${env}.`, {
        hint: `See \`capstan config list ${app}/${env}\` for those there are.`,
      });
    }),

    BeginPublish: unary(({ app, version }) => {
      const existing = inventory.findRelease(given.appName(app), given.version(version));
      const { url, ticket } = upload();
      return {
        ...{
          uploadUrl: url,
          ticket: ticket === '' ? (assets?.ticket() ?? '') : ticket,
          existingDigest: existing?.retiredAt === undefined ? (existing?.digest ?? '') : '',
        },
        assetsUploadUrl: assets?.uploadUrl ?? '',
        bases: inventory.bases(given.appName(app)).map(releaseRefToWire),
        store: stores()[0] ?? '',
        note: unknownAppNote(app, inventory.applications()),
      };
    }),
    ClaimObjects: unary(async ({ app, version, paths }, { name }) => {
      await jobs.claim(given.appName(app), given.version(version), name, paths);
      return {};
    }),
    RegisterRelease: unary(async (request, { name }) => {
      const identity = given.identityOf('RegisterRelease', name, request);
      const app = given.appName(request.app);
      const sent = given.releaseRef(request.release);
      if (sent.envelope !== undefined) given.envelope(sent.envelope, { ...sent, app });
      // Nobody is told a delta from a release that was given up meanwhile, and what it leads from may be gone.
      const isKept = (from: Digest): boolean => inventory.releaseWith(app, from)?.retiredAt === undefined;
      const ref = { ...sent, deltas: sent.deltas.filter(({ from }) => isKept(from)) };
      await jobs.checkStored(ref, app, name);
      const { release, existed } = await operations.register(identity, app, ref);
      jobs.settle(app, ref.version);
      return {
        release: view(inventory.release(app, release.version)),
        existed,
      };
    }),
    ListReleases: unary(({ app, limit }) => ({
      releases: inventory.releases(given.optionalApp(app), given.limitOf(limit, 50)).map(view),
    })),
    GetRelease: unary(({ app, version }) =>
      view(inventory.release(given.appName(app), given.version(version))),
    ),

    SignRelease: unary(async (request, { name }) => {
      const identity = given.identityOf('SignRelease', name, request);
      const app = given.appName(request.app);
      const { release } = inventory.release(app, given.version(request.version));
      const envelope = given.envelope(request.envelope, release);
      await operations.sign(identity, { app, version: release.version, envelope });
      return view(inventory.release(app, release.version));
    }),

    RecordCheck: unary(promotion.recordCheck),
    ApproveRelease: unary(promotion.approve),
    PromoteRelease: unary(promotion.promote),

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

    LockEnvironment: unary(async (request, { name }) => {
      const identity = given.identityOf('LockEnvironment', name, request);
      return lockView(await operations.lock(identity, lockCommand(request, options.clock.now())));
    }),
    UnlockEnvironment: unary(async (request, { name }) => {
      const identity = given.identityOf('UnlockEnvironment', name, request);
      return lockView(await operations.unlock(identity, unlockCommand(request)));
    }),

    ListPoison: unary(() => ({ poison: inventory.poisoned().map(poisonView) })),
    ForgivePoison: unary(async (request, { name }) => {
      const identity = given.identityOf('ForgivePoison', name, request);
      return poisonView(await operations.forgive(identity, ...forgiveCommand(request)));
    }),

    ListNodes: unary(({ selector }) => ({
      nodes: inventory
        .nodes(selector === '' ? undefined : parseSelector(selector))
        .map((node) => nodeView(node)),
    })),
    GetNode: unary(({ name }) => {
      const node = given.nodeName(name);
      return nodeView(inventory.node(node), peers.servingOf(node));
    }),
    WatchNodes: stream(watchNodes),
    LabelNode: unary(async (request, { name: by }) => {
      const node = given.nodeName(request.name);
      const change = { set: given.labels(request.set), remove: request.remove };
      await operations.label(given.identityOf('LabelNode', by, request), node, change);
      return nodeView(inventory.node(node));
    }),
    DecommissionNode: unary(async (request, { name: by }) => {
      const identity = given.identityOf('DecommissionNode', by, request);
      await operations.decommission(identity, given.nodeName(request.name), given.reason(request.reason));
      return {};
    }),

    CreateToken: unary(async (request, { name }) => {
      const { enrolment } = joining();
      const identity = given.identityOf('CreateToken', name, request);
      return tokenView(
        await enrolment.createToken(identity, createTokenCommand(request)),
        options.clock.now(),
      );
    }),
    ListTokens: unary(() => ({
      tokens: joining()
        .enrolment.tokens()
        .map((token) => tokenView(token, options.clock.now())),
    })),
    RevokeToken: unary(async (request, { name }) => {
      const { enrolment } = joining();
      const identity = given.identityOf('RevokeToken', name, request);
      return tokenView(await enrolment.revokeToken(identity, tokenIdOf(request.id)), options.clock.now());
    }),
    ShowCa: unary(() => {
      const { pin, certificate } = joining().authority;
      return { pin, certificate };
    }),

    CreateOperator: unary(async (request, { name }) => {
      const { operators } = joining();
      const identity = given.identityOf('CreateOperator', name, request);
      const created = await operators.create(identity, createOperatorCommand(request));
      return operatorView(created, options.clock.now());
    }),
    ListOperators: unary(() => ({
      operators: joining()
        .operators.list()
        .map((operator) => operatorView(operator, options.clock.now())),
    })),
    RevokeOperator: unary(async (request, { name }) => {
      const { operators } = joining();
      const identity = given.identityOf('RevokeOperator', name, request);
      return operatorView(await operators.revoke(identity, operatorName(request.name)), options.clock.now());
    }),
    GetSelf: unary((_request, caller) => selfView(caller, options.clock.now())),

    CollectGarbage: stream((watch) => jobs.collectGarbage(watch)),
    VerifyStore: stream((watch) => jobs.verify(watch)),

    Plan: unary(async (request, { name }) => planResponse(await inventory.plan(planQuestion(request, name)))),
    Why: unary(async ({ subject }) => whyResponse(await inventory.why(subject))),
    ListEvents: stream((watch) => listEvents({ ...watch, outbox })),
    VerifyEvents: stream(verifyEvents),
    ListConsumers: unary(async () => ({ consumers: (await outbox.consumers()).map(consumerView) })),
    AcknowledgeEvents: unary(async ({ consumer, position }) =>
      consumerView(await outbox.acknowledge(given.consumerName(consumer), Number(position))),
    ),
    ForgetConsumer: unary(async ({ name }, { name: by }) => {
      await outbox.forget(given.consumerName(name), by);
      return {};
    }),
    Logs: unary(async ({ node, app, maxBytes }) => {
      const { apps, record } = inventory.node(given.nodeName(node));
      const wanted = given.appName(app);
      if (!apps.some((known) => known.app === wanted)) {
        throw new CapstanError('notFound', `Node "${record.name}" has nothing of application "${wanted}".`, {
          hint: `See \`capstan node show ${record.name}\` for what it has.`,
        });
      }
      const bytes = maxBytes === 0 ? 16 * 1024 : Math.min(maxBytes, 256 * 1024);
      return { text: await polls.requestLogs(record.name, wanted, bytes) };
    }),
  };
}

/** Publishing may come before the application, and a slip in its name looks the same. */
function unknownAppNote(app: string, applications: readonly ApplicationSummary[]): string {
  const names = applications.map(({ name }) => name);
  if (names.some((name) => name === app)) return '';
  const near = nearest(app, names);
  return near === undefined
    ? `There is no application "${app}" yet; \`capstan apply\` creates it.`
    : `There is no application "${app}" yet; there is "${near}".`;
}

const shuttingDown = (): CapstanError =>
  new CapstanError('unavailable', 'The coordinator is shutting down.', { retryAfterMs: 1000 });

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

/** Each specification with its own text, as the operator wrote it. */
function specsOf({ name, text }: SpecFile__Output): readonly AppliedSpec[] {
  const specs = parseApplicationSpecs(text, name);
  const [first] = specs;
  if (specs.length === 1 && first !== undefined) return [{ spec: first, text, file: name }];
  const texts = parseAllDocuments(text).map((document) => text.slice(document.range[0], document.range[2]));
  return specs.map((spec, at) => ({ spec, text: texts[at] ?? text, file: name }));
}

function refuseRepeated(specs: readonly AppliedSpec[]): void {
  const seen = new Set<string>();
  for (const { spec } of specs) {
    if (seen.has(spec.name)) throw new CapstanError('invalid', `Application "${spec.name}" is given twice.`);
    seen.add(spec.name);
  }
}
