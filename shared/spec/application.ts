import * as z from 'zod';
import type {
  ApplicationSpec,
  EnvironmentSpec,
  Strategy,
  WaveMembers,
  WaveSpec,
} from '../model/application.js';
import { CapstanError } from '../model/errors.js';
import { amount, appName, duration, envName, selector } from './fields.js';
import { origins } from './origins.js';
import { checkPromotion, promotion } from './promotion.js';
import { checkStrategy } from './strategy-checks.js';
import { fault, strict, validate, valueWord } from './validate.js';
import { values } from './values.js';
import { parseYaml } from './yaml-source.js';

const canary = strict({
  perZone: z.int().min(1).max(10_000).optional().describe('This many nodes of every zone.'),
  total: amount({ zero: 'refused' }).optional().describe('This many nodes, spread over the zones.'),
}).superRefine((raw, context) => {
  const given = [raw.perZone, raw.total].filter((entry) => entry !== undefined).length;
  if (given !== 1) fault(context, 'needs either perZone or total');
});

const wave = strict({
  name: z
    .string()
    .min(1)
    .max(63)
    .refine((text) => !/[/\p{Cc}]/u.test(text), { error: 'must not hold a slash or a control character' }),
  canary: canary.optional(),
  nodes: amount({ zero: 'refused' }).optional().describe('A count or a share of the environment.'),
  selector: selector.optional(),
  by: z.literal('zone').optional().describe('One zone after another.'),
  batch: amount({ zero: 'refused' }).optional().describe('How many nodes may be in flight at once.'),
  bake: duration().prefault('0s').describe('How long the wave must stay healthy before its gate opens.'),
  gate: z.enum(['auto', 'manual']).default('auto'),
})
  .superRefine((raw, context) => {
    const kinds = (['canary', 'nodes', 'selector', 'by'] as const).filter((key) => raw[key] !== undefined);
    if (kinds.length > 1) {
      const message = `says twice who is in it: use one of ${kinds.join(' and ')}`;
      fault(context, `wave "${raw.name}" ${message}`, [kinds[1] ?? 'name'], { at: 'key' });
    }
  })
  .transform(
    (raw): WaveSpec => ({
      name: raw.name,
      members: membersOf(raw),
      batch: raw.batch,
      bakeMs: raw.bake,
      gate: raw.gate,
    }),
  );

function membersOf(raw: {
  readonly canary?: z.output<typeof canary> | undefined;
  readonly nodes?: z.output<ReturnType<typeof amount>> | undefined;
  readonly selector?: z.output<typeof selector> | undefined;
  readonly by?: 'zone' | undefined;
}): WaveMembers {
  if (raw.canary?.perZone !== undefined) return { kind: 'canary', perZone: raw.canary.perZone };
  if (raw.canary?.total !== undefined) return { kind: 'canaryTotal', amount: raw.canary.total };
  if (raw.nodes !== undefined) return { kind: 'amount', amount: raw.nodes };
  if (raw.selector !== undefined) return { kind: 'selector', selector: raw.selector };
  return raw.by === 'zone' ? { kind: 'byZone' } : { kind: 'rest' };
}

const strategyType = z.enum(['live', 'rolling'], {
  error: (issue) =>
    issue.input === 'parallel'
      ? '"parallel" (blue/green) is not in this version of Capstan; use live or rolling'
      : `must be one of live, rolling, not ${valueWord(issue.input)}`,
});

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
})
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
  selector: selector.describe('Which nodes: env=production,role in (web,api),!canary.'),
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
  promotion: promotion.optional(),
  autoDeploy: z.unknown().optional().describe('Not in this version.'),
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
      if (entry.autoDeploy !== undefined) {
        fault(context, 'autoDeploy is not in this version of Capstan; leave it out', [index, 'autoDeploy'], {
          at: 'key',
        });
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
