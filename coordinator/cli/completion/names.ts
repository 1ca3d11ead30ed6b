import type { OperatorClient } from '../../../shared/wire/operator-client.js';
import type { NameKind } from './complete.js';

/** A completion that takes longer is worse than none. */
const deadlineMs = 1500;

/** Asks the coordinator for names to complete. */
export async function namesFrom(
  client: OperatorClient,
  kind: NameKind,
  words: readonly string[],
): Promise<readonly string[]> {
  const options = { deadlineMs, retry: false };
  switch (kind) {
    case 'apps': {
      const { applications } = await client.call('ListApplications', {}, options);
      return applications.map(({ name }) => name);
    }
    case 'environments': {
      const { applications } = await client.call('ListApplications', {}, options);
      const named = applications.filter(({ name }) =>
        words.some((word) => word === name || word.startsWith(`${name}@`)),
      );
      const chosen = named.length === 0 ? applications : named;
      return [...new Set(chosen.flatMap(({ environments }) => environments.map(({ name }) => name)))];
    }
    case 'places': {
      const { applications } = await client.call('ListApplications', {}, options);
      return applications.flatMap(({ name, environments }) =>
        environments.map((env) => `${name}/${env.name}`),
      );
    }
    case 'checks': {
      const { applications } = await client.call('ListApplications', {}, options);
      const environments = applications
        .filter(({ name }) => words.some((word) => word.startsWith(`${name}@`)))
        .flatMap((application) => application.environments);
      const asked = environments.flatMap(({ promotion, autoDeploy }) => [
        ...(promotion?.checks ?? []),
        ...(autoDeploy?.checks ?? []),
      ]);
      return [...new Set(asked)];
    }
    case 'releases': {
      const { releases } = await client.call('ListReleases', { limit: 200 }, options);
      return releases.flatMap(({ app, release }) => (release === null ? [] : [`${app}@${release.version}`]));
    }
    case 'rollouts': {
      const { rollouts } = await client.call('ListRollouts', {}, options);
      return rollouts.map(({ id }) => id);
    }
    case 'consumers': {
      const { consumers } = await client.call('ListConsumers', {}, options);
      return consumers.map(({ name }) => name);
    }
    case 'tokens': {
      const { tokens } = await client.call('ListTokens', {}, options);
      return tokens.filter(({ state }) => state === 'valid').map(({ id }) => id);
    }
    case 'operators': {
      const { operators } = await client.call('ListOperators', {}, options);
      return operators.filter(({ state }) => state === 'valid').map(({ name }) => name);
    }
    case 'nodes': {
      const { nodes } = await client.call('ListNodes', {}, options);
      return nodes.map(({ name }) => name);
    }
    case 'subjects': {
      const kinds = ['nodes', 'rollouts', 'places', 'apps', 'releases'] as const;
      return (await Promise.all(kinds.map((one) => namesFrom(client, one, words)))).flat();
    }
  }
}
