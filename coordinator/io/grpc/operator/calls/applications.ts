import { parseAllDocuments } from 'yaml';
import { CapstanError } from '../../../../../shared/model/errors.js';
import { parseApplicationSpecs } from '../../../../../shared/spec/application.js';
import type { OperatorServiceHandlers } from '../../../../../shared/wire/gen/capstan/v1/OperatorService.js';
import type { SpecFile__Output } from '../../../../../shared/wire/gen/capstan/v1/SpecFile.js';
import type { AppliedSpec } from '../../../../ports/operations.js';
import { lockCommand, unlockCommand } from '../locks.js';
import type { OperatorServiceOptions } from '../options.js';
import * as given from '../requests.js';
import { applicationView, configView, environmentStatus, lockView } from '../views.js';
import type { Answer } from './answer.js';

type Parts = Pick<OperatorServiceOptions, 'operations' | 'inventory' | 'clock'> & Pick<Answer, 'unary'>;

/** Applications, their environments and configs, and what keeps environments closed. */
export const applicationCalls = ({ unary, operations, inventory, clock }: Parts) =>
  ({
    Apply: unary(async (request, { name }) => {
      const specs = request.files.flatMap(specsOf);
      refuseRepeated(specs);
      const options = { dryRun: request.dryRun, remove: request.remove.map(given.environmentName) };
      const outcome = await operations.apply(given.identityOf('Apply', name, request), specs, options);
      const changes = outcome.changes.map((change) => ({ ...change, details: [...change.details] }));
      return { changes, warnings: [...outcome.warnings] };
    }),
    RemoveApplication: unary(async (request, { name }) => {
      const identity = given.identityOf('RemoveApplication', name, request);
      const { app, reason, stop } = request;
      const command = { app: given.appName(app), reason: given.reason(reason), stop };
      const { leaving } = await operations.removeApplication(identity, command);
      return { leaving: [...leaving] };
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

    LockEnvironment: unary(async (request, { name }) => {
      const identity = given.identityOf('LockEnvironment', name, request);
      return lockView(await operations.lock(identity, lockCommand(request, clock.now())));
    }),
    UnlockEnvironment: unary(async (request, { name }) => {
      const identity = given.identityOf('UnlockEnvironment', name, request);
      return lockView(await operations.unlock(identity, unlockCommand(request)));
    }),
  }) satisfies Partial<OperatorServiceHandlers>;

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
