import { emptyRecord } from '../../../agent/core/record.js';
import type { Outcome } from '../../../agent/core/transitions.js';
import type { Parts } from '../../../agent/executor.js';
import type {
  Health,
  HealthFacts,
  Hooks,
  Journal,
  Releases,
  RunnableRelease,
  Service,
  StageEvents,
} from '../../../agent/ports/node.js';
import type { Assignment } from '../../../shared/model/desired-state.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { HealthVerdict, StepName } from '../../../shared/model/node-status.js';
import type { Host } from './host.js';
import type { Process } from './process.js';
import { app, numberOf, specOf } from './releases.js';

/** Everything with which the agent's loop touches a node: on a host that is made up, in its process's time. */
export function partsOn(
  host: Host,
  process: Process,
  onHealth: () => void,
): { readonly parts: Parts; readonly journal: Journal } {
  const { clock } = process;
  const parts: Parts = {
    releases: releasesOn(host, process),
    service: serviceOn(host, process),
    hooks: hooksOn(host, process),
    health: new FakeHealth(host, process, onHealth),
    drift: { watch: () => undefined, found: () => undefined, close: () => undefined },
    values: { envOf: () => ({}), forTemplates: () => ({}), missing: () => [] },
    users: { of: () => Promise.resolve(undefined) },
    signatures: { refusal: () => '' },
    clock,
  };
  return { parts, journal: journalOn(host, process) };
}

const failed = (step: StepName, reason: string): Outcome => ({
  kind: 'failed',
  failure: { step, reason, logTail: '' },
});

const done: Outcome = { kind: 'done' };

function journalOn(host: Host, process: Process): Journal {
  return {
    read: () => Promise.resolve(host.disk.journal() ?? emptyRecord(app)),
    write: (record, _note, synced) =>
      process.write(() => {
        host.disk.append(record, synced);
        host.watch.journalled(host.name, record);
      }),
  };
}

function releasesOn(host: Host, process: Process): Releases {
  const { disk } = host;
  const get = (dir: string): RunnableRelease => {
    const found = disk.directories.find((directory) => directory.dir === dir);
    if (found === undefined) throw new CapstanError('notFound', `releases/${dir} is not there`);
    return { ...found, app, path: `/srv/web/releases/${dir}` };
  };
  return {
    observe: () => Promise.resolve({ ...disk.links, releases: disk.directories }),
    get: async (dir) => Promise.resolve(get(dir)),
    stage: (assignment, dir, signal, events) => stage(host, process, { assignment, dir, signal, events }),
    verify: async (_dir, signal) => {
      await process.clock.sleep(process.dice.between(5, 40), signal);
      return [];
    },
    disown: (dir) =>
      process.write(() => {
        disk.removeDirectories([dir]);
      }),
    makeShared: () => Promise.resolve(),
    templateNames: () => Promise.resolve(new Set()),
    render: () => Promise.resolve(),
    checkSwap: () => Promise.resolve(),
    swap: async (to, previous) => {
      // Two links: the host may end between them.
      await process.write(() => {
        if (to !== undefined) get(to);
        disk.link(disk.links.current, previous);
      });
      await process.write(() => {
        disk.link(to, previous);
      });
    },
    sync: () =>
      process.write(() => {
        disk.syncLinks();
      }),
    remove: (dirs) =>
      process.write(() => {
        disk.removeDirectories(dirs);
      }),
  };
}

interface Staging {
  readonly assignment: Assignment;
  readonly dir: string;
  readonly signal: AbortSignal;
  readonly events: StageEvents;
}

async function stage(host: Host, process: Process, staging: Staging): Promise<Outcome> {
  const { assignment, dir, signal, events } = staging;
  const { release } = assignment;
  const fault = host.faultOf(release.digest);
  try {
    for (let part = 1; part <= 2; part++) {
      do await process.clock.sleep(process.dice.between(50, 400), signal);
      while (host.cutOff || fault === 'hangs');
      events.onProgress({ bytesDone: (part * release.packSize) / 2, bytesTotal: release.packSize });
    }
  } catch {
    return { kind: 'cancelled' };
  }
  if (fault === 'stage') return failed('fetch', 'the layout has another digest');
  return process.write(() => {
    host.disk.addDirectory({
      dir,
      release: { version: release.version, digest: release.digest },
      spec: specOf(host.traitsOf(release.digest)),
      config: assignment.config,
      env: assignment.env,
    });
    return done;
  });
}

