import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { expect } from 'chai';
import { cleanUp } from '../../support/cleanup.js';
import { makeNode, type Node, serverFiles } from './harness.js';

describe('an agent and who answers its probes', () => {
  let node: Node;
  beforeEach(async () => {
    node = await makeNode();
    await node.start();
  });

  it('takes nobody else on the port for the service, and says who it is', async () => {
    const orphan = await listenInstead();
    const silent = { ...serverFiles('1'), 'server.js': 'setInterval(() => undefined, 1000);' };
    const activation = { drain: false, restart: false, minHealthyTimeMs: 100, healthDeadlineMs: 1500 };
    const status = await node.coordinator.settled(
      'web',
      node.deploy(await node.release('1', silent), { activation }),
    );
    expect(await node.ask(), 'it does answer').to.equal('old');
    expect(status).to.include({ phase: 'failed', ready: false });
    expect(status.failure?.reason).to.match(
      new RegExp(
        `pid ${process.pid} \\(.+\\) listens on 127\\.0\\.0\\.1:${node.port}, and is not part of the service`,
      ),
    );

    orphan.close();
    orphan.closeAllConnections();
    const good = await node.coordinator.settled(
      'web',
      node.deploy(await node.release('2', serverFiles('2'))),
    );
    expect(good).to.include({ phase: 'healthy', ready: true });
  });

  it('takes nobody on the port for a service that ends again and again', async () => {
    await listenInstead();
    const brief = { ...serverFiles('1'), 'server.js': 'setTimeout(() => process.exit(1), 300);' };
    const activation = { drain: false, restart: false, minHealthyTimeMs: 100, healthDeadlineMs: 6000 };
    const generation = node.deploy(await node.release('1', brief), { activation });
    const status = await node.coordinator.settled('web', generation);
    expect(status).to.include({ phase: 'failed', ready: false });
  });

  it('names a unit that it cannot start before it stops anything', async () => {
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    const before = await node.service();
    const files = {
      'capstan.yml': 'apiVersion: capstan/v1\nkind: Release\nservice: { systemd: { unit: web.service } }\n',
    };
    const status = await node.coordinator.settled('web', node.deploy(await node.release('2', files)));
    expect(status).to.include({ phase: 'failed', ready: true });
    expect(status.failure).to.include({ step: 'preflight' });
    expect(status.failure?.reason).to.match(
      /^the service is web\.service, which cannot be started: (?:this host does not run systemd|the agent is not root)/,
    );
    expect(await node.service()).to.deep.equal(before);
  });

  /** Answers on the port of the application. */
  async function listenInstead(): Promise<Server> {
    const orphan = createServer((_request, response) => {
      response.setHeader('connection', 'close').end('old');
    });
    cleanUp(() => {
      orphan.close();
      orphan.closeAllConnections();
    });
    orphan.listen(node.port, '127.0.0.1');
    await once(orphan, 'listening');
    return orphan;
  }
});
