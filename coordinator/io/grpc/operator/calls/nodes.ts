import { CapstanError } from '../../../../../shared/model/errors.js';
import { parseSelector } from '../../../../../shared/spec/selector.js';
import type { OperatorServiceHandlers } from '../../../../../shared/wire/gen/capstan/v1/OperatorService.js';
import type { OperatorServiceOptions } from '../options.js';
import * as given from '../requests.js';
import { watchNodes } from '../streams.js';
import { nodeView } from '../views.js';
import type { Answer } from './answer.js';

type Parts = Pick<OperatorServiceOptions, 'operations' | 'inventory' | 'polls' | 'peers'> & Answer;

/** The nodes of the fleet. */
export const nodeCalls = ({ unary, stream, operations, inventory, polls, peers }: Parts) =>
  ({
    ListNodes: unary(({ selector }) => ({
      nodes: inventory
        .nodes(selector === '' ? undefined : parseSelector(selector))
        .map((node) => nodeView(node)),
    })),
    GetNode: unary(({ name }) => {
      const node = given.nodeName(name);
      return nodeView(inventory.node(node), peers.servingOf(node));
    }),
    WatchNodes: stream(watchNodes),
    LabelNode: unary(async (request, { name: by }) => {
      const node = given.nodeName(request.name);
      const change = { set: given.labels(request.set), remove: request.remove };
      await operations.label(given.identityOf('LabelNode', by, request), node, change);
      return nodeView(inventory.node(node));
    }),
    DecommissionNode: unary(async (request, { name: by }) => {
      const identity = given.identityOf('DecommissionNode', by, request);
      await operations.decommission(identity, given.nodeName(request.name), given.reason(request.reason));
      return {};
    }),
    Logs: unary(async ({ node, app, maxBytes }) => {
      const { apps, record } = inventory.node(given.nodeName(node));
      const wanted = given.appName(app);
      if (!apps.some((known) => known.app === wanted)) {
        throw new CapstanError('notFound', `Node "${record.name}" has nothing of application "${wanted}".`, {
          hint: `See \`capstan node show ${record.name}\` for what it has.`,
        });
      }
      const bytes = maxBytes === 0 ? 16 * 1024 : Math.min(maxBytes, 256 * 1024);
      return { text: await polls.requestLogs(record.name, wanted, bytes) };
    }),
  }) satisfies Partial<OperatorServiceHandlers>;
