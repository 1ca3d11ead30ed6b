import { expect } from 'chai';
import { makeNode, type Node, serverFiles } from '../../integration/agent/harness.js';
import { eventually } from '../../support/eventually.js';
import { freePorts } from '../../support/free-ports.js';
import { runs, skipLoudly } from '../../support/installed.js';
import { type Haproxy, startHaproxy } from './balancers.js';
import { fromGuide } from './guide.js';

const drains = { drain: true, restart: false, minHealthyTimeMs: 100, healthDeadlineMs: 5000 };

describe("the guide's hooks that drive HAProxy", function () {
  this.timeout(60_000);
  let node: Node;
  let haproxy: Haproxy;

  before(async function () {
    const found = await Promise.all(
      ['haproxy', 'socat'].map((name) => runs('sh', '-c', `command -v ${name}`)),
    );
    if (found.includes(false)) skipLoudly(this, 'on Debian: apt-get install haproxy socat');
  });

  beforeEach(async () => {
    node = await makeNode();
    const [port = 0] = await freePorts(1);
    haproxy = await startHaproxy(
      `defaults
    mode http
    timeout connect 1s
    timeout client 5s
    timeout server 5s
frontend www
    bind 127.0.0.1:${port}
    default_backend web
backend web
    server web-1 127.0.0.1:${node.port} check inter 100ms
`,
      port,
    );
    await node.start(['--env', `HAPROXY=${haproxy.socket}`, '--env', 'NODE=web-1']);
  });

  it('take a node out before it is changed, and back in afterwards', async () => {
    await node.coordinator.settled('web', node.deploy(await release('1')));
    await eventually(async () => (await haproxy.states()).join() === 'UP');
    const generation = node.deploy(await release('2'), { activation: drains });
    await eventually(async () => (await haproxy.states()).join() === 'DRAIN', { everyMs: 10 });
    await node.coordinator.settled('web', generation);
    await eventually(async () => (await haproxy.states()).join() === 'UP');
    expect(await (await fetch(haproxy.url)).text()).to.equal('2');
  });

  it('leave what serves alone when HAProxy does not know the node, and say so loudly', async () => {
    await node.coordinator.settled('web', node.deploy(await release('1')));
    await node.agent().stop();
    await node.start(['--env', `HAPROXY=${haproxy.socket}`, '--env', 'NODE=web-9']);
    const status = await node.coordinator.settled(
      'web',
      node.deploy(await release('2'), { activation: drains }),
    );
    expect(status).to.include({ phase: 'inconsistent', health: 'healthy' });
    expect(status.failure?.reason).to.include('beforeDrain').and.to.include('afterRejoin');
    expect(status.failure?.logTail).to.match(/No such (server|backend)/i);
    expect(await node.ask()).to.equal('1');
  });

  const release = async (version: string) => {
    const files = serverFiles(version);
    const plain = (files['capstan.yml'] ?? '').replace(/drain: .*\n/, '');
    return node.release(version, {
      ...files,
      'capstan.yml': `${plain}${await fromGuide('# capstan.yml', [['wait: 5s', 'wait: 500ms']])}`,
      'bin/haproxy': await fromGuide('# bin/haproxy', []),
    });
  };
});