function serviceOn(host: Host, process: Process): Service {
  return {
    observe: () => {
      const { service } = host;
      if (service === undefined) return undefined;
      const { dir, running, exits } = service;
      return { dir, running, exits, lastExit: running ? '' : 'exit code 1' };
    },
    preflight: ({ release }) =>
      Promise.resolve(host.faultOf(release.digest) === 'preflight' ? 'its port is taken' : ''),
    start: async ({ dir, release }) => {
      const fault = host.faultOf(release.digest);
      await process.write(() => {
        if (fault === 'start') throw new CapstanError('failed', 'the program cannot be run');
        host.start(dir, release.digest);
      });
      if (fault !== 'dies') return;
      process.after(process.dice.between(100, 4000), () => {
        if (host.service?.dir === dir) host.die();
      });
    },
    stop: async () => {
      await process.wait(process.dice.between(10, 300));
      await process.write(() => {
        host.stop();
      });
    },
    remove: () =>
      process.write(() => {
        host.stop();
      }),
    stranger: () => Promise.resolve(''),
    unitFault: () => Promise.resolve(''),
    connections: () => Promise.resolve(undefined),
    logTail: () => Promise.resolve('boom'),
  };
}

/** The release's database step is a program of its own: it goes on when the agent is killed, until the next one ends it. */
function hooksOn(host: Host, process: Process): Hooks {
  return {
    run: async ({ release }, hook, _env, signal) => {
      if (hook !== 'database') return done;
      await process.write(() => {
        host.beginDatabase(numberOf(release.digest));
      });
      try {
        await process.clock.sleep(process.dice.between(100, 2500), signal);
      } catch {
        host.endDatabase();
        return { kind: 'cancelled' };
      }
      return process.write(() => {
        host.endDatabase();
        return host.faultOf(release.digest) === 'database' ? failed('database', 'exit code 1') : done;
      });
    },
    endLeftovers: async () => {
      if (host.migrating === 0) return;
      await process.write(() => {
        host.endDatabase();
      });
    },
  };
}

/** Sees within a second how the service is. */
class FakeHealth implements Health {
  readonly #host: Host;
  readonly #process: Process;
  readonly #onChange: () => void;
  #watched: RunnableRelease | undefined;
  #verdict: HealthVerdict = 'unknown';
  #complaint = '';
  #healthySince: number | undefined;
  #asking = false;

  constructor(host: Host, process: Process, onChange: () => void) {
    this.#host = host;
    this.#process = process;
    this.#onChange = onChange;
    host.onService = () => {
      if (process.alive) this.#ask();
    };
  }

  watch(release: RunnableRelease | undefined, initial: HealthVerdict): void {
    if (this.#watched?.dir === release?.dir) return;
    this.#watched = release;
    this.#set(release === undefined ? 'unknown' : initial, '');
    if (release !== undefined) this.#ask();
  }

  facts(): HealthFacts {
    const { service } = this.#host;
    return {
      verdict: this.#verdict,
      healthySince: this.#healthySince,
      complaint: this.#complaint,
      exits: service?.exits ?? 0,
      lastExit: service?.running === false ? 'exit code 1' : '',
      over: false,
    };
  }

  close(): void {
    this.#watched = undefined;
  }

  #ask(): void {
    if (this.#asking) return;
    this.#asking = true;
    this.#process.after(this.#process.dice.between(20, 700), () => {
      this.#asking = false;
      const watched = this.#watched;
      if (watched === undefined) return;
      if (watched.spec.service.kind === 'none') {
        this.#set('healthy', '');
        return;
      }
      const { service } = this.#host;
      if (service !== undefined && service.dir !== watched.dir) {
        this.#set('unknown', '');
        return;
      }
      const complaint = this.#host.complaint;
      this.#set(complaint === '' ? 'healthy' : 'unhealthy', complaint);
    });
  }

  #set(verdict: HealthVerdict, complaint: string): void {
    const same = verdict === this.#verdict && complaint === this.#complaint;
    this.#verdict = verdict;
    this.#complaint = complaint;
    if (verdict !== 'healthy') this.#healthySince = undefined;
    else this.#healthySince ??= this.#process.clock.monotonic();
    if (!same) this.#onChange();
  }
}
