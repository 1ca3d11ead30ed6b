import { formatBytes } from '../../../shared/core/bytes.js';
import { formatDuration } from '../../../shared/core/duration.js';
import { shortKeyId } from '../../../shared/core/envelope.js';
import type { HostFactsView, NodeAppView, NodeView } from '../../../shared/wire/operator-client.js';
import { type Paint, statusCell } from '../terminal/style.js';
import { type Cell, oneLine, renderTable } from '../terminal/table.js';
import { progress } from './rollout-json.js';
import { logTail } from './rollout-text.js';
import { optional, orNull, toNumber, toSecond, wireWord } from './wire-words.js';

/** A node as `--output json` prints it. */
export function nodeJson(view: NodeView) {
  return {
    name: view.name,
    labels: view.labels,
    liveness: view.liveness,
    agentVersion: orNull(view.agentVersion),
    facts: view.facts === null ? null : factsJson(view.facts),
    apps: view.apps.map(appJson),
    ...(view.allowUnsigned ? { allowUnsigned: true } : {}),
    trustedKeys: view.trustedKeys,
    ...(view.serving === null
      ? {}
      : { serving: { url: view.serving.url, slots: view.serving.slots, packs: view.serving.packs } }),
    ...optional('factsAt', view.factsAt),
    ...optional('lastSeen', view.lastSeen),
    ...optional('address', view.address),
  };
}

export type NodeJson = ReturnType<typeof nodeJson>;
type AppJson = NodeJson['apps'][number];

function appJson(app: NodeAppView) {
  const failure = app.failure;
  return {
    app: app.app,
    env: app.env,
    version: orNull(app.version),
    digest: orNull(app.digest),
    wanted:
      app.wantedVersion === ''
        ? null
        : { version: app.wantedVersion, intent: wireWord('INTENT_', app.wantedIntent) },
    phase: wireWord('NODE_PHASE_', app.phase),
    health: wireWord('HEALTH_', app.health),
    ...optional('reason', app.reason === '' ? (failure?.reason ?? '') : app.reason),
    ...(failure === null || failure.step === ''
      ? {}
      : { step: failure.step, ...optional('logTail', failure.logTail) }),
    ...progress(toNumber(app.bytesDone), toNumber(app.bytesTotal)),
    fetchedFrom: app.fetchedFrom.map(({ source, bytes }) => ({ source, bytes: toNumber(bytes) })),
    ...(app.drift === null ? {} : { drift: driftJson(app.drift) }),
    ...(app.pastReturn ? { pastReturn: true } : {}),
    ...(app.restarts === 0 ? {} : { restarts: app.restarts }),
    ...(app.standby ? { standby: true } : {}),
  };
}

const driftJson = ({ total, paths }: NonNullable<NodeAppView['drift']>) => ({
  total,
  paths: paths.map(({ path, kind }) => ({ path, kind })),
});

const factsJson = (facts: HostFactsView) => ({
  os: facts.os,
  kernel: facts.kernel,
  arch: facts.arch,
  hostname: facts.hostname,
  cpus: facts.cpus,
  memoryTotal: toNumber(facts.memoryTotal),
  memoryAvailable: toNumber(facts.memoryAvailable),
  diskTotal: toNumber(facts.diskTotal),
  diskFree: toNumber(facts.diskFree),
  load1: facts.load1,
  uptimeMs: toNumber(facts.uptimeSeconds) * 1000,
  nodeVersion: facts.nodeVersion,
  ...(facts.pressure === null
    ? {}
    : { pressure: { cpu: facts.pressure.cpu, memory: facts.pressure.memory, io: facts.pressure.io } }),
});

export async function nodeListText(nodes: readonly NodeJson[], paint: Paint): Promise<string> {
  if (nodes.length === 0) return 'No nodes.\n';
  const head = ['NODE', 'LABELS', 'LIVENESS', 'APP', 'VERSION', 'WANTED', 'PHASE', 'HEALTH', 'REASON'];
  const rows = nodes.flatMap((node) => {
    const start: readonly Cell[] = [node.name, labelsText(node.labels), statusCell(node.liveness)];
    if (node.apps.length === 0) return [[...start, '-', '-', '-', '-', '-', '']];
    return node.apps.map((app, index) => [...(index === 0 ? start : ['', '', '']), ...appCells(app)]);
  });
  return `${await renderTable(paint, head, rows)}\n`;
}

const labelsText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');

function appCells(app: AppJson): readonly Cell[] {
  return [
    app.app,
    app.version ?? '-',
    wantedText(app),
    statusCell(app.phase),
    statusCell(app.health),
    appReason(app),
  ];
}

/** Why it is as it is, the worst first; the rest is in `node show`. */
function appReason({ reason, bytesDone, bytesTotal, pastReturn, standby, restarts, drift }: AppJson): string {
  const fetched = bytesTotal === undefined ? [] : [`${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`];
  return [
    ...(reason === undefined ? fetched : [reason]),
    ...(pastReturn === true ? ['past the point of no return'] : []),
    ...(restarts === undefined ? [] : [`ended by itself ${restarts === 1 ? 'once' : `${restarts} times`}`]),
    ...(standby === true ? ['takes no requests: its group is idle'] : []),
    ...(drift === undefined ? [] : [`${drift.total === 1 ? '1 file' : `${drift.total} files`} drifted`]),
  ].join('; ');
}

