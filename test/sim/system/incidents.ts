import type { NodeStatus } from '../../../shared/model/node-status.js';
import { nodePhases } from '../../../shared/model/node-status.js';
import type { CommitFate } from './coordinator.js';
import type { Dice } from './dice.js';
import { fair } from './network.js';
import type { SimNode } from './node.js';
import type { Site } from './site.js';
import { atSwitch, sicken } from './switches.js';

interface What {
  /** Picks a node or a release. */
  readonly at: number;
  /** 0 to 9: how much, or how long. */
  readonly size: number;
  readonly flag: boolean;
}

const onNode =
  (act: (node: SimNode, what: What, site: Site) => void) =>
  (site: Site, what: What): void => {
    const node = site.pick(what.at);
    if (node !== undefined) act(node, what, site);
  };

const laterRelease = (site: Site, at: number): number => 2 + (at % (site.releases.length - 1));

/** A build is published, checked and approved, and asked for in production until it may come in. */
function bringThrough(site: Site, number: number, { size, flag }: What): void {
  const { operators, time, byItself } = site;
  operators.register(number);
  operators.check(number, size > 1);
  for (const by of flag ? ['ann', 'bob'] : ['ann']) operators.approveBuild(number, by);
  for (const afterMs of [2000, 5000, 9000])
    time.after(afterMs, () => {
      if (flag) operators.promote(number);
      if (!byItself) operators.deploy(number);
    });
}

function deployNext(site: Site, what: What): void {
  const number = laterRelease(site, what.at);
  if (site.pipeline !== undefined) bringThrough(site, number, what);
  else if (site.byItself) site.operators.check(number, what.size > 1);
  else site.operators.deploy(number);
}

/** What ran in production before is found to be bad, and is asked for nevertheless. */
function askForFailed({ operators, time }: Site, afterMs: number): void {
  const number = operators.askedBefore;
  if (number === undefined) return;
  operators.check(number, false);
  time.after(afterMs, () => {
    operators.deploy(number);
  });
}

/** Of the next five commits some fail, the others do not. */
const someFail = (at: number): readonly CommitFate[] =>
  Array.from({ length: 5 }, (_, bit) => (((at >> bit) & 1) === 0 ? 'done' : 'fails'));

const seconds = (size: number): number => 100 + size * size * 120;

