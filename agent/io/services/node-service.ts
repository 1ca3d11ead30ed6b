import { CapstanError } from '../../../shared/model/errors.js';
import { type AppName, agentApp } from '../../../shared/model/ids.js';
import type { Clock } from '../../../shared/ports/clock.js';
import { environmentAs } from '../../core/users.js';
import type { NodeRules, RunnableRelease, Service, ServiceFacts, Users } from '../../ports/node.js';
import { connectionsTo } from './ports/connections.js';
import { strangerAt } from './ports/port-owner.js';
import { ShimKeeper } from './shim-keeper.js';
import type { Systemd } from './systemd/systemd.js';
import { loadFault, unitFault } from './systemd/unit-fault.js';
import { isRunning } from './systemd/unit-state.js';
import { UnitWatch } from './systemd/unit-watch.js';
import { type SystemdSpec, shadowFault, shippedUnit, unitRefusal } from './units/installing.js';
import { type ProcessSpec, startTransient, transientUnit } from './units/transient-unit.js';
import { type UnitFiles, unitFiles } from './units/unit-files.js';
import { UnitKeeper } from './units/unit-keeper.js';

export interface NodeServiceOptions {
  readonly app: AppName;
  /** `<state-dir>/services/<app>`. */
  readonly folder: string;
  /** How to start the shim, without its argument. */
  readonly shim: readonly string[];
  /** What every process gets. A unit has that from systemd. */
  readonly base: Readonly<Record<string, string>>;
  readonly systemd: Systemd;
  readonly rules: NodeRules;
  readonly users: Users;
  readonly clock: Clock;
  /** Where the host's administrator keeps unit files. */
  readonly unitDir?: string;
}

type Env = Readonly<Record<string, string>>;

/**
 * The service of one application, whoever keeps it: a unit of systemd, be it the host's, the release's or one made for a
 * program of the release, or the shim where there is no systemd. One of them at a time: another one is stopped first.
 */
export class NodeService implements Service {
  readonly #options: NodeServiceOptions & { readonly unitDir: string };
  readonly #shim: ShimKeeper;
  readonly #units: UnitKeeper;
  /** Units that probes ask for. */
  readonly #watches = new Map<string, UnitWatch>();

  constructor(options: NodeServiceOptions) {
    const { folder, shim, base, systemd, clock } = options;
    this.#options = { unitDir: '/etc/systemd/system', ...options };
    this.#shim = new ShimKeeper({ folder, shim, clock, path: base['PATH'] ?? '' });
    this.#units = new UnitKeeper({ folder, systemd, clock });
  }

  observe(): ServiceFacts | undefined {
    return this.#units.observe() ?? this.#shim.observe();
  }