function wantedText({ wanted }: AppJson): string {
  if (wanted === null) return '-';
  return wanted.intent === 'activate' ? wanted.version : `${wanted.intent} ${wanted.version}`;
}

/** What `node show` prints. */
export async function nodeText(node: NodeJson, paint: Paint): Promise<string> {
  const lines = [
    `${paint('strong', node.name)}  ${node.liveness}${node.address === undefined ? '' : ` from ${oneLine(node.address)}`}`,
    `labels: ${oneLine(labelsText(node.labels)) || '-'}`,
    `agent ${oneLine(node.agentVersion ?? 'unknown')}${node.lastSeen === undefined ? '' : `, last seen ${node.lastSeen}`}`,
  ];
  if (node.allowUnsigned === true) {
    lines.push(paint('bad', "WARNING: this node's own configuration lets UNSIGNED releases run."));
  }
  if (node.trustedKeys.length > 0)
    lines.push(oneLine(`trusts what key ${node.trustedKeys.map(shortKeyId).join(', ')} signed`));
  for (const { app, version, phase } of node.apps) {
    if (phase !== 'inconsistent') continue;
    const serves = version === null ? 'nothing of it serves' : `current is ${version}`;
    lines.push(paint('bad', oneLine(`INCONSISTENT: ${app} could neither go on nor turn back; ${serves}.`)));
  }
  if (node.facts !== null) lines.push(oneLine(`${factsText(node.facts)}${sampledText(node)}`));
  if (node.serving !== undefined) lines.push(oneLine(servingText(node.serving)));
  const head = ['APP', 'VERSION', 'WANTED', 'PHASE', 'HEALTH', 'REASON'];
  lines.push(
    '',
    node.apps.length === 0 ? 'No applications.' : await renderTable(paint, head, node.apps.map(appCells)),
  );
  lines.push(...(await driftedText(node.apps, paint)));
  lines.push(...(await fetchedText(node.apps, paint)));
  for (const app of node.apps) {
    if (app.logTail !== undefined)
      lines.push('', ...logTail(`${node.name} (${app.app})`, app.logTail, paint));
  }
  return `${lines.join('\n')}\n`;
}

/** Files that are not what was released, as far as the node named them. */
async function driftedText(apps: readonly AppJson[], paint: Paint): Promise<readonly string[]> {
  const rows = apps.flatMap(({ app, drift }): (readonly Cell[])[] => {
    if (drift === undefined) return [];
    const more = drift.total - drift.paths.length;
    return [
      ...drift.paths.map(({ path, kind }, index) => [index === 0 ? app : '', oneLine(path), kind]),
      ...(more > 0 ? [['', `and ${more} more`, '']] : []),
    ];
  });
  if (rows.length === 0) return [];
  return ['', await renderTable(paint, ['APP', 'FILES THAT DRIFTED', 'KIND'], rows)];
}

/** Where the newest release of each application came from. */
async function fetchedText(apps: readonly AppJson[], paint: Paint): Promise<readonly string[]> {
  const rows = apps.flatMap(({ app, fetchedFrom }) =>
    fetchedFrom.map(({ source, bytes }, index): readonly Cell[] => [
      index === 0 ? app : '',
      oneLine(source),
      formatBytes(bytes),
    ]),
  );
  if (rows.length === 0) return [];
  return ['', await renderTable(paint, ['APP', 'LAST STAGED FROM', 'BYTES'], rows)];
}

function servingText({ url, slots, packs }: NonNullable<NodeJson['serving']>): string {
  const what = packs.length === 1 ? '1 pack' : `${packs.length} packs`;
  return `serves ${what} to other nodes at ${url}, ${slots} at a time`;
}

function factsText(facts: NonNullable<NodeJson['facts']>): string {
  return [
    `${facts.os} (${facts.kernel}, ${facts.arch})`,
    `${facts.cpus} CPUs, load ${facts.load1.toFixed(2)}`,
    `memory ${formatBytes(facts.memoryAvailable)} of ${formatBytes(facts.memoryTotal)} available`,
    `disk ${formatBytes(facts.diskFree)} of ${formatBytes(facts.diskTotal)} free`,
    `up ${formatDuration(facts.uptimeMs)}`,
    ...(facts.pressure === undefined ? [] : [pressureText(facts.pressure)]),
  ].join(', ');
}

/** Memory, disk and load are looked at rarely. */
const sampledText = ({ factsAt }: NodeJson): string =>
  factsAt === undefined ? '' : `; as of ${toSecond(factsAt)}`;

/** Of the last 10 seconds, in how much of them some work waited. */
const pressureText = ({ cpu, memory, io }: { cpu: number; memory: number; io: number }): string =>
  `waited for cpu ${cpu.toFixed(0)} %, memory ${memory.toFixed(0)} %, disk ${io.toFixed(0)} % of the time`;
