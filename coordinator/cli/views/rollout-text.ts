import { formatBytes } from '../../../shared/core/bytes.js';
import { formatDuration } from '../../../shared/core/duration.js';
import { type Paint, statusCell, statusTone } from '../terminal/style.js';
import { type Cell, oneLine, printable, renderTable } from '../terminal/table.js';
import { comparisonText } from './comparison.js';
import type { RolloutHeadJson, RolloutJson } from './rollout-json.js';
import { toSecond } from './wire-words.js';

type RolloutNodeJson = RolloutJson['waves'][number]['nodes'][number];

/** `web in production: 1.3.2 -> 1.4.0` */
export function rolloutTitle(rollout: RolloutJson): string {
  const change =
    rollout.cause === 'restart'
      ? `restart of ${rollout.to}`
      : rollout.cause === 'stage'
        ? `${rollout.to} onto the disks`
        : `${rollout.from ?? 'nothing'} -> ${rollout.to}`;
  const cause = rollout.cause === 'rollback' ? ' (rollback)' : '';
  return oneLine(`${rollout.app} in ${rollout.env}: ${change}${configChange(rollout)}${cause}`);
}

/** `, config 2 -> 3`: said where it changes. */
const configChange = ({ config, fromConfig }: RolloutJson): string =>
  config === undefined || fromConfig === undefined || config === fromConfig
    ? ''
    : `, config ${fromConfig} -> ${config}`;

/** One line on where a rollout stands, with the reason and what it waits for. */
export function rolloutLine(rollout: RolloutJson, paint: Paint): string {
  const reached =
    rollout.cause === 'stage'
      ? `staged on ${rollout.staged} of ${rollout.total} nodes`
      : `${rollout.healthy} of ${rollout.total} healthy on ${rollout.to}`;
  const counts = `${reached}${rollout.failed > 0 ? `, ${rollout.failed} failed` : ''}`;
  const reason = rollout.reason ?? rollout.waitingFor;
  const why = reason === undefined ? '' : `: ${oneLine(reason)}`;
  return `${paint(statusTone(rollout.status), rollout.status)} (${counts})${why}`;
}

/** What `rollout show` prints. */
export async function rolloutText(rollout: RolloutJson, paint: Paint): Promise<string> {
  const lines = [
    `${paint('strong', `Rollout ${rollout.id}`)}  ${rolloutTitle(rollout)}`,
    rolloutLine(rollout, paint),
    ...(rollout.reason !== undefined && rollout.waitingFor !== undefined
      ? [`Waits for: ${oneLine(rollout.waitingFor)}`]
      : []),
    paint('quiet', facts(rollout)),
    ...requestsLine(rollout),
    ...inconsistentLines(rollout, paint),
    '',
  ];
  const told = reasonsOf(rollout.waves.flatMap(({ nodes }) => nodes));
  const rows = rollout.waves.flatMap((wave): (readonly Cell[])[] => [
    [{ text: wave.name, tone: 'strong' }, statusCell(wave.status), '', ''],
    ...wave.nodes.map((node): readonly Cell[] => [
      `  ${node.name}`,
      statusCell(node.phase),
      statusCell(node.health),
      node.reason === undefined ? nodeReason(node) : sharedReason(node, told),
    ]),
  ]);
  lines.push(await renderTable(paint, ['WAVE / NODE', 'PHASE', 'HEALTH', 'REASON'], rows));
  if (rollout.comparison !== undefined)
    lines.push('', ...(await comparisonText(rollout.comparison, rollout.to, paint)));
  for (const [tail, names] of tailsOf(rollout)) lines.push('', ...logTail(namesText(names), tail, paint));
  return `${lines.join('\n')}\n`;
}

/** Of a blue/green pair: which group has the requests. */
function requestsLine({ slots }: RolloutHeadJson): readonly string[] {
  if (slots === undefined) return [];
  const { label, active, fresh, old } = slots;
  const other = active === fresh ? old : fresh;
  const idle = other === undefined ? '' : `, ${label}=${other} takes none`;
  return [
    active === undefined
      ? `${label}=${fresh} takes no requests yet`
      : `${label}=${active} takes the requests${idle}`,
  ];
}

/** Nodes that nobody but a person can bring on, before everything else that is said of nodes. */
const inconsistentLines = ({ waves }: RolloutJson, paint: Paint): readonly string[] =>
  waves
    .flatMap(({ nodes }) => nodes)
    .filter(({ phase }) => phase === 'inconsistent')
    .map(({ name }) => paint('bad', `INCONSISTENT: ${name}; see capstan why ${name}`));

