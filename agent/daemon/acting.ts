import { join } from 'node:path';
import { packageRoot } from '../../shared/io/package-root.js';
import type { AppName } from '../../shared/model/ids.js';
import { madeOnNode } from '../../shared/model/release-spec.js';
import type { Logger } from '../../shared/ports/logger.js';
import type { Random } from '../../shared/ports/random.js';
import type { AppLoop } from '../app-loop.js';
import type { Parts } from '../executor.js';
import { SweepingWatch } from '../io/drift/drift-watch.js';
import { HealthWatch } from '../io/health-watch.js';
import { hookRunner } from '../io/hooks/hook-runner.js';
import type { PackTrading } from '../io/peers/pack-trading.js';
import { layoutOf } from '../io/releases/layout.js';
import { ReleaseFolder } from '../io/releases/releases.js';
import type { OwnService } from '../io/self/own-service.js';
import { NodeService } from '../io/services/node-service.js';
import type { Systemd } from '../io/services/systemd/systemd.js';
import type { Stager } from '../io/stager-client.js';
import { fileJournal } from '../io/state/journal.js';
import type { Journal, NodeRules } from '../ports/node.js';
import type { AgentConfig } from '../stager/settings/settings.js';

/** Everything with which an application's loop touches the node. */
export interface Acting {
  readonly parts: Parts;
  readonly journal: Journal;
}

/** What the applications of a node share. */
export interface Host extends Pick<Parts, 'values' | 'users' | 'signatures' | 'clock'> {
  readonly settings: AgentConfig['settings'];
  readonly stateDir: string;
  /** Where applications are: `<root>/<app>/current`. */
  readonly root: string;
  /** What every process gets. */
  readonly base: Readonly<Record<string, string>>;
  readonly rules: NodeRules;
  readonly systemd: Systemd;
  readonly stager: Stager;
  /** Undefined: this node trades no packs. */
  readonly trading: PackTrading | undefined;
  /** Base URLs of the stores, best first. */
  readonly stores: () => readonly string[];
  /** What stores must show; undefined: without TLS of our own. */
  readonly ca: () => string | undefined;
  readonly random: Random;
  readonly log: Logger;
}

/**
 * @param itself the agent's own service, for the agent as an application
 * @param loop asked when something happens, which is after all has been made
 */
export function actingFor(
  app: AppName,
  itself: OwnService | undefined,
  host: Host,
  loop: () => Pick<AppLoop, 'changed' | 'healthChanged' | 'needed'>,
): Acting {
  const { settings, values, users, signatures, stager, clock, random, log } = host;
  const layout = layoutOf(host.root, host.stateDir, app, itself?.home);
  const service = itself ?? serviceFor(app, layout.service, host);
  const releases = new ReleaseFolder({
    ...{ layout, stager, users, clock, random, log },
    stores: host.stores,
    reserveBytes: settings.reserveMb * 1_000_000,
    quotaBytes: settings.quotaMb * 1_000_000,
    fetchBytesPerSecond: settings.fetchBytesPerSecond,
    trading: host.trading,
    needed: () => loop().needed(),
    ca: host.ca(),
  });
  const health = new HealthWatch({
    ...{ service, values, users, clock, log },
    onChange: () => {
      loop().healthChanged();
    },
  });
  const drift = new SweepingWatch({
    ...{ stager, clock, random, log },
    recordFileOf: (dir) => join(layout.records, `${dir}.json`),
    expectedIn: ({ spec }) => madeOnNode(spec),
    onChange: () => {
      loop().changed();
    },
  });
  const hooks = hookRunner({
    ...{ logFile: layout.hookLog, noteFile: layout.hookNote },
    ...{ users, clock, random },
  });
  return {
    parts: { releases, service, hooks, health, drift, values, users, signatures, clock },
    journal: fileJournal(layout.journal, app),
  };
}

function serviceFor(app: AppName, folder: string, { base, systemd, rules, users, clock }: Host): NodeService {
  const shim = [process.execPath, '--max-semi-space-size=1', join(packageRoot(), 'dist', 'capstan-shim.cjs')];
  return new NodeService({ app, folder, shim, base, systemd, rules, users, clock });
}
