import { valueNameFault } from '../../../shared/spec/value-names.js';
import { references, valuesFor } from '../../core/values.js';
import type { RunnableRelease, Values } from '../../ports/node.js';
import type { OwnValues } from '../../stager/settings/own-values.js';

const allowed = (name: string): boolean => valueNameFault(name) === undefined;

/**
 * @param own this node's own values, from several sources; later ones win
 * @param base what every process gets: PATH, HOME, LANG …
 */
export function nodeValues(own: () => readonly OwnValues[], base: Readonly<Record<string, string>>): Values {
  const of = (
    release: RunnableRelease,
    alsoAsked?: ReadonlySet<string>,
  ): Readonly<Record<string, string>> => {
    const sources = own();
    const forAll = sources.flatMap((source) => Object.entries(source.forAll));
    const forApp = sources
      .flatMap((source) => source.forApp)
      .flatMap(([app, values]) => (app === release.app ? Object.entries(values) : []));
    const given = { own: Object.fromEntries(forApp), ownForAll: Object.fromEntries(forAll) };
    return valuesFor(release.spec, { ...given, config: release.config }, allowed, alsoAsked);
  };
  /** Where its assets are, for a release that has some; set by the coordinator alone. */
  const assetsOf = ({ spec, config }: RunnableRelease): Readonly<Record<string, string>> =>
    spec.assets === undefined
      ? {}
      : Object.fromEntries(Object.entries(config).filter(([name]) => name.startsWith('CAPSTAN_ASSETS_')));
  /** What the release is, set by the agent alone. */
  const identityOf = (release: RunnableRelease): Readonly<Record<string, string>> => ({
    ...assetsOf(release),
    CAPSTAN_APP: release.app,
    CAPSTAN_ENV: release.env,
    CAPSTAN_RELEASE: release.release.version,
    CAPSTAN_RELEASE_DIGEST: release.release.digest,
  });
  return {
    envOf: (release) => ({ ...base, ...of(release), ...identityOf(release) }),
    forTemplates: (release, names) => {
      const all = Object.entries({ ...of(release, names), ...identityOf(release) });
      return Object.fromEntries(all.filter(([name]) => names.has(name)));
    },
    missing: (release) => {
      const values = of(release);
      return [...references(release.spec)].filter((name) => values[name] === undefined);
    },
  };
}