  async preflight(release: RunnableRelease): Promise<string> {
    const { service } = release.spec;
    if (service.kind === 'none') return '';
    try {
      if (service.kind === 'process') {
        if ((await this.#systemdVersion()) === undefined) return '';
        return await this.#units.transientFault(transientUnit(release.app));
      }
      if (service.kind === 'agent') {
        return release.app === agentApp
          ? 'this agent was not started by capstan-agent.service, which would start its successor'
          : `only a release of ${agentApp} may be the agent`;
      }
      const refusal = unitRefusal(release.app, service, this.#options.rules);
      if (refusal !== '') return refusal;
      await this.#needSystemd(service.unit);
      const { unit } = service;
      const state = await this.#options.systemd.show(unit);
      const shipped = await shippedUnit(release, service, this.#options);
      if (shipped === undefined || state.load === 'masked') return loadFault(state);
      return shadowFault(this.#options.unitDir, unit, state.fragment);
    } catch (error) {
      return CapstanError.from(error).message;
    }
  }

  async start(release: RunnableRelease, env: Env): Promise<void> {
    const { service } = release.spec;
    if (service.kind === 'none' || service.kind === 'agent') return;
    const kept = this.observe();
    if (kept?.dir === release.dir && kept.over !== true) return;
    if (service.kind === 'systemd') {
      await this.#shim.stop();
      await this.#startUnit(release, service, env);
      return;
    }
    const user = await this.#options.users.of(release.app, service.user);
    const asUser = environmentAs(user, env);
    const version = await this.#systemdVersion();
    if (version === undefined) {
      await this.#units.remove();
      await this.#shim.start(release, service, asUser, user);
      return;
    }
    await this.#shim.stop();
    await this.#startTransient(release, service, { env: asUser, version, user: user?.name });
  }

  async stop(): Promise<void> {
    await this.#units.stop();
    await this.#shim.stop();
  }

  async remove(): Promise<void> {
    await this.#units.remove();
    await this.#shim.stop();
  }

  logTail(maxBytes: number, since: 'start' | 'ever'): Promise<string> {
    const keeper = this.#units.watch === undefined ? this.#shim : this.#units;
    return keeper.logTail(maxBytes, since);
  }

  stranger(target: { readonly host: string; readonly port: number }): Promise<string> {
    return strangerAt(target, () => this.#members());
  }

  connections(): Promise<number | undefined> {
    return connectionsTo([...this.#members()]);
  }

  async unitFault(name: string | undefined): Promise<string> {
    const watch = this.#watchOf(name);
    if (watch === undefined) return 'the service is not a unit of systemd';
    try {
      const seen = watch.look();
      const state = seen?.current === true ? seen.state : await watch.ask();
      return isRunning(state) ? '' : unitFault(state);
    } catch (error) {
      return CapstanError.from(error).message;
    }
  }

  #members(): Iterable<number> {
    return this.#units.watch === undefined ? this.#shim.members() : this.#units.members();
  }

  #watchOf(name: string | undefined): UnitWatch | undefined {
    const own = this.#units.watch;
    if (name === undefined || name === own?.unit) return own;
    const { systemd, clock } = this.#options;
    const watch = this.#watches.get(name) ?? new UnitWatch(name, systemd, clock);
    this.#watches.set(name, watch);
    return watch;
  }

  async #startUnit(release: RunnableRelease, service: SystemdSpec, env: Env): Promise<void> {
    const { folder, base, unitDir } = this.#options;
    const { unit } = service;
    await this.#needSystemd(unit);
    const shipped = await shippedUnit(release, service, this.#options);
    const own = Object.entries(env).filter(([name, value]) => base[name] !== value);
    await this.#units.start({
      unit,
      dir: release.dir,
      env: Object.fromEntries(own),
      transient: undefined,
      files: unitFiles({ unitDir, unit, environmentFile: UnitKeeper.environmentFile(folder), shipped }),
      reload: service.reload === true,
    });
  }

  async #startTransient(
    release: RunnableRelease,
    spec: ProcessSpec,
    {
      env,
      version,
      user,
    }: { readonly env: Env; readonly version: number; readonly user: string | undefined },
  ): Promise<void> {
    const { app, folder, systemd } = this.#options;
    const unit = transientUnit(app);
    const environmentFile = UnitKeeper.environmentFile(folder);
    const files: UnitFiles = new Map();
    const transient = (): Promise<void> =>
      startTransient({ systemd, version, unit, release, spec, env, environmentFile, user });
    await this.#units.start({ unit, dir: release.dir, env, transient, files, reload: false });
  }

  async #systemdVersion(): Promise<number | undefined> {
    return process.getuid?.() === 0 ? this.#options.systemd.version() : undefined;
  }

  async #needSystemd(unit: string): Promise<void> {
    if ((await this.#systemdVersion()) !== undefined) return;
    const why = process.getuid?.() === 0 ? 'this host does not run systemd' : 'the agent is not root';
    throw refused(`the service is ${unit}, which cannot be started: ${why}`);
  }
}

const refused = (message: string): CapstanError => new CapstanError('refused', message);
