import { Command } from 'commander';
import { isFactKey } from '../../../shared/core/attributes.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { isLabelKey, isLabelValue } from '../../../shared/model/labels.js';
import type { Act, Session } from '../session.js';
import { nodeJson, nodeListText, nodeText } from '../views/node.js';
import { example } from './example.js';
import { newIdempotencyKey } from './references.js';
import { watchNodes } from './watch-nodes.js';

export function nodeCommand(act: Act): Command {
  const command = new Command('node').description('The servers with an agent.');
  for (const family of [list, show, watch, label, decommission]) command.addCommand(family(act));
  return example(command, 'capstan node list');
}

const selectorHelp = 'nodes with these labels and facts only, such as zone in (a,b),facts.memory<8GiB';

interface Selected {
  readonly selector?: string;
}

/** Checked here so that its error points into it and nothing is asked of the coordinator. */
async function checkedSelector({ selector = '' }: Selected): Promise<string> {
  const { parseSelector } = await import('../../../shared/spec/selector.js');
  try {
    parseSelector(selector);
    return selector;
  } catch (thrown) {
    const { code, message, location, hint = '' } = CapstanError.from(thrown);
    const pointer = `  ${selector}\n  ${' '.repeat((location?.column ?? 1) - 1)}^`;
    throw new CapstanError(code, message, {
      ...(location === undefined ? {} : { location }),
      hint: `${pointer}\n${hint}`,
    });
  }
}

function list(act: Act): Command {
  const command = new Command('list')
    .description('All nodes: what they run, what they should run, how they are.')
    .option('--selector <selector>', selectorHelp)
    .action((options: Selected, self: Command) =>
      act(self, async (session) => {
        const selector = await checkedSelector(options);
        const client = await session.client();
        const { nodes } = await client.call('ListNodes', { selector });
        const values = nodes.map(nodeJson);
        await session.print(values, (paint) => nodeListText(values, paint));
        return 0;
      }),
    );
  return example(command, "capstan node list --selector 'zone in (a,b),facts.memory<8GiB'");
}

function show(act: Act): Command {
  const command = new Command('show')
    .description('One node: its labels, facts and applications.')
    .argument('<node>', "the node's name")
    .action((name: string, _options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        await printNode(session, nodeJson(await client.call('GetNode', { name })));
        return 0;
      }),
    );
  return example(command, 'capstan node show web-a-1');
}

const printNode = (session: Session, node: ReturnType<typeof nodeJson>): Promise<void> =>
  session.print(node, (paint) => nodeText(node, paint));

function watch(act: Act): Command {
  const command = new Command('watch')
    .description('Follows the nodes: redrawn on a terminal, a line for each change elsewhere.')
    .argument('[node]', 'one node only')
    .option('--selector <selector>', selectorHelp)
    .action((name: string | undefined, options: Selected, self: Command) =>
      act(self, async (session) => watchNodes(session, await checkedSelector(options), name)),
    );
  return example(command, 'capstan node watch --selector zone=a');
}

function label(act: Act): Command {
  const command = new Command('label')
    .description('Sets labels of a node, or removes them.')
    .argument('<node>', "the node's name")
    .argument('<labels...>', 'KEY=VALUE to set, KEY- to remove')
    .action((name: string, labels: readonly string[], _options: object, self: Command) =>
      act(self, async (session) => {
        const request = { name, ...parseLabels(labels), idempotencyKey: newIdempotencyKey() };
        const client = await session.client();
        await printNode(session, nodeJson(await client.call('LabelNode', request)));
        return 0;
      }),
    );
  return example(command, 'capstan node label web-a-1 zone=b canary-');
}

function parseLabels(words: readonly string[]): { set: Record<string, string>; remove: string[] } {
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const word of words) {
    const equals = word.indexOf('=');
    const key = equals < 0 ? word.replace(/-$/, '') : word.slice(0, equals);
    const value = equals < 0 ? undefined : word.slice(equals + 1);
    if (isFactKey(key)) {
      throw new CapstanError('invalid', `"${key}" is a fact, which the node tells by itself.`, {
        hint: 'Give the label another name: what begins with "facts." are facts.',
      });
    }
    const sound = isLabelKey(key) && (value === undefined ? word.endsWith('-') : isLabelValue(value));
    if (!sound) {
      throw new CapstanError('invalid', `"${word}" is not a change of a label.`, {
        hint: 'Use KEY=VALUE to set one and KEY- to remove one.',
      });
    }
    if (value === undefined) remove.push(key);
    else set[key] = value;
  }
  return { set, remove };
}

function decommission(act: Act): Command {
  const command = new Command('decommission')
    .description('Takes a node out of the fleet for good; what runs on it is left alone.')
    .argument('<node>', "the node's name")
    .option('--reason <text>', 'kept with the event')
    .action((name: string, options: { readonly reason?: string }, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const request = { name, reason: options.reason ?? '', idempotencyKey: newIdempotencyKey() };
        await client.call('DecommissionNode', request);
        await session.print(
          { name, decommissioned: true },
          () => `${name} is no longer part of the fleet.\n`,
        );
        return 0;
      }),
    );
  return example(command, 'capstan node decommission web-a-1 --reason "returned to the vendor"');
}