/** What operators do and what goes wrong, each by its name. */
const incidents = {
  deploy: (site: Site, { at }: What) => {
    site.operators.deploy(1 + (at % site.releases.length));
  },
  deployNext,
  publish: (site: Site, { at }: What) => {
    site.operators.register(laterRelease(site, at));
  },
  check: (site: Site, { at, flag }: What) => {
    site.operators.check(laterRelease(site, at), flag);
  },
  approveBuild: (site: Site, { at, flag }: What) => {
    site.operators.approveBuild(laterRelease(site, at), flag ? 'ann' : 'bob');
  },
  promote: (site: Site, { at }: What) => {
    site.operators.promote(laterRelease(site, at));
  },
  forgive: (site: Site, { at }: What) => {
    site.operators.forgive(laterRelease(site, at));
  },
  deployAgain: (site: Site, { at, flag }: What) => {
    const number = site.operators.asked(at % 3);
    if (number === undefined) return;
    if (flag) site.operators.check(number, false);
    site.operators.deploy(number);
  },
  deployThoughFailed: (site: Site, { at, size }: What) => {
    if (site.pipeline !== undefined) bringThrough(site, laterRelease(site, at), { at, size: 9, flag: true });
    site.time.after(12_000, () => {
      askForFailed(site, seconds(size));
    });
  },
  stage: (site: Site, { at }: What) => {
    site.operators.stage(1 + (at % site.releases.length));
  },
  restart: (site: Site) => {
    site.operators.restart();
  },
  rollback: (site: Site) => {
    site.operators.rollback();
  },
  pause: (site: Site) => {
    site.operators.control('pause');
  },
  resume: (site: Site) => {
    site.operators.control('resume');
  },
  approve: (site: Site) => {
    site.operators.control('approve');
  },
  abort: (site: Site) => {
    site.operators.control('abort');
  },
  abortRollback: (site: Site) => {
    site.operators.abortsRollback = true;
  },
  retry: (site: Site) => {
    site.operators.control('retry');
  },
  switch: (site: Site) => {
    site.operators.control('switch');
  },
  switchBack: (site: Site) => {
    site.operators.control('switchBack');
  },
  abortSwitch: (site: Site, what: What) => {
    deployNext(site, what);
    atSwitch(site, what.flag, () => {
      site.time.after(60 * what.size, () => {
        site.operators.control('abort');
      });
    });
  },
  sickenAtSwitch: (site: Site, what: What) => {
    deployNext(site, what);
    atSwitch(site, what.flag, (towards) => {
      for (const node of site.nodes)
        if (node.labels['slot'] === towards) sicken(site, node, 4000 + seconds(what.size));
    });
  },
  release: (site: Site) => {
    site.operators.control('release');
  },
  lock: (site: Site, { size, flag }: What) => {
    site.operators.lock('lock', flag ? undefined : seconds(size));
  },
  freeze: (site: Site, { size, flag }: What) => {
    site.operators.lock('freeze', flag ? undefined : seconds(size));
  },
  unlock: (site: Site) => {
    site.operators.unlock('lock');
  },
  thaw: (site: Site) => {
    site.operators.unlock('freeze');
  },
  excuse: onNode((node, _what, site) => {
    site.operators.control('excuse', [node.name]);
  }),
  apply: (site: Site, { at }: What) => {
    site.operators.apply(at);
  },
  decommission: onNode((node, { size }, site) => {
    if (size === 0) site.operators.decommission(node);
  }),
  join: (site: Site) => {
    site.join();
  },
  killAgent: onNode((node, { size, flag }) => {
    node.burn(size, flag, seconds(size));
  }),
  killAgentNow: onNode((node, { size }) => {
    node.kill(seconds(size));
  }),
  losePower: onNode((node, { size }) => {
    node.losePower(seconds(size));
  }),
  hang: onNode((node, { size }, site) => {
    site.stop(node.process, seconds(size));
  }),
  serviceDies: onNode((node) => {
    node.host.die();
  }),
  sicken: onNode((node, { size }, site) => {
    sicken(site, node, seconds(size));
  }),
  cutOff: onNode(({ host }, { size }, site) => {
    host.cutOff = true;
    site.time.after(seconds(size), () => {
      host.cutOff = false;
    });
  }),
  comeBackOld: onNode((node, { size }, site) => {
    const image = node.host.disk.image();
    site.time.after(seconds(size), () => {
      node.wasOld = true;
      node.losePower(500);
      node.host.disk.bring(image);
    });
  }),
  lie: onNode((node, { size }, site) => {
    node.wasLiar = true;
    node.lie = lie;
    site.time.after(seconds(size), () => {
      node.lie = undefined;
      node.kill(100); // else what it said last would stand until something changes
    });
  }),
  part: onNode((node, { size, flag, at }, site) => {
    site.part(node.name, at % 3 === 0 ? 'both' : flag ? 'there' : 'back', seconds(size));
  }),
  partAll: (site: Site, { size }: What) => {
    for (const { name } of site.nodes) site.part(name, 'both', seconds(size));
  },
  storm: (site: Site, { at, size, flag }: What) => {
    const weather = { drop: (at % 4) / 8, repeat: flag ? 0.3 : 0, latencyMs: 20 + 60 * (at % 7) };
    site.network.weather = weather;
    site.time.after(seconds(size), () => {
      if (site.network.weather === weather) site.network.weather = fair;
    });
  },
  killCoordinator: (site: Site, { at, size, flag }: What) => {
    site.coordinator.burn(at % 6, flag, seconds(size));
  },
  killCoordinatorNow: (site: Site, { size }: What) => {
    site.coordinator.kill(seconds(size));
  },
  stopCoordinator: (site: Site, { size }: What) => {
    site.stop(site.coordinator.process, seconds(size));
  },
  failCommits: (site: Site, { at, flag }: What) => {
    site.coordinator.nextCommits = Array.from({ length: 1 + (at % 3) }, () =>
      flag ? 'answerLost' : 'fails',
    );
  },
  joinWhileCommitsFail: (site: Site, { at }: What) => {
    site.coordinator.nextCommits = someFail(at);
    site.join();
  },
  returnWhileCommitsFail: onNode((node, { at, size }, site) => {
    node.kill(seconds(size));
    site.time.after(seconds(size), () => {
      site.coordinator.nextCommits = someFail(at);
    });
  }),
};

export type Kind = keyof typeof incidents;

/** What makes a scenario a scenario comes up more often. */
const often: readonly Kind[] = [
  'deployNext',
  'deployNext',
  'deployNext',
  'deployAgain',
  'approve',
  'resume',
  'killCoordinator',
  'failCommits',
  'joinWhileCommitsFail',
  'joinWhileCommitsFail',
  'abortSwitch',
  'sickenAtSwitch',
];

export const kinds: readonly Kind[] = [...(Object.keys(incidents) as Kind[]), ...often];

export function happen(site: Site, kind: Kind, what: What): void {
  incidents[kind](site, what);
}

/** What is believed of a node need not be so: another phase, another generation, health and disk upside down. */
function lie(status: NodeStatus, dice: Dice): NodeStatus {
  const apps = status.apps.map((app) => {
    switch (dice.below(5)) {
      case 0:
        return { ...app, phase: nodePhases[dice.below(nodePhases.length)] ?? app.phase };
      case 1:
        return { ...app, generation: Math.max(0, app.generation + dice.below(5) - 2) };
      case 2:
        return { ...app, health: 'unhealthy' as const, ready: !app.ready };
      case 3:
        return { ...app, staged: [], fetched: { bytesDone: dice.below(9_000_000), bytesTotal: 1 } };
      default:
        return app;
    }
  });
  return { ...status, apps };
}
