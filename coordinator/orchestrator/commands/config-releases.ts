import { CapstanError } from '../../../shared/model/errors.js';
import type { ConfigSummary } from '../../ports/inventory.js';
import type { ConfigRelease, EnvironmentRecord } from '../../ports/state-store.js';
import type { Batch } from '../batch.js';
import type { World } from '../world.js';

type Values = Readonly<Record<string, string>>;

/** How many an environment remembers; older ones cannot be gone back to. */
const keptReleases = 100;
/** Of a value in a line that says what changed. */
const shownLength = 60;

/**
 * Makes what an environment's values have become a release of its own, under the next number. The same values again after
 * others are a new one: what matters is what was wanted when (habitat#1558).
 * @returns the environment's releases, newest first
 */
export function releaseConfig(
  batch: Batch,
  { app, name: env, configReleases = [] }: Pick<EnvironmentRecord, 'app' | 'name' | 'configReleases'>,
  values: Values,
  { by, revisionOf }: { readonly by: string; readonly revisionOf: (config: Values) => string },
): readonly ConfigRelease[] {
  const revision = revisionOf(values);
  const [newest] = configReleases;
  if (newest?.revision === revision) return configReleases;
  const number = (newest?.number ?? 0) + 1;
  batch.putConfig(revision, values);
  const changed = changesOf(valuesOf(batch.world, newest), values).map(({ name }) => name);
  if (changed.length > 0) {
    batch.event('config.released', `${by} made config ${number} of ${app}/${env}: ${changed.join(', ')}`, {
      ...{ app, env, actor: by },
    });
  }
  return [{ number, revision, by, at: batch.now }, ...configReleases].slice(0, keptReleases);
}

/**
 * The values that a release goes out with.
 * @param number undefined: the newest
 * @throws CapstanError `notFound`
 */
export function chosenConfig(
  world: World,
  { app, name: env, spec, configReleases = [] }: EnvironmentRecord,
  number: number | undefined,
): { readonly number: number | undefined; readonly values: Values } {
  if (number === undefined) return { number: configReleases[0]?.number, values: spec.config };
  const release = configReleases.find((one) => one.number === number);
  if (release !== undefined) return { number, values: valuesOf(world, release) };
  const [newest, oldest] = [configReleases[0], configReleases.at(-1)];
  const known = newest === undefined ? 'It has none' : `It has ${oldest?.number ?? 1} to ${newest.number}`;
  throw new CapstanError('notFound', `There is no config ${number} of ${app}/${env}.`, {
    hint: `${known}; see \`capstan config list ${app}/${env}\`.`,
  });
}

/** Newest first. */
export function configSummaries(world: World, environment: EnvironmentRecord): readonly ConfigSummary[] {
  const { configReleases = [], proven } = environment;
  return configReleases.map((release, at) => {
    const values = valuesOf(world, release);
    const before = configReleases[at + 1];
    // Of the oldest that is remembered it is not known what it changed, unless it is the first of all.
    const known = before !== undefined || release.number === 1;
    return {
      number: release.number,
      at: release.at,
      by: release.by,
      values,
      changes: known ? changesOf(valuesOf(world, before), values).map(sentence) : [],
      isProven: proven[0]?.configNumber === release.number,
    };
  });
}

const valuesOf = (world: World, release: ConfigRelease | undefined): Values =>
  release === undefined ? {} : (world.configs.get(release.revision) ?? {});

interface Change {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

function changesOf(before: Values, after: Values): readonly Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .map((name) => ({ name, before: before[name], after: after[name] }))
    .filter((change) => change.before !== change.after);
}

const sentence = ({ name, before, after }: Change): string => `${name}: ${shown(before)} → ${shown(after)}`;

function shown(value: string | undefined): string {
  if (value === undefined) return 'not set';
  return JSON.stringify(value.length > shownLength ? `${value.slice(0, shownLength)}…` : value);
}
