import { formatBytes } from '../../../shared/core/bytes.js';
import { formatDuration } from '../../../shared/core/duration.js';
import { shortKeyId, signersOf } from '../../../shared/core/envelope.js';
import type {
  ApplicationView,
  DatabaseFactView,
  EnvironmentStatus,
  ReleaseView,
} from '../../../shared/wire/operator-client.js';
import type { Paint } from '../terminal/style.js';
import { type Cell, oneLine, renderTable } from '../terminal/table.js';
import { lockJson, lockText, windowJson, windowText } from './locks.js';
import { poisonJson, poisonLine } from './poison.js';
import {
  checkJson,
  checkLine,
  gateJson,
  gateText,
  nextJson,
  nextText,
  standingJson,
  standingLines,
} from './promotion.js';
import { optional, orNull, toNumber, toSecond } from './wire-words.js';

/** Nodes that are named; programs are given all of them. */
const namedNodes = 5;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** How much a release is: `2 files, 342 B`. */
export const contentText = (of: { readonly fileCount: number; readonly contentSize: number }): string =>
  `${counted(of.fileCount, 'file')}, ${formatBytes(of.contentSize)}`;

/** An environment as `status --output json` prints it. */
export function statusJson(view: EnvironmentStatus) {
  return {
    app: view.app,
    env: view.env,
    version: orNull(view.version),
    digest: orNull(view.digest),
    ...(view.config === 0 ? {} : { config: view.config }),
    ...(view.newestConfig === 0 ? {} : { newestConfig: view.newestConfig }),
    nodes: {
      total: view.total,
      healthy: view.healthy,
      unhealthy: view.unhealthy,
      silent: view.silent,
      lost: view.lost,
    },
    versions: view.versions,
    ...optional('activeSlot', view.activeSlot),
    ...(view.rollout === '' ? {} : { rollout: view.rollout, rolloutStatus: view.rolloutStatus }),
    ...(view.lock === null ? {} : { lock: lockJson(view.lock) }),
    ...(view.freeze === null ? {} : { freeze: lockJson(view.freeze) }),
    ...(view.window === null ? {} : { window: windowJson(view.window) }),
    ...(view.problems.length === 0 ? {} : { problems: view.problems }),
    ...nextJson(view.next),
  };
}

export async function statusText(
  environments: readonly ReturnType<typeof statusJson>[],
  paint: Paint,
): Promise<string> {
  if (environments.length === 0)
    return 'No environments. Describe one and send it with capstan apply -f FILE.\n';
  const counts = ['NODES', 'HEALTHY', 'UNHEALTHY', 'SILENT', 'LOST'];
  const head = ['APP', 'ENV', 'VERSION', 'CONFIG', ...counts, 'RUNNING', 'ROLLOUT'];
  const rows = environments.map((entry): readonly Cell[] => [
    entry.app,
    entry.activeSlot === undefined ? entry.env : `${entry.env} (${entry.activeSlot})`,
    entry.version ?? '-',
    configCell(entry),
    String(entry.nodes.total),
    String(entry.nodes.healthy),
    entry.nodes.unhealthy === 0 ? '0' : { text: String(entry.nodes.unhealthy), tone: 'bad' },
    entry.nodes.silent === 0 ? '0' : { text: String(entry.nodes.silent), tone: 'busy' },
    entry.nodes.lost === 0 ? '0' : { text: String(entry.nodes.lost), tone: 'bad' },
    Object.entries(entry.versions)
      .map(([version, count]) => `${version} x${count}`)
      .join(', ') || '-',
    entry.rollout === undefined ? '-' : `${entry.rollout} (${entry.rolloutStatus})`,
  ]);
  const problems = environments.flatMap(({ app, env, problems: list = [] }) =>
    list.map((problem) => `${paint('bad', `${app}/${env}:`)} ${oneLine(problem)}\n`),
  );
  const waiting = environments.flatMap(({ app, env, next }) =>
    next === undefined ? [] : [`${app}/${env}: ${oneLine(nextText(next))}\n`],
  );
  const closed = environments.flatMap((entry) =>
    closedLines(entry).map((line) => `${paint('strong', `${entry.app}/${entry.env}:`)} ${oneLine(line)}\n`),
  );
  const lines = [...closed, ...problems, ...waiting].join('');
  return `${await renderTable(paint, head, rows)}\n${lines}`;
}

/** `2`, or `2 (newest: 3)` where the next deploy changes it. */
function configCell({ config, newestConfig }: ReturnType<typeof statusJson>): string {
  if (config === undefined) return '-';
  return newestConfig === undefined || newestConfig === config
    ? `${config}`
    : `${config} (newest: ${newestConfig})`;
}

/** What keeps people from deploying there, or nodes from being changed. */
const closedLines = ({ lock, freeze, window }: ReturnType<typeof statusJson>): readonly string[] => [
  ...(freeze === undefined ? [] : [lockText(freeze, 'freeze')]),
  ...(lock === undefined ? [] : [lockText(lock, 'lock')]),
  ...(window === undefined ? [] : [windowText(window)]),
];

/** A release as `--output json` prints it; sizes in bytes. */
export function releaseJson(view: ReleaseView) {
  const release = view.release;
  return {
    app: view.app,
    version: release?.version ?? '',
    digest: release?.digest ?? '',
    contentSize: toNumber(release?.contentSize ?? '0'),
    fileCount: toNumber(release?.fileCount ?? '0'),
    packSize: toNumber(release?.packSize ?? '0'),
    publishedAt: view.publishedAt,
    publishedBy: view.publishedBy,
    environments: view.environments,
    stores: view.stores,
    ...(Object.keys(view.assetUrls).length === 0 ? {} : { assets: view.assetUrls }),
    ...(release?.database ? { database: databaseJson(release.database) } : {}),
    signedBy: signersOf(release?.envelope),
    ...(view.retiredAt === '' ? {} : { retiredAt: view.retiredAt }),
    ...(view.poison === null ? {} : { poison: poisonJson(view.poison) }),
    ...(view.checks.length === 0 ? {} : { checks: view.checks.map(checkJson) }),
    ...(view.standings.length === 0 ? {} : { standings: view.standings.map(standingJson) }),
  };
}

