import * as z from 'zod';
import type { ApplicationSpec, EnvironmentSpec, Strategy, WaveSpec } from '../model/application.js';
import { CapstanError } from '../model/errors.js';
import { amount, appName, duration, envName, selector } from './fields.js';
import { maintenance } from './maintenance.js';
import { origins } from './origins.js';
import { checkParallel, parallel, parallelRule } from './parallel.js';
import { autoDeploy, checkPromotion, promotion } from './promotion.js';
import { checkStrategy } from './strategy-checks.js';
import { fault, strict, validate } from './validate.js';
import { values } from './values.js';
import { wave } from './waves.js';
import { parseYaml } from './yaml-source.js';

const strategyType = z.enum(['live', 'rolling', 'parallel']);

const strategy = strict({
  type: strategyType.default('rolling'),
  maxUnavailable: amount({ zero: 'refused' })
    .prefault(1)
    .describe('Nodes of the environment that may be out of service at once, whatever the reason.'),
  stage: strict({ require: amount({ zero: 'refused' }) })
    .optional()
    .describe('How many connected nodes must have the release on disk before the first activation.'),
  waves: z.array(wave).min(1).max(200).optional(),
  health: strict({
    minHealthyTime: duration().prefault('10s'),
    deadline: duration({ minMs: 1 }).prefault('5m'),
  }).prefault({}),
  budget: strict({
    failed: amount({ zero: 'allowed' }).prefault('10%'),
    lost: amount({ zero: 'allowed' }).prefault('20%'),
  }).prefault({}),
  progressDeadline: duration({ minMs: 1 }).prefault('10m'),
  onFailure: z.enum(['rollback', 'pause']).default('rollback'),
  parallel: parallel.optional(),
})
  .superRefine(checkParallel)
  .transform(
    (raw): Strategy => ({
      type: raw.type,
      maxUnavailable: raw.maxUnavailable,
      stageRequire: raw.stage?.require,
      waves: raw.waves ?? [oneWave],
      health: { minHealthyTimeMs: raw.health.minHealthyTime, deadlineMs: raw.health.deadline },
      budget: raw.budget,
      progressDeadlineMs: raw.progressDeadline,
      onFailure: raw.onFailure,
      ...(raw.type === 'parallel' ? { parallel: parallelRule(raw.parallel) } : {}),
    }),
  )
  .superRefine(checkStrategy);

const oneWave: WaveSpec = {
  name: 'all',
  members: { kind: 'rest' },
  batch: undefined,
  bakeMs: 0,
  gate: 'auto',
};

const environment = strict({
  name: envName,
  selector: selector.describe('Which nodes: env=production,role in (web,api),!canary,facts.memory>=8GiB.'),
  config: values.prefault({}).describe("Values for services, hooks and probes; they win over the release's."),
  strategy: strategy.prefault({}),
  join: z
    .enum(['stable', 'target', 'hold'])
    .default('stable')
    .describe('What a node that joins gets: the last proven release, the one being rolled out, or nothing.'),
  stores: origins
    .optional()
    .describe(
      "Copies of the coordinator's store; a node asks those of its own zone first, and the coordinator's last.",
    ),
  maintenance: maintenance.optional(),
  promotion: promotion.optional().describe('What a release has to have before it may come here.'),
  autoDeploy: autoDeploy
    .optional()
    .describe('Deploys releases that are newer than what runs, and may come here, without being asked for.'),
});

const environments = z
  .array(environment)
  .min(1)
  .max(100)
  .superRefine((list, context) => {
    checkPromotion(list, context);
    list.forEach((entry, index) => {
      if (list.findIndex((other) => other.name === entry.name) < index) {
        fault(context, `there are two environments named "${entry.name}"`, [index, 'name']);
      }
    });
  })
  .transform((list) =>
    list.map(
      (entry): EnvironmentSpec => ({
        name: entry.name,
        selector: entry.selector,
        config: entry.config,
        strategy: entry.strategy,
        join: entry.join,
        ...(entry.stores === undefined ? {} : { stores: entry.stores }),
        ...(entry.promotion === undefined ? {} : { promotion: entry.promotion }),
        ...(entry.autoDeploy === undefined ? {} : { autoDeploy: entry.autoDeploy }),
        ...(entry.maintenance === undefined ? {} : { maintenance: entry.maintenance }),
      }),
    ),
  );

/** The document as an operator writes it; its output is the model's ApplicationSpec. */
export const applicationSchema = strict({
  apiVersion: z.literal('capstan/v1'),
  kind: z.literal('Application'),
  metadata: strict({ name: appName }),
  spec: strict({ environments }),
}).transform((raw): ApplicationSpec => ({ name: raw.metadata.name, environments: raw.spec.environments }));

/**
 * Reads every application of a file (YAML documents separated by `---`).
 * @throws CapstanError `invalid` with file, line and column
 */
export function parseApplicationSpecs(text: string, fileName: string): readonly ApplicationSpec[] {
  const sources = parseYaml(text, fileName);
  if (sources.length === 0) {
    throw new CapstanError('invalid', 'The file holds no application.', { location: { file: fileName } });
  }
  const specs: ApplicationSpec[] = [];
  for (const source of sources) {
    const spec = validate(applicationSchema, source);
    if (specs.some((other) => other.name === spec.name)) {
      const location = source.locate(['metadata', 'name']);
      throw new CapstanError('invalid', `The application "${spec.name}" is in the file twice.`, { location });
    }
    specs.push(spec);
  }
  return specs;
}
