import type { AppRecord } from '../../../agent/core/record.js';
import type { NodeName } from '../../../shared/model/ids.js';
import type { Dice } from './dice.js';
import { Disk } from './disk.js';
import { type Fault, numberOf, type ReleaseTraits } from './releases.js';

/** A service that is being kept running, whether the agent lives or not. */
export interface Running {
  readonly dir: string;
  readonly digest: string;
  running: boolean;
  exits: number;
}

/** Told of what really happens on a node. */
export interface HostWatch {
  readonly started: (node: NodeName, dir: string) => void;
  readonly databaseBegun: (node: NodeName, release: number) => void;
  readonly databaseEnded: (node: NodeName, release: number) => void;
  readonly journalled: (node: NodeName, record: AppRecord) => void;
}

/** A server: what is there whether its agent lives or not. */
export class Host {
  readonly name: NodeName;
  readonly disk = new Disk();
  readonly watch: HostWatch;
  service: Running | undefined;
  /** Whatever serves answers badly. */
  ill = false;
  /** Stores cannot be reached from here. */
  cutOff = false;
  /** The release whose database step runs, agent or not; 0: none. */
  migrating = 0;
  /** Called when what the probes see may have changed. */
  onService: () => void = () => undefined;
  readonly #traits: readonly ReleaseTraits[];
  readonly #ordinal: number;

  constructor(name: NodeName, ordinal: number, traits: readonly ReleaseTraits[], watch: HostWatch) {
    this.name = name;
    this.#ordinal = ordinal;
    this.#traits = traits;
    this.watch = watch;
  }

  faultOf(digest: string): Fault | undefined {
    const traits = this.traitsOf(digest);
    return this.#ordinal % traits.oneIn === 0 ? traits.fault : undefined;
  }

  traitsOf(digest: string): ReleaseTraits {
    const found = this.#traits[numberOf(digest) - 1];
    if (found === undefined) throw new Error(`there is no release ${digest}`);
    return found;
  }

  start(dir: string, digest: string): void {
    if (this.service?.dir === dir && this.service.running) return;
    this.service = { dir, digest, running: true, exits: 0 };
    this.watch.started(this.name, dir);
    this.onService();
  }

  stop(): void {
    this.service = undefined;
    this.onService();
  }

  /** The service ends by itself; whoever keeps it does not start it again. */
  die(): void {
    if (this.service === undefined) return;
    this.service = { ...this.service, running: false, exits: this.service.exits + 1 };
    this.onService();
  }

  beginDatabase(release: number): void {
    this.migrating = release;
    this.watch.databaseBegun(this.name, release);
  }

  endDatabase(): void {
    if (this.migrating === 0) return;
    const release = this.migrating;
    this.migrating = 0;
    this.watch.databaseEnded(this.name, release);
  }

  /** Nothing runs any more, and what was not synced is gone. */
  losePower(dice: Dice): void {
    this.service = undefined;
    this.endDatabase();
    this.disk.losePower(dice);
  }

  /** As the probes find it. */
  get complaint(): string {
    const { service } = this;
    if (service === undefined) return 'the service is not running';
    if (!service.running) return 'the service is not running: exit code 1';
    if (this.ill || this.faultOf(service.digest) === 'health') return 'GET /healthz answered 500';
    return '';
  }
}