const databaseJson = ({ reversible, timeoutMs }: DatabaseFactView) => ({
  reversible,
  timeoutMs: toNumber(timeoutMs),
});

type ReleaseJson = ReturnType<typeof releaseJson>;

export async function releaseListText(releases: readonly ReleaseJson[], paint: Paint): Promise<string> {
  if (releases.length === 0) return 'No releases.\n';
  const head = ['APP', 'VERSION', 'DIGEST', 'FILES', 'SIZE', 'PUBLISHED', 'BY', 'RUNS IN'];
  const rows = releases.map((release) => [
    release.app,
    release.version,
    release.digest.slice(0, 'sha256:'.length + 12),
    String(release.fileCount),
    formatBytes(release.contentSize),
    toSecond(release.publishedAt),
    release.publishedBy,
    release.retiredAt === undefined ? release.environments.join(', ') || '-' : 'given up',
  ]);
  return `${await renderTable(paint, head, rows)}\n`;
}

export function releaseText(release: ReleaseJson, paint: Paint): string {
  return [
    paint('strong', oneLine(`${release.app}@${release.version}`)),
    `digest     ${release.digest}`,
    `content    ${formatBytes(release.contentSize)} in ${counted(release.fileCount, 'file')}`,
    `to fetch   ${formatBytes(release.packSize)} on a node that has nothing`,
    oneLine(`published  ${toSecond(release.publishedAt)} by ${release.publishedBy}`),
    oneLine(`runs in    ${release.environments.join(', ') || '-'}`),
    oneLine(`stores     ${release.stores.join(', ') || '-'}`),
    ...Object.entries(release.assets ?? {}).map(([dir, url]) => oneLine(`assets     ${dir}: ${url}`)),
    `signed     ${release.signedBy.length === 0 ? 'by nobody' : `by key ${release.signedBy.map(shortKeyId).join(', ')}`}`,
    ...(release.database === undefined ? [] : [`database   ${databaseText(release.database)}`]),
    ...(release.retiredAt === undefined
      ? []
      : [`given up   ${toSecond(release.retiredAt)}: publish it again to deploy it`]),
    ...(release.poison === undefined ? [] : [poisonLine(release.poison, paint)]),
    ...(release.checks ?? []).map((check) => oneLine(`check      ${checkLine(check)}`)),
    ...standingLines(release.standings ?? [], paint).map((line) => `gate       ${line}`),
    '',
  ].join('\n');
}

const databaseText = ({ reversible, timeoutMs }: ReturnType<typeof databaseJson>): string =>
  `a step that one node runs first, within ${formatDuration(timeoutMs)}${reversible ? '' : '; nothing goes back past it'}`;

/** An application as `--output json` prints it. */
export function applicationJson(view: ApplicationView) {
  return {
    name: view.name,
    releases: view.releases,
    latestVersion: orNull(view.latestVersion),
    ...(view.leaving.length === 0 ? {} : { leaving: view.leaving }),
    environments: view.environments.map((env) => ({
      name: env.name,
      selector: env.selector,
      strategy: env.strategy,
      nodes: env.nodes,
      version: orNull(env.version),
      digest: orNull(env.digest),
      wanted: orNull(env.wanted),
      ...gateJson(env),
    })),
  };
}

type ApplicationJson = ReturnType<typeof applicationJson>;

export async function applicationListText(apps: readonly ApplicationJson[], paint: Paint): Promise<string> {
  if (apps.length === 0) return 'No applications. Describe one and send it with capstan apply -f FILE.\n';
  const rows = apps.map((app) => [
    app.name,
    app.environments.map((env) => env.name).join(', ') || (app.leaving === undefined ? '-' : 'being removed'),
    String(app.releases),
    app.latestVersion ?? '-',
  ]);
  return `${await renderTable(paint, ['APP', 'ENVIRONMENTS', 'RELEASES', 'LATEST'], rows)}\n`;
}

export async function applicationText(app: ApplicationJson, spec: string, paint: Paint): Promise<string> {
  const rows = app.environments.map((env): readonly Cell[] => [
    env.name,
    env.selector,
    env.strategy,
    String(env.nodes),
    env.version ?? '-',
    env.wanted ?? '-',
    gateText(env),
  ]);
  const head = ['ENV', 'SELECTOR', 'STRATEGY', 'NODES', 'VERSION', 'WANTED', 'GATE'];
  const table = await renderTable(paint, head, rows);
  const releases = `${counted(app.releases, 'release')}, latest ${app.latestVersion ?? 'none'}`;
  const leaving = app.leaving === undefined ? '' : removalText(app.name, app.leaving);
  return `${paint('strong', app.name)}  ${releases}\n${leaving}\n${table}\n\n${paint('quiet', 'As applied:')}\n${spec.trimEnd()}\n`;
}

/** @param leaving nodes that are still to take it off */
export function removalText(app: string, leaving: readonly string[]): string {
  if (leaving.length === 0) return `${oneLine(app)} is no longer known.\n`;
  const shown = leaving.slice(0, namedNodes);
  const more = leaving.length - shown.length;
  const names = oneLine(`${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`);
  return `${oneLine(app)} is being removed: ${counted(leaving.length, 'node')} to take it off (${names}); capstan why ${oneLine(app)} says what holds it up.\n`;
}
