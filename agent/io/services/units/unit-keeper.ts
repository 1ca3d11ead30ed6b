import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CapstanError } from '../../../../shared/model/errors.js';
import type { Clock } from '../../../../shared/ports/clock.js';
import type { ServiceFacts } from '../../../ports/node.js';
import { bootId } from '../../../shim/process-identity.js';
import { groupMembers } from '../members.js';
import { environmentFile } from '../systemd/environment-file.js';
import type { Systemd } from '../systemd/systemd.js';
import { loadFault, unitFault } from '../systemd/unit-fault.js';
import { exitsOf, isKept, isRunning, type UnitState } from '../systemd/unit-state.js';
import { UnitWatch } from '../systemd/unit-watch.js';
import { replaceFile, syncFile } from './replace-file.js';
import { areWritten, removeUnitFile, type UnitFiles, writeUnitFiles } from './unit-files.js';
import {
  readUnitRecord,
  removeUnitRecord,
  syncUnitRecord,
  type UnitRecord,
  writeUnitRecord,
} from './unit-record.js';

export interface UnitKeeperOptions {
  /** `<state-dir>/services/<app>`. */
  readonly folder: string;
  readonly systemd: Systemd;
  readonly clock: Clock;
}

/** How a release's service is to be run by systemd. */
export interface UnitOrder {
  readonly unit: string;
  /** The release's directory name. */
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  /** A unit that there is no file of: how systemd is asked to make it. */
  readonly transient: (() => Promise<void>) | undefined;
  /** What systemd is to read about the unit beside what the host has. */
  readonly files: UnitFiles;
  /** Reloading is enough for the unit to take up another release. */
  readonly reload: boolean;
}

/** Of these the values change with each release, and are no reason to start a unit anew that can reload. */
const ofReleases = /^CAPSTAN_(?:RELEASE|RELEASE_DIGEST|ASSETS_.*)$/;

/** A service kept by systemd as a unit; found again, after any end of the agent, through a small record and the unit itself. */
export class UnitKeeper {
  readonly #options: UnitKeeperOptions;
  readonly #boot = bootId();
  #record: UnitRecord | undefined;
  #watch: UnitWatch | undefined;
  #remembered = '';

