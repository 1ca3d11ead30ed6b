import { driftText } from '../../../shared/core/drift-text.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { interruptedExit } from '../errors.js';
import { isInterrupted } from '../host.js';
import type { Session } from '../session.js';
import { liveView } from '../terminal/live.js';
import { oneLine } from '../terminal/table.js';
import { type NodeJson, nodeJson, nodeListText } from '../views/node.js';

/**
 * Follows the nodes until Ctrl-C. With `--output json` each change prints the node as one line of JSON.
 * @throws CapstanError `notFound` if the one node that was asked for is not there
 */
export async function watchNodes(
  session: Session,
  selector: string,
  only: string | undefined,
): Promise<number> {
  const { host, globals } = session;
  const client = await session.client();
  if (only !== undefined) await client.call('GetNode', { name: only });
  const view = globals.output === 'table' ? await liveView(session) : undefined;
  let before: ReadonlyMap<string, NodeJson> = new Map();
  try {
    while (!isInterrupted(host)) {
      try {
        for await (const { nodes } of client.stream(
          'WatchNodes',
          { selector },
          { signal: host.interrupted },
        )) {
          const now = nodes.map(nodeJson).filter(({ name }) => only === undefined || name === only);
          if (view?.kind === 'redraw') view.show(await nodeListText(now, view.paint));
          else await printChanges(session, before, now);
          before = new Map(now.map((node) => [node.name, node]));
        }
      } catch (thrown) {
        const error = CapstanError.from(thrown);
        if (isInterrupted(host)) break;
        if (before.size === 0 || (error.code !== 'unreachable' && error.code !== 'unavailable')) throw error;
        session.remark('The coordinator does not answer; waiting for it.');
      }
      await client.pause(1000, host.interrupted);
    }
  } finally {
    view?.end();
  }
  return interruptedExit;
}

async function printChanges(
  session: Session,
  before: ReadonlyMap<string, NodeJson>,
  now: readonly NodeJson[],
): Promise<void> {
  const { host, globals } = session;
  for (const node of now) {
    const changed = JSON.stringify(visible(node)) !== JSON.stringify(visible(before.get(node.name)));
    if (!changed) continue;
    if (globals.output === 'json') host.stdout.write(`${JSON.stringify(node)}\n`);
    else if (globals.output === 'yaml') {
      const { stringify } = await import('yaml');
      host.stdout.write(`---\n${stringify(node)}`);
    } else host.stdout.write(`${oneLine(nodeLine(node))}\n`);
  }
}

/** What a reader would call a change: not the host's load, nor when it was last seen. */
const visible = (node: NodeJson | undefined): unknown =>
  node && [node.labels, node.liveness, node.apps.map(appLine)];

const nodeLine = (node: NodeJson): string =>
  `${node.name}: ${[node.liveness, ...node.apps.map(appLine)].join('; ')}`;

function appLine(app: NodeJson['apps'][number]): string {
  const { reason, drift, pastReturn } = app;
  const more = [
    ...(reason === undefined ? [] : [reason]),
    ...(pastReturn === true ? ['past the point of no return'] : []),
    ...(drift === undefined ? [] : [driftText(drift)]),
  ];
  const said = more.length === 0 ? '' : ` (${more.join('; ')})`;
  return `${app.app} ${app.version ?? '-'} ${app.phase} ${app.health}${said}`;
}
