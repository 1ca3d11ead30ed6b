import type { RolloutHeader } from '../../../coordinator/core/rollout/types/rollout.js';
import type { ControlCommand } from '../../../coordinator/ports/operations.js';
import type { Check } from './checks/check.js';
import { endings } from './checks/end.js';
import { floor } from './checks/floor.js';
import { gates, poison, windows } from './checks/gates.js';
import { oneGroup, relieved, untouched } from './checks/groups.js';
import { wellLongEnough } from './checks/health.js';
import { noMoreThanTold, oneDatabase, toldOnly, verdicts } from './checks/nodes.js';
import { acknowledgements, generations, onceOnly, onItsOwn } from './checks/promises.js';
import { rolloutChecks } from './checks/rollouts.js';
import { atOnce } from './environments.js';
import { happen } from './incidents.js';
import { fair } from './network.js';
import type { ReleaseTraits } from './releases.js';
import { imageNoise, type Scenario } from './scenario.js';
import { type Image, Site, type SiteOptions, type Watch } from './site.js';

const makers: readonly (() => Check)[] = [
  floor,
  ...rolloutChecks,
  generations,
  acknowledgements,
  onceOnly,
  onItsOwn,
  gates,
  windows,
  poison,
  toldOnly,
  verdicts,
  noMoreThanTold,
  oneDatabase,
  relieved,
  oneGroup,
  untouched,
  wellLongEnough,
];

/** All that is judged, in words. */
export const promises: readonly string[] = [
  ...makers.map((make) => make().name),
  ...endings.map(({ name }) => `in the end ${name}`),
];

export interface Played {
  /** The first thing that was wrong; undefined: nothing. */
  readonly violation: string | undefined;
  readonly trace: readonly string[];
  /** How much virtual time it took. Milliseconds. */
  readonly virtualMs: number;
}

/** Plays a scenario to its end, and what comes after: all is made well, and all must come to rest as it should. */
export async function play(scenario: Scenario, traced = false): Promise<Played> {
  const options: SiteOptions = { ...scenario, releases: [good, ...scenario.releases] };
  const { image, violation } = await prepared(scenario);
  if (image === undefined)
    return { violation: `no site could be made: ${violation}`, trace: [], virtualMs: 0 };
  const site = new Site(options, watchAll(), image, traced);
  const report = (error: unknown): void => {
    site.judge(`a promise was left alone: ${String(error)}`);
  };
  process.on('unhandledRejection', report);
  try {
    site.start();
    await site.pass(500);
    // Where there is a pipeline, one build comes after the other.
    const ready = scenario.pipeline === undefined ? scenario.releases.length : 0;
    for (let at = 0; at < ready; at++) site.operators.register(at + 2);
    site.operators.apply(0);
    for (const { after, kind, ...what } of scenario.incidents) {
      await site.pass(after);
      if (site.violation !== undefined) break;
      site.say(`-- ${kind} ${what.at} ${what.size} ${String(what.flag)}`);
      happen(site, kind, what);
    }
    await settle(site, scenario.bandwidth);
  } finally {
    site.close();
    process.off('unhandledRejection', report);
  }
  return { violation: site.violation, trace: site.trace ?? [], virtualMs: site.time.now };
}

function watchAll(): Watch {
  const checks = makers.map((make) => make());
  const ask = (judge: (check: Check) => string | undefined): string | undefined => {
    for (const check of checks) {
      const wrong = judge(check);
      if (wrong !== undefined) return `${check.name}: ${wrong}`;
    }
    return undefined;
  };
  return {
    committed: (site, commit) => ask((check) => check.committed?.(site, commit)),
    told: (site, node, answer) => ask((check) => check.told?.(site, node, answer)),
    acknowledged: (site, node, status) => ask((check) => check.acknowledged?.(site, node, status)),
    journalled: (site, node, record) => ask((check) => check.journalled?.(site, node, record)),
    started: (site, node, dir) => ask((check) => check.started?.(site, node, dir)),
    databaseBegun: (site, node, release) => ask((check) => check.databaseBegun?.(site, node, release)),
  };
}

/** How long it may take until all is at rest once all is well. Milliseconds. */
const patienceMs = 400_000;
/** Where bandwidth is shared, each node may keep its share from the others for so long before it is known to hang. */
const hangsForMs = 120_000;
const lookEveryMs = 2000;

/** Nothing is broken any more but the releases that are bad, and an operator sees to what waits for one. */
async function settle(site: Site, bandwidth: number): Promise<void> {
  site.say('-- all is made well');
  site.network.weather = fair;
  site.coordinator.nextCommits = [];
  site.atSwitch = undefined;
  for (const { name } of site.nodes) site.network.join(name);
  await site.pass(13_000);
  site.operators.unlock('lock');
  site.operators.unlock('freeze');
  if (site.windows.some((openMs) => openMs !== undefined)) site.operators.open();
  for (const node of site.nodes) node.lie = undefined;
  let quiet = 0;
  let resumed = '';
  const restMs = patienceMs + (bandwidth === 0 ? 0 : site.nodes.length * hangsForMs);
  for (let waited = 0; waited < restMs && quiet < 3; waited += lookEveryMs) {
    await site.pass(lookEveryMs);
    if (site.violation !== undefined) return;
    const header = site.operators.active;
    if (header?.status === 'waiting') site.operators.control(nextFor(header));
    if (header?.status === 'paused') {
      // Once is enough: what it is paused for may come again.
      site.operators.control(resumed === header.id ? 'abort' : 'resume');
      resumed = header.id;
    }
    const wrong =
      site.operators.waiting === 0 ? endings.find((ending) => ending.wrong(site) !== undefined) : endings[0];
    quiet = wrong === undefined ? quiet + 1 : 0;
  }
  if (quiet > 0) return;
  for (const { name, wrong } of endings) {
    const found = wrong(site);
    if (found !== undefined) site.judge(`in the end ${name}: ${found}`);
  }
}

/** What a rollout that waits for a person waits for. */
const nextFor = ({ slots }: RolloutHeader): ControlCommand['action'] =>
  slots?.step === 'verified' ? 'switch' : slots?.step === 'kept' ? 'release' : 'approve';

const good: ReleaseTraits = { fault: undefined, oneIn: 1, database: undefined, service: true };

type Prepared =
  | { readonly image: Image; readonly violation?: never }
  | { readonly image?: never; readonly violation: string };

const images = new Map<string, Promise<Prepared>>();

/** A site on which the first release runs everywhere; made once for each size, always with the same luck. */
function prepared({ nodes, zones }: Scenario): Promise<Prepared> {
  const key = `${nodes} ${zones}`;
  const known = images.get(key) ?? prepare(nodes, zones);
  images.set(key, known);
  return known;
}

async function prepare(nodes: number, zones: number): Promise<Prepared> {
  const releases = Array.from({ length: 5 }, () => good);
  const strategies = [atOnce];
  const chance = { noise: imageNoise, join: 'stable', bandwidth: 0 } as const;
  const options: SiteOptions = { ...chance, nodes, zones, strategies, releases };
  const site = new Site(options, watchAll(), undefined, false);
  site.start();
  await site.pass(1500);
  site.operators.register(1);
  site.operators.apply(0);
  await site.pass(500);
  site.operators.deploy(1);
  await site.pass(15_000);
  site.close();
  const { violation } = site;
  return violation === undefined ? { image: site.image() } : { violation };
}
