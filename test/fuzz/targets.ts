import type { Target } from './target.js';
import { archiveTarget } from './targets/archive.js';
import { desiredStateTarget } from './targets/desired-state.js';
import { manifestTarget } from './targets/manifest.js';
import { selectorTarget } from './targets/selector.js';
import { specTarget } from './targets/spec.js';

export const targets: readonly Target[] = [
  manifestTarget,
  archiveTarget,
  desiredStateTarget,
  selectorTarget,
  specTarget,
];
