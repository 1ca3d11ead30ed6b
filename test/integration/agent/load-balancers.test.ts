import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import type { ActivationPolicy } from '../../../shared/model/desired-state.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { freePorts } from '../../support/free-ports.js';
import { type Files, makeNode, type Node, serverFiles } from './harness.js';

const drains: ActivationPolicy = {
  ...{ drain: true, restart: false, minHealthyTimeMs: 100, healthDeadlineMs: 5000 },
};

describe('load balancers', () => {
  let node: Node;
  let port: number;
  beforeEach(async () => {
    [port = 0] = await freePorts(1);
    node = await makeNode();
    await start();
  });

  const start = (): Promise<void> => node.start(['--agent-check', `127.0.0.1:${port}`]);

  it("learn over HAProxy's agent-check what the node wants, also from an agent that was killed meanwhile", async () => {
    expect(await ask(port, 'web\n'), 'nobody knows of it').to.equal('\n');
    await node.coordinator.settled('web', node.deploy(await node.release('1', waiting('1', '1m'))));
    expect(await ask(port, 'web\n')).to.equal('up ready\n');
    await node.ask('/break');
    await eventually(async () => /^down #GET .*status 500\n$/.test(await ask(port, 'web\n')));

    await node.coordinator.settled('web', node.deploy(await node.release('2', waiting('2', '1m'))));
    node.deploy(await node.release('3', serverFiles('3')), { activation: drains });
    await eventually(async () => (await ask(port, 'web\n')) === 'up drain\n');
    node.agent().kill('SIGKILL');
    await node.agent().exited;
    expect(await ask(port, 'web\n').catch(() => 'refused')).to.equal('refused');
    await start();
    expect(await ask(port, 'web\n'), 'the first answer').to.equal('up drain\n');
    node.deploy(await node.release('4', serverFiles('4')), { intent: 'remove' });
    await eventually(async () => (await ask(port, 'web\n')).startsWith('stopped #'));
  });

  it('are told of an idle group by another question, and of the other group by none but their own', async () => {
    const one = await node.release('1', serverFiles('1'));
    await node.coordinator.settled('web', node.deploy(one, { standby: true }));
    expect(await ask(port, 'web\n')).to.equal('up drain\n');
    expect(await ask(port, 'staging/web\n')).to.equal('up ready\n');
    expect(await ask(port, 'staging/other\n')).to.equal('\n');
    await node.coordinator.settled('web', node.deploy(one));
    expect(await ask(port, 'web\n')).to.equal('up ready\n');
    expect(await ask(port, 'staging/web\n')).to.equal('down #it is not in the idle group\n');
  });

  it('get no opinion from an agent-check to anything else, and hold nobody up', async () => {
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    const questions = [
      'other\n',
      '\n',
      '../web\n',
      'GET / HTTP/1.1\r\n\r\n',
      'web\0\n',
      `${'x'.repeat(100_000)}\n`,
      'x'.repeat(300),
    ];
    for (const question of questions) expect(await ask(port, question), question.slice(0, 20)).to.equal('\n');
    const idle = Array.from({ length: 20 }, () => open(port));
    expect(await ask(port, 'web\r\nother\nweb\n'), 'the first line counts').to.equal('up ready\n');
    const [slow] = idle;
    slow?.write('we');
    slow?.write('b\n');
    expect(String((await once(slow ?? open(port), 'data'))[0])).to.equal('up ready\n');
    await Promise.all(idle.slice(1).map((socket) => once(socket, 'close')));
  });

  it('are waited for, and so are the connections they have: then the drain is over', async () => {
    const waitMs = 5000;
    await node.coordinator.settled('web', node.deploy(await node.release('1', waiting('1', '5s'))));
    const haproxy = poll(() => ask(port, 'web\n'));
    // The agent must have seen for as long as a drain lasts who asks.
    const since = performance.now();
    await eventually(() => performance.now() - since > waitMs);
    const held = open(node.port);
    await once(held, 'connect');
    const generation = node.deploy(await node.release('2', serverFiles('2')), { activation: drains });
    await eventually(() => haproxy.answers.at(-1) === 'up drain\n');
    await eventually(() => node.coordinator.latest('web')?.phase === 'draining');
    held.destroy();
    await node.coordinator.settled('web', generation);
    expect(drainTook(node)).to.be.below(waitMs - 500);
  });
});

const waiting = (version: string, wait: string): Files => {
  const files = serverFiles(version);
  return { ...files, 'capstan.yml': (files['capstan.yml'] ?? '').replace('wait: 300ms', `wait: ${wait}`) };
};

function open(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  cleanUp(() => void socket.destroy());
  return socket;
}

/** All that is answered until the connection ends. */
async function ask(port: number, question: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.on('error', () => undefined); // the rest of what is too long is refused
  socket.write(question);
  await once(socket, 'close');
  return text;
}

/** Asks again and again until the test is over. */
function poll<T>(question: () => Promise<T>): { readonly answers: readonly T[] } {
  const answers: T[] = [];
  const over = new AbortController();
  const asking = (async () => {
    while (!over.signal.aborted) answers.push(await question());
  })().catch(() => undefined);
  cleanUp(async () => {
    over.abort();
    await asking;
  });
  return { answers };
}

/** Milliseconds between the agent's own words about the beginning and the end of its last drain. */
function drainTook(node: Node): number {
  const steps = node
    .agent()
    .logs()
    .filter(({ step }) => String(step).startsWith('drain'));
  const [begin, end] = steps.slice(-2);
  return Date.parse(String(end?.['time'])) - Date.parse(String(begin?.['time']));
}
