import type { AppName } from '../../shared/model/ids.js';
import { valueNameFault } from '../../shared/spec/values.js';
import { references, valuesFor } from '../core/values.js';
import type { RunnableRelease, Values } from '../ports/node.js';

/** This node's own values, from `--env` and `conf.d`. */
export interface OwnValues {
  readonly forAll: Readonly<Record<string, string>>;
  readonly forApp: ReadonlyMap<AppName, Readonly<Record<string, string>>>;
}

const allowed = (name: string): boolean => valueNameFault(name) === undefined;

/** @param base what every process gets: PATH, HOME, LANG … */
export function nodeValues(own: () => OwnValues, base: Readonly<Record<string, string>>): Values {
  const of = (release: RunnableRelease): Readonly<Record<string, string>> => {
    const { forAll, forApp } = own();
    const sources = { own: forApp.get(release.app) ?? {}, ownForAll: forAll, config: release.config };
    return valuesFor(release.spec, sources, allowed);
  };
  return {
    envOf: (release) => ({
      ...base,
      ...of(release),
      CAPSTAN_APP: release.app,
      CAPSTAN_ENV: release.env,
      CAPSTAN_RELEASE: release.release.version,
      CAPSTAN_RELEASE_DIGEST: release.release.digest,
    }),
    missing: (release) => {
      const values = of(release);
      return [...references(release.spec)].filter((name) => values[name] === undefined);
    },
  };
}
