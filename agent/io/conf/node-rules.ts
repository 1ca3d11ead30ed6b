import { noRules } from '../../../shared/model/node-rules.js';
import type { NodeRules } from '../../ports/node.js';
import type { OwnConf } from '../../stager/settings/own-values.js';

/** @param conf what `conf.d` says now */
export function nodeRules(conf: () => OwnConf, confDir: string): NodeRules {
  return {
    of: (app) => conf().rules.find(([name]) => name === app)?.[1] ?? noRules,
    confDir,
  };
}
