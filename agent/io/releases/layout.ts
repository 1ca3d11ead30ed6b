import { join } from 'node:path';
import type { AppName } from '../../../shared/model/ids.js';

/** Where everything of one application lies on a node. All paths are absolute. */
export interface Layout {
  readonly app: AppName;
  readonly home: string;
  readonly releases: string;
  readonly current: string;
  readonly previous: string;
  readonly shared: string;
  readonly staging: string;
  readonly records: string;
  readonly journal: string;
  readonly service: string;
  readonly hookLog: string;
  /** What hook runs now. */
  readonly hookNote: string;
}

/** @param home where its releases are, if not below `root` */
export function layoutOf(
  root: string,
  stateDir: string,
  app: AppName,
  home: string = join(root, app),
): Layout {
  return {
    app,
    home,
    releases: join(home, 'releases'),
    current: join(home, 'current'),
    previous: join(home, 'previous'),
    shared: join(home, 'shared'),
    staging: join(home, '.staging'),
    records: join(stateDir, 'releases', app),
    journal: join(stateDir, 'journal', `${app}.jsonl`),
    service: join(stateDir, 'services', app),
    hookLog: join(stateDir, 'logs', `${app}.hooks.log`),
    hookNote: join(stateDir, 'hooks', `${app}.json`),
  };
}
