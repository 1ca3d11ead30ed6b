import { AppLoop } from '../../../agent/app-loop.js';
import { Link } from '../../../agent/link.js';
import { NodeAgent } from '../../../agent/node.js';
import type { Coordinator } from '../../../agent/ports/coordinator.js';
import type { NodeCaller } from '../../../coordinator/ports/fleet.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Labels } from '../../../shared/model/labels.js';
import type { PollAnswer } from '../../../shared/model/messages.js';
import type { NodeStatus } from '../../../shared/model/node-status.js';
import { type CoordinatorService, takePoll, takeReport } from './coordinator.js';
import type { Dice } from './dice.js';
import type { Host } from './host.js';
import type { Network } from './network.js';
import { partsOn } from './parts.js';
import { Process } from './process.js';
import { app } from './releases.js';
import type { Time } from './time.js';

export interface NodeOptions {
  readonly host: Host;
  readonly labels: Labels;
  readonly time: Time;
  readonly dice: Dice;
  readonly network: Network<CoordinatorService>;
  readonly trace: (line: string) => void;
  /** Told of what must never happen. */
  readonly fault: (what: string) => void;
  readonly told: (node: SimNode, answer: PollAnswer) => void;
  readonly acknowledged: (node: SimNode, status: NodeStatus) => void;
}

interface Running {
  readonly process: Process;
  readonly agent: NodeAgent;
  readonly link: Link;
}

/** A server and the agent on it, which is started and killed over the same disk. */
export class SimNode {
  readonly host: Host;
  readonly labels: Labels;
  /** It says things that are not so, made of what is. */
  lie: ((status: NodeStatus, dice: Dice) => NodeStatus) | undefined;
  /** Its disk was an old one at some time. */
  wasOld = false;
  /** It lied at some time. */
  wasLiar = false;
  decommissioned = false;
  readonly #options: NodeOptions;
  #running: Running | undefined;
  #process: Process | undefined;
  #back = 0;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.host = options.host;
    this.labels = options.labels;
  }

  get name(): Host['name'] {
    return this.host.name;
  }

  get process(): Process | undefined {
    return this.#process;
  }

  get connected(): boolean {
    return this.#running?.link.connected === true;
  }

  status(): NodeStatus | undefined {
    return this.#running?.agent.status();
  }

  start(): void {
    const { time, dice, trace, fault } = this.#options;
    if (this.#process !== undefined) return;
    const process: Process = new Process(time, dice, dice.below(600_000) - 300_000, () => {
      this.#died(process, false);
    });
    this.#process = process;
    trace(`${this.name} starts`);
    this.#run(process).catch((error: unknown) => {
      fault(`the agent of ${this.name} ended: ${String(error)}`);
    });
  }

  kill(downMs: number): void {
    this.#back = downMs;
    this.#end(false);
  }

  burn(writes: number, after: boolean, downMs: number): void {
    this.#back = downMs;
    if (this.#process !== undefined) this.#process.fuse = { writes, after };
  }

  losePower(downMs: number): void {
    this.#back = downMs;
    this.#end(true);
  }

  #end(power: boolean): void {
    const process = this.#process;
    process?.kill();
    if (power) this.host.losePower(this.#options.dice);
    if (process !== undefined) this.#died(process, power);
  }

  #died(process: Process, power: boolean): void {
    if (this.#process !== process) return;
    this.#process = undefined;
    this.#running = undefined;
    const { network, time, trace } = this.#options;
    trace(`${this.name} ${power ? 'loses power' : 'dies'}`);
    network.callerDied(this.name, power);
    time.after(this.#back, () => {
      this.start();
    });
  }

  async #run(process: Process): Promise<void> {
    const { dice, trace } = this.#options;
    const { host } = this;
    let tell = (): void => undefined;
    const log = {
      info: () => undefined,
      warn: () => undefined,
      error: (event: string) => {
        trace(`${this.name} ${event}`);
      },
    };
    const makeLoop = (): AppLoop => {
      const { parts, journal } = partsOn(host, process, () => {
        loop.healthChanged();
      });
      const loop: AppLoop = new AppLoop({
        ...{ app, parts, journal, clock: process.clock, random: dice, log },
        keep: 2,
        onChange: () => {
          tell();
        },
      });
      return loop;
    };
    const agent = new NodeAgent({
      makeLoop,
      dirOf: ({ release, configRevision }) => `${release.version}-${configRevision}`,
      keepDesired: (desired) =>
        process.write(() => {
          host.disk.keepDesired(desired);
        }),
      log,
      agentVersion: '1.0.0',
      signing: () => ({ allowUnsigned: true }),
      complaint: () => '',
    });
    await agent.open(host.disk.journal() === undefined ? [] : [app], host.disk.desired());
    const link = new Link({
      coordinators: [this.#line(process)],
      instance: `i-${this.name}`,
      session: dice.hex(8),
      ...{ clock: process.clock, random: dice, log },
      revisionSeen: () => agent.revision,
      epochSeen: () => agent.epoch,
      restoreSeen: () => agent.restoreId,
      status: () => agent.status(),
      serving: () => undefined,
      apply: (desired) => agent.apply(desired),
      readLog: () => Promise.resolve(''),
    });
    tell = () => {
      link.changed();
    };
    this.#running = { process, agent, link };
    const forever = new AbortController().signal;
    await Promise.all([agent.run(forever), link.run(forever)]);
  }

  #line(process: Process): Coordinator {
    const { network, dice, told, acknowledged } = this.#options;
    const { name, labels } = this;
    const caller: NodeCaller = { kind: 'node', name, labels, address: `${name}:1` };
    return {
      address: 'coordinator:1',
      poll: async (request, options) => {
        const sent = takePoll(caller, request, (answer) => {
          told(this, answer);
        });
        const answer = await network.call(name, process, options, sent);
        // What travels is a copy.
        return JSON.parse(JSON.stringify(answer)) as PollAnswer;
      },
      report: async (request, options) => {
        const status = this.lie === undefined ? request.status : this.lie(request.status, dice);
        const sent = { ...request, status: JSON.parse(JSON.stringify(status)) as NodeStatus };
        const sequence = await network.call(name, process, options, takeReport(caller, sent));
        acknowledged(this, sent.status);
        return sequence;
      },
      findPeers: () => Promise.reject(new CapstanError('unreachable', 'there are no peers')),
      close: () => undefined,
    };
  }
}