function facts(rollout: RolloutJson): string {
  const parts = [
    `strategy ${rollout.strategy}`,
    `asked for by ${rollout.requestedBy}${rollout.requestedReason === undefined ? '' : ` ("${rollout.requestedReason}")`}`,
    `started ${toSecond(rollout.startedAt)}`,
  ];
  if (rollout.endedAt !== undefined) {
    const tookMs = Date.parse(rollout.endedAt) - Date.parse(rollout.startedAt);
    parts.push(`ended ${toSecond(rollout.endedAt)} after ${formatDuration(Math.max(0, tookMs))}`);
  }
  if (rollout.rollbackOf !== undefined) parts.push(`rollback of ${rollout.rollbackOf}`);
  if (rollout.supersededBy !== undefined) parts.push(`superseded by ${rollout.supersededBy}`);
  return oneLine(parts.join(', '));
}

/** What nodes printed last; those that printed the same together. */
function tailsOf({ waves }: RolloutJson): ReadonlyMap<string, readonly string[]> {
  const tails = new Map<string, string[]>();
  for (const { name, logTail: tail } of waves.flatMap(({ nodes }) => nodes)) {
    if (tail === undefined) continue;
    const known = tails.get(tail);
    if (known === undefined) tails.set(tail, [name]);
    else known.push(name);
  }
  return tails;
}

const shownNames = 10;

export const namesText = (names: readonly string[]): string =>
  names.length > shownNames
    ? `${names.slice(0, shownNames).join(', ')} and ${names.length - shownNames} more`
    : names.join(', ');

/** Who gave a reason first, by the reason. */
export function reasonsOf(nodes: readonly RolloutNodeJson[]): ReadonlyMap<string, string> {
  const told = new Map<string, string>();
  for (const node of nodes) {
    const said = nodeReason(node);
    if (node.reason !== undefined && !told.has(said)) told.set(said, node.name);
  }
  return told;
}

/** The reason that a node gave, or who gave the same before it; '' if it gave none. */
export function sharedReason(node: RolloutNodeJson, told: ReadonlyMap<string, string>): string {
  if (node.reason === undefined) return '';
  const said = nodeReason(node);
  const first = told.get(said) ?? node.name;
  return first === node.name ? said : `as on ${first}`;
}

/** Why a node is where it is: the reason it gave, or how much it has fetched. */
function nodeReason(node: RolloutNodeJson): string {
  const said = node.pastReturn === true ? ['past the point of no return'] : [];
  if (node.reason !== undefined)
    said.push(node.step === undefined ? node.reason : `${node.step}: ${node.reason}`);
  else if (node.bytesTotal !== undefined)
    said.push(`${formatBytes(node.bytesDone)} of ${formatBytes(node.bytesTotal)}`);
  return said.join('; ');
}

/** Lines of a log tail that are shown to people; programs get all of it. */
const tailLines = 20;

/** The end of a program's output, set off from what Capstan says itself. */
export function logTail(name: string | undefined, text: string, paint: Paint): readonly string[] {
  const lines = printable(text).trimEnd().split('\n');
  const left = lines.length - tailLines;
  return [
    paint('strong', name === undefined ? 'Last output of what failed:' : `Last output on ${name}:`),
    ...(left > 0 ? [paint('quiet', `| (${left} lines before; --output json has them)`)] : []),
    ...lines.slice(-tailLines).map((line) => `${paint('quiet', '|')} ${line}`),
  ];
}

export async function rolloutListText(rollouts: readonly RolloutHeadJson[], paint: Paint): Promise<string> {
  if (rollouts.length === 0) return 'No rollouts.\n';
  const head = ['ID', 'APP', 'ENV', 'FROM', 'TO', 'CAUSE', 'STATUS', 'DONE', 'STARTED', 'REASON'];
  const rows = rollouts.map((rollout): readonly Cell[] => [
    rollout.id,
    rollout.app,
    rollout.env,
    rollout.from ?? '-',
    rollout.to,
    rollout.cause,
    statusCell(rollout.status),
    `${rollout.cause === 'stage' ? rollout.staged : rollout.healthy}/${rollout.total}`,
    rollout.startedAt,
    rollout.reason ?? rollout.waitingFor ?? '',
  ]);
  return `${await renderTable(paint, head, rows)}\n`;
}