  constructor(options: UnitKeeperOptions) {
    this.#options = options;
    this.#record = readUnitRecord(options.folder);
    if (this.#record !== undefined) this.#watch = this.#watchOf(this.#record.unit);
  }

  /** Where the values of the service are written for systemd. */
  static environmentFile(folder: string): string {
    return join(folder, 'environment');
  }

  /** What watches the unit that keeps the service, or kept it last. */
  get watch(): UnitWatch | undefined {
    return this.#watch;
  }

  observe(): ServiceFacts | undefined {
    const record = this.#record;
    if (record === undefined || record.dir === '') return undefined;
    const { dir, cgroup } = record;
    const seen = this.#watch?.look();
    if (seen === undefined) {
      // Until systemd has answered: whoever is in its control group is the service.
      const running = groupMembers(cgroup).length > 0;
      if (!running && record.bootId !== this.#boot) return undefined;
      return { dir, running, exits: 0, lastExit: running ? '' : 'systemd has not answered yet' };
    }
    const { state, main, current } = seen;
    const exits = exitsOf(state) + (current ? 0 : 1);
    const known = main === undefined ? {} : { main: `${main.pid}.${main.startTicks}` };
    if (isKept(state)) {
      const running = isRunning(state) && current;
      return { dir, running, exits, lastExit: this.#lastExit(state, current), ...known };
    }
    // What systemd has given up, or somebody stopped, is theirs to start again; not so what no boot would bring back.
    if (record.transient || record.bootId !== this.#boot) return undefined;
    return { dir, running: false, exits, lastExit: unitFault(state), over: true };
  }

  /** systemd forgets how a unit ended when it starts it again; who judges a check wants to know. */
  #lastExit(state: UnitState, current: boolean): string {
    if (!current && this.#remembered === '') return `the main process of ${state.unit} has ended`;
    if (!current) return this.#remembered;
    const fault = unitFault(state);
    if (exitsOf(state) === 0) return fault;
    const forgotten = fault === '' || (state.active === 'activating' && state.mainCode === 0);
    if (!forgotten || this.#remembered === '') this.#remembered = fault;
    return this.#remembered;
  }

  /** Why a unit of this name cannot be made; '' if it can. */
  async transientFault(unit: string): Promise<string> {
    return this.#claimFault(await this.#options.systemd.show(unit));
  }

  /** Of two agents on a host that both deploy an application, one must not stop what the other has started. */
  #claimFault(state: UnitState): string {
    const own = UnitKeeper.environmentFile(this.#options.folder);
    if (!isKept(state) || state.environmentFiles.includes(own)) return '';
    const [other = 'none'] = state.environmentFiles;
    return `${state.unit} runs already, and was not started by this agent (its values come from ${other}): stop it first, if nobody needs it`;
  }

  async start(order: UnitOrder): Promise<void> {
    const { systemd } = this.#options;
    const { unit, dir, files } = order;
    const transient = order.transient !== undefined;
    const before = this.#record;
    const mine = before?.unit === unit && before.transient === transient;
    if (before !== undefined && !mine) await this.remove();
    const watch = this.#watch?.unit === unit ? this.#watch : this.#watchOf(unit);
    this.#watch = watch;
    const state = await watch.ask();
    const claimed = transient ? this.#claimFault(state) : '';
    if (claimed !== '') throw new CapstanError('refused', claimed);
    if (mine && before.dir === dir && isKept(state)) {
      this.#amend({ bootId: this.#boot });
      return;
    }
    const values = digestOf(order.env);
    const [had, cgroup] = mine ? [before.wrote, before.cgroup] : [[], ''];
    const wrote = [...files.keys()];
    const record: UnitRecord = { unit, transient, dir, bootId: this.#boot, cgroup, values, wrote };
    this.#writeEnvironment(order);
    // An agent that ended after it had written may not have had them read.
    const written = areWritten(files, had) && !state.needsReload;
    const same = mine && before.dir !== '' && before.values === values;
    if (order.reload && same && written && state.active === 'active') {
      await systemd.reload(unit);
      this.#keep(record);
    } else {
      if (isKept(state)) await this.#halt(watch, transient);
      if (!written) {
        // Until all is written, all that was and will be is taken for written.
        await this.#keepSynced({ ...record, dir: '', wrote: [...new Set([...had, ...wrote])] });
        await writeUnitFiles(files, had);
        await systemd.reloadUnits();
      }
      // Until systemd has taken the order it was not started in this boot, and will be tried again.
      this.#keep({ ...record, bootId: '' });
      await this.#begin(order, written && !isKept(state) ? state : await watch.ask(), watch);
    }
    await this.#syncEnvironment(order);
  }

  async #begin({ unit, transient }: UnitOrder, state: UnitState, watch: UnitWatch): Promise<void> {
    const { systemd } = this.#options;
    if (state.active === 'failed') await systemd.resetFailed(unit);
    watch.forgetInvocations();
    this.#remembered = '';
    if (transient !== undefined) await transient();
    else {
      const fault = loadFault(state);
      if (fault !== '') throw new CapstanError('failed', fault);
      await systemd.start(unit);
    }
    this.#amend({ bootId: this.#boot });
    const { cgroup } = await watch.ask();
    if (cgroup !== '') this.#amend({ cgroup });
  }

  /** Without waiting for the disk: that would prolong the time in which nothing serves. */
  #writeEnvironment({ env }: UnitOrder): void {
    const { folder } = this.#options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    replaceFile(UnitKeeper.environmentFile(folder), environmentFile(env));
  }

  /** A unit that the host starts by itself after a power failure needs its values. */
  async #syncEnvironment({ transient }: UnitOrder): Promise<void> {
    if (transient !== undefined) return;
    await syncFile(UnitKeeper.environmentFile(this.#options.folder));
  }

  /** Resolves when nothing of it runs. */
  async stop(): Promise<void> {
    const record = this.#record;
    if (record === undefined) return;
    // Without systemd nothing that it kept can run.
    if (this.#options.systemd.isBooted())
      await this.#halt(this.#watch ?? this.#watchOf(record.unit), record.transient);
    if (record.dir !== '') this.#noteStopped(record);
  }

  /** Stops it and takes away what was written for it. */
  async remove(): Promise<void> {
    const record = this.#record;
    if (record === undefined) return;
    await this.stop();
    await this.#forgetFailure(record.unit);
    for (const path of record.wrote) removeUnitFile(path);
    // Also if they were gone: who removed them may have ended before systemd was told.
    if (record.wrote.length > 0 && this.#options.systemd.isBooted())
      await this.#options.systemd.reloadUnits();
    rmSync(UnitKeeper.environmentFile(this.#options.folder), { force: true });
    removeUnitRecord(this.#options.folder);
    this.#record = undefined;
    this.#watch = undefined;
  }

  async logTail(maxBytes: number, since: 'start' | 'ever'): Promise<string> {
    const watch = this.#watch;
    if (watch === undefined) return '';
    if (since === 'start') await watch.ask().catch(() => undefined);
    const { invocations } = watch;
    if (since === 'start' && invocations.length === 0) return '';
    return this.#options.systemd.journal(watch.unit, since === 'start' ? invocations : [], maxBytes);
  }

  /** The processes of the service; none if they are not known. */
  members(): readonly number[] {
    return groupMembers(this.#watch?.look()?.state.cgroup ?? this.#record?.cgroup ?? '');
  }

  /** A unit that failed stays on systemd's list until somebody has seen it; this one is gone for good. */
  async #forgetFailure(unit: string): Promise<void> {
    const { systemd } = this.#options;
    if (systemd.isBooted() && (await systemd.show(unit)).active === 'failed') await systemd.resetFailed(unit);
  }

  async #halt(watch: UnitWatch, transient: boolean): Promise<void> {
    const state = await watch.ask();
    if (!isKept(state) || (transient && this.#claimFault(state) !== '')) return;
    await this.#options.systemd.stop(watch.unit).catch(async (error: unknown) => {
      // A transient unit that has just ended by itself is not known any more.
      if (isKept(await watch.ask())) throw error;
    });
  }

  readonly #watchOf = (unit: string): UnitWatch =>
    new UnitWatch(unit, this.#options.systemd, this.#options.clock);

  /** What another boot finds of it means little, so that the disk is not waited for. */
  #keep(record: UnitRecord): void {
    writeUnitRecord(this.#options.folder, record);
    this.#record = record;
  }

  #amend(change: Partial<UnitRecord>): void {
    if (this.#record !== undefined) this.#keep({ ...this.#record, ...change });
  }

  /** A full disk must not keep anything from being stopped: whoever reads the old note finds a unit that does not run. */
  #noteStopped(record: UnitRecord): void {
    const stopped = { ...record, dir: '' };
    this.#record = stopped;
    try {
      writeUnitRecord(this.#options.folder, stopped);
    } catch {
      // As it was.
    }
  }

  /** For what is in systemd's folder also after a power failure. */
  async #keepSynced(record: UnitRecord): Promise<void> {
    this.#keep(record);
    await syncUnitRecord(this.#options.folder);
  }
}

function digestOf(env: Readonly<Record<string, string>>): string {
  const entries = Object.entries(env).filter(([name]) => !ofReleases.test(name));
  return createHash('sha256').update(JSON.stringify(entries.sort())).digest('hex');
}
