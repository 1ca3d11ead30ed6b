import type { PoisonView } from '../../../shared/wire/operator-client.js';
import type { Paint } from '../terminal/style.js';
import { oneLine, renderTable } from '../terminal/table.js';
import { optional, toSecond } from './wire-words.js';

/** What is refused, as `--output json` prints it. */
export const poisonJson = ({ digest, app, since, evidence }: PoisonView) => ({
  digest,
  app,
  versions: [...new Set(evidence.map(({ version }) => version))],
  since,
  evidence: evidence.map(({ rollout, config, ...found }) => ({
    ...found,
    ...optional('rollout', rollout),
    ...(config === 0 ? {} : { config }),
  })),
});

type PoisonJson = ReturnType<typeof poisonJson>;

const shortDigest = (digest: string): string => digest.slice(0, 'sha256:'.length + 12);

export async function poisonListText(poison: readonly PoisonJson[], paint: Paint): Promise<string> {
  if (poison.length === 0) return 'Nothing is poisoned.\n';
  const rows = poison.flatMap(({ digest, app, versions, since, evidence }) =>
    evidence.map(({ node, env, config, step, reason }, at) => [
      ...(at === 0 ? [shortDigest(digest), app, versions.join(', '), toSecond(since)] : ['', '', '', '']),
      ...[node, env, config === undefined ? '' : String(config), step, reason],
    ]),
  );
  const head = ['DIGEST', 'APP', 'VERSIONS', 'SINCE', 'FAILED ON', 'ENV', 'CONFIG', 'AT', 'REASON'];
  return `${await renderTable(paint, head, rows)}\n`;
}

/** One of them, a line and a line for each node. */
export function poisonText({ digest, app, versions, evidence }: PoisonJson, paint: Paint): string {
  return [
    `${paint('strong', oneLine(`${app} ${versions.join(', ')}`))} ${digest}`,
    ...evidence.map(({ node, env, step, reason }) =>
      oneLine(`it had failed on ${node} in ${env} at ${step}: ${reason}`),
    ),
    '',
  ].join('\n');
}

/** For what is told of a release. */
export function poisonLine({ since, evidence }: PoisonJson, paint: Paint): string {
  const nodes = evidence.map(({ node }) => node).join(', ');
  return `${paint('bad', 'poisoned')}   since ${toSecond(since)}: it failed on ${oneLine(nodes)}; see capstan poison list`;
}
