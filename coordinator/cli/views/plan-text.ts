import { formatDuration } from '../../../shared/core/duration.js';
import { type Paint, statusTone } from '../terminal/style.js';
import { type Cell, oneLine, renderTable } from '../terminal/table.js';
import { availabilityBar, waveBar } from './plan-chart.js';
import type { PlanJson } from './plan-json.js';

/** Lines of the order that are shown to people; programs get all of it. */
const orderLines = 20;
const namesALine = 5;
/** What the table needs beside the chart. */
const besideChart = 60;
const widest = 60;
const narrowest = 20;

/** A plan for people: how it ends, a chart of its waves and of who serves, and the order of the nodes. */
export async function planText(plan: PlanJson, paint: Paint, width: number): Promise<string> {
  const columns = {
    count: Math.max(narrowest, Math.min(widest, width - besideChart)),
    durationMs: plan.durationMs,
  };
  const rows = plan.waves.map((wave): readonly Cell[] => [
    wave.name,
    String(wave.nodes),
    timeOf(wave.beganMs),
    timeOf(wave.endedMs),
    { text: wave.status, tone: statusTone(wave.status) },
    waveBar(wave, plan, columns),
  ]);
  const { capacity, floor } = plan.nodes;
  const serving = availabilityBar(plan.availability, capacity, columns);
  if (capacity > 0) rows.push(['serving', `${floor}+`, '', '', `of ${capacity}`, serving]);
  const head = ['WAVE', 'NODES', 'BEGINS', 'ENDS', 'STATUS', `0 to ${formatDuration(plan.durationMs)}`];
  const lines = [
    paint('strong', oneLine(`${plan.app} in ${plan.env}: ${plan.from ?? 'nothing'} -> ${plan.to}`)),
    ...refusal(plan, paint),
    `${paint(statusTone(plan.status), endOf(plan))} after ${formatDuration(plan.durationMs)}: ${oneLine(plan.reason)}`,
    paint('quiet', floorLine(plan)),
    paint('quiet', assumed(plan)),
    '',
    await renderTable(paint, head, rows),
    paint('quiet', '= nodes are changed   . none is: it bakes, or waits for its gate or a window'),
    ...orderOf(plan, paint),
    ...remarks(plan),
  ];
  return `${lines.join('\n')}\n`;
}

/** Before anything else: what is planned would not begin. */
const refusal = ({ obstacles }: PlanJson, paint: Paint): readonly string[] =>
  obstacles.length === 0
    ? []
    : [
        ...obstacles.map((why) => `${paint('bad', 'A deploy would be refused now:')} ${oneLine(why)}`),
        'Once that is settled:',
      ];

/** `It would be rolled back` */
function endOf({ status }: PlanJson): string {
  switch (status) {
    case 'succeeded':
      return 'It would succeed';
    case 'failed':
      return 'It would fail';
    case 'rolledBack':
      return 'It would be rolled back';
    case 'paused':
    case 'waiting':
      return 'It would stop and wait for a person';
    default:
      return `It would be ${status} still`;
  }
}

const timeOf = (ms: number | undefined): string => (ms === undefined ? '-' : formatDuration(ms));

function floorLine({ nodes, availability, strategy }: PlanJson): string {
  const { total, capacity, floor, maxUnavailable } = nodes;
  const all = total === 1 ? '1 node' : `${total} nodes`;
  if (capacity === 0) return `${all}; none has a release yet, so there is nothing to keep in service`;
  const lowest = availability.find(({ serving }) => serving === floor)?.atMs ?? 0;
  const when = lowest === 0 ? 'from the start' : `first after ${formatDuration(lowest)}`;
  const first = floor === capacity ? '' : `, as few as that ${when}`;
  // The other group of a blue/green pair takes no requests, and all of it may be changed at once.
  const isPair = strategy === 'parallel';
  const who = isPair ? 'are to take requests' : 'have a release';
  const room = isPair
    ? 'the group that takes none is changed beside them'
    : `the strategy lets ${maxUnavailable} be out of service at once`;
  return `${all}; of the ${capacity} that ${who} at least ${floor} would serve at any time${first} (${room})`;
}

function assumed({ assumed: { fetchMs, changeMs, learntFromNodes } }: PlanJson): string {
  const times = `supposed: a node that lacks the release fetches it in ${formatDuration(fetchMs)}, and each is changed in ${formatDuration(changeMs)}`;
  const seen = learntFromNodes === 1 ? '1 node was' : `${learntFromNodes} nodes were`;
  if (learntFromNodes > 0) return `${times} (as ${seen} in earlier rollouts)`;
  return `${times} (a guess, or given by --step)`;
}

/** Who is changed when: those that are told together on one line. */
function orderOf({ changes }: PlanJson, paint: Paint): readonly string[] {
  const lines: { readonly atMs: number; readonly names: string[] }[] = [];
  for (const { node, beganMs } of changes) {
    const last = lines.at(-1);
    if (last?.atMs === beganMs) last.names.push(node);
    else lines.push({ atMs: beganMs, names: [node] });
  }
  if (lines.length === 0) return [];
  const shown = lines.slice(0, orderLines).map(({ atMs, names }) => {
    const more = names.length - namesALine;
    const rest = more > 0 ? ` and ${more} more` : '';
    return `${formatDuration(atMs).padStart(8)}  ${oneLine(names.slice(0, namesALine).join(', '))}${rest}`;
  });
  const left = lines.length - shown.length;
  return [
    '',
    paint('strong', 'ORDER'),
    ...shown,
    ...(left > 0 ? [paint('quiet', `          and ${left} times more; --output json has them`)] : []),
  ];
}

function remarks({ approvals, waits, skipped, supersedes, remarks: said }: PlanJson): readonly string[] {
  const asked = approvals.map(
    ({ atMs, what }) =>
      `After ${formatDuration(atMs)} it would wait for a person: ${oneLine(what)} (the plan takes that to be done at once).`,
  );
  const shut = waits.map(({ atMs, untilMs, what }) => {
    const until = untilMs === undefined ? '' : ` until ${formatDuration(untilMs)}`;
    const from = atMs === 0 ? 'the start' : formatDuration(atMs);
    return `From ${from}${until} it waits for ${oneLine(what)}.`;
  });
  const lines = [...said.map((sentence) => oneLine(`${sentence}.`)), ...shut, ...asked];
  if (skipped.length > 0) {
    const names = skipped.slice(0, namesALine).join(', ');
    const more = skipped.length > namesALine ? ` and ${skipped.length - namesALine} more` : '';
    lines.push(oneLine(`Not connected, and skipped until they are back: ${names}${more}.`));
  }
  if (supersedes !== undefined) lines.push(`It would replace rollout ${supersedes}, which is under way.`);
  return lines.length === 0 ? [] : ['', ...lines];
}
