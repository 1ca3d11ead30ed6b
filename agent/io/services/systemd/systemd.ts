import { existsSync } from 'node:fs';
import { CapstanError } from '../../../../shared/model/errors.js';
import { maxGraceMs } from '../../../../shared/model/release-spec.js';
import { runShort, type ShortCommandEnd } from './short-command.js';
import { parseUnitState, type UnitState, unitProperties } from './unit-state.js';

/** What systemd answers at once. Milliseconds. */
const askLimitMs = 10_000;
/** Above whatever a unit may take to stop, which systemd itself sees to: it kills what is late. Milliseconds. */
const stopLimitMs = maxGraceMs + 5 * 60_000;
const keepBytes = 64 * 1024;
/** Lines of the journal to begin with; of these the last bytes are taken. */
const journalLines = 200;

export interface SystemdOptions {
  /** Where systemctl and its kin are looked for. */
  readonly path: string;
  /** There when systemd is the host's first process. */
  readonly bootedMark?: string;
}

/** The host's systemd, spoken to through short children. What it refuses becomes a CapstanError `failed`. */
export class Systemd {
  readonly #env: Readonly<Record<string, string>>;
  readonly #bootedMark: string;
  #version: number | undefined;

  constructor({ path, bootedMark = '/run/systemd/system' }: SystemdOptions) {
    this.#env = { PATH: path, LANG: 'C', LC_ALL: 'C', SYSTEMD_PAGER: '', SYSTEMD_COLORS: '0' };
    this.#bootedMark = bootedMark;
  }

  isBooted(): boolean {
    return existsSync(this.#bootedMark);
  }

  /**
   * Its version, such as 252; undefined where the host has no systemd.
   * @throws CapstanError `failed` if it has one that does not answer: what it keeps must not be kept by anybody else meanwhile
   */
  async version(): Promise<number | undefined> {
    if (this.#version !== undefined || !this.isBooted()) return this.#version;
    const output = await this.#done(['systemctl', 'show', '--property=Version', '--value'], askLimitMs);
    const [, digits] = /^v?(\d+)/.exec(output) ?? [];
    if (digits === undefined)
      throw new CapstanError('failed', 'systemd does not say which version of it this is');
    this.#version = Number(digits);
    return this.#version;
  }

  async show(unit: string): Promise<UnitState> {
    const asked = unitProperties.join(',');
    const output = await this.#done(['systemctl', 'show', `--property=${asked}`, '--', unit], askLimitMs);
    return parseUnitState(unit, output);
  }

  /** Asks for a start, and does not wait for it: whether it comes up is seen from its state. */
  async start(unit: string): Promise<void> {
    await this.#done(['systemctl', 'start', '--no-block', '--', unit], askLimitMs);
  }

  /** Resolves when nothing of it runs. */
  async stop(unit: string): Promise<void> {
    await this.#done(['systemctl', 'stop', '--', unit], stopLimitMs);
  }

  /** Resolves when the unit says that it has read everything again. */
  async reload(unit: string): Promise<void> {
    await this.#done(['systemctl', 'reload', '--', unit], stopLimitMs);
  }

  /** Forgets that it failed, and how often it was started. */
  async resetFailed(unit: string): Promise<void> {
    await this.#done(['systemctl', 'reset-failed', '--', unit], askLimitMs);
  }

  /** Has it read all unit files again. */
  async reloadUnits(): Promise<void> {
    await this.#done(['systemctl', 'daemon-reload'], 60_000);
  }

  /**
   * Makes and starts a unit that there is no file of, without waiting for it.
   * @param command in which `$$` stands for `$`
   * @param expand systemd is new enough to be told that this is so
   */
  async startTransient(
    unit: string,
    properties: readonly string[],
    command: readonly string[],
    expand: boolean,
  ): Promise<void> {
    const given = properties.map((property) => `--property=${property}`);
    const flags = ['--quiet', '--no-block', ...(expand ? ['--expand-environment=yes'] : [])];
    await this.#done(['systemd-run', ...flags, `--unit=${unit}`, ...given, '--', ...command], askLimitMs);
  }

  /**
   * What it printed last, and what systemd said of it.
   * @param invocations of these starts only; empty: whenever
   */
  async journal(unit: string, invocations: readonly string[], maxBytes: number): Promise<string> {
    // What systemd itself says of a start names it in another field, which only root can be believed to have written.
    const only = [
      ...invocations.map((id) => `_SYSTEMD_INVOCATION_ID=${id}`),
      '+',
      ...['_UID=0', ...invocations.map((id) => `INVOCATION_ID=${id}`)],
    ];
    const where = invocations.length === 0 ? [`--unit=${unit}`] : only;
    const command = ['journalctl', '--quiet', '--no-pager', '--output=cat', `--lines=${journalLines}`];
    const { output } = await this.#run([...command, ...where], askLimitMs, maxBytes);
    return output;
  }

  async #done(command: readonly string[], limitMs: number): Promise<string> {
    const { code, output, complaint } = await this.#run(command, limitMs);
    if (code === 0) return output;
    const why = complaint === '' ? `exit code ${code ?? 'unknown'}` : complaint;
    throw new CapstanError('failed', `${command.slice(0, 2).join(' ')}: ${why}`);
  }

  #run(command: readonly string[], limitMs = askLimitMs, keep = keepBytes): Promise<ShortCommandEnd> {
    return runShort({ command, env: this.#env, limitMs, keepBytes: keep });
  }
}
