import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { agentApp } from '../../../shared/model/ids.js';
import { generatePrivateKey, publicKeyOf, readPrivateKey } from '../../../shared/signing/keys.js';
import { applyStrategy, pilotThenRest, succeed } from '../../e2e/scene.js';
import type { RolloutJson } from '../../e2e/shapes.js';
import { agentFiles } from '../../integration/self-update/agent-unit.js';
import { eventually } from '../../support/eventually.js';
import { type HostFleet, startHostFleet } from '../../support/hosts/host-fleet.js';
import { hostsLack } from '../../support/hosts/rack.js';
import { skipLoudly } from '../../support/installed.js';
import { tempDir } from '../../support/temp-dir.js';
import { apply, deploy, publish, type Run, runAt, services } from '../hosts/scene.js';

const ports = [8080, 8081];
/** Of the environment of the agents. */
const deadlineMs = 3_000;

/** Of an agent that tells its version, and otherwise does this. */
const launcherThat = (does: string): string => `#!/bin/sh\n[ "$1" = --version ] && exit 0\n${does}\n`;
const hanging = launcherThat('exec sleep 1000');

describe('agents of two hosts that are updated by a rollout', function () {
  this.timeout(60_000);
  let fleet: HostFleet;
  let keyFile: string;
  let atFirst: readonly Run[];

  before(async function () {
    this.timeout(330_000); // the Debian of all hosts is made when it is first needed
    const lack = await hostsLack();
    if (lack !== undefined) skipLoudly(this, lack);
    keyFile = join(await tempDir(), 'agent.key');
    const secret = generatePrivateKey();
    await writeFile(keyFile, secret, { mode: 0o600 });
    const publicKey = publicKeyOf(readPrivateKey(secret, 'a test'));
    fleet = await startHostFleet({
      hosts: 2,
      conf: (index) => `applications:
  web: { env: { PORT: ${ports[index] ?? 0} } }
  ${agentApp}: { trust: { keys: ["${publicKey}"] } }
`,
    });
    await publish(fleet, { app: 'web', version: '1', service: services.process });
    await apply(fleet, 'web');
    await deploy(fleet, 'web@1');
    const health = `health: { minHealthyTime: 1s, deadline: ${deadlineMs}ms }`;
    await applyStrategy(fleet, agentApp, pilotThenRest(`onFailure: rollback\n${health}`));
    atFirst = await runs();
  });
  afterEach(async () => {
    expect(await runs(), 'the processes of the application').to.deep.equal(atFirst);
  });

  const runs = (): Promise<readonly Run[]> => Promise.all(ports.map((port) => runAt(fleet, port)));
  const versions = (): Promise<readonly string[]> =>
    Promise.all(
      fleet.nodes.map(async ({ name }) => {
        const node = await fleet.json<{ agentVersion: string; liveness: string }>(['node', 'show', name]);
        return `${node.liveness} ${node.agentVersion}`;
      }),
    );
  /** The main processes of the agents. */
  const agents = (): Promise<readonly string[]> =>
    Promise.all(
      fleet.nodes.map(({ host }) =>
        host.exec('systemctl', ['show', '--value', '--property=MainPID', 'capstan-agent']),
      ),
    );
  const publishAgent = async (
    version: string,
    launcher: string | undefined,
    ...more: readonly string[]
  ): Promise<void> => {
    const dir = join(await tempDir(), version);
    const files = await agentFiles(version, launcher === undefined ? {} : { 'bin/capstan-agent': launcher });
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), content, { mode: path.startsWith('bin/') ? 0o755 : 0o644 });
    }
    await succeed(fleet, 'publish', dir, '--app', agentApp, '--version', version, ...more);
  };
  /** Deploys what has to fail on the first host. @returns what is said of it there, and how long that took */
  const inVain = async (version: string): Promise<{ readonly reason: string; readonly tookMs: number }> => {
    const startedAt = Date.now();
    const args = ['deploy', `${agentApp}@${version}`, '--env', 'production', '--wait', '--timeout', '50s'];
    const { code, stdout, stderr } = await fleet.capstan(args);
    expect(code, stdout + stderr).to.equal(1);
    const [latest] = await fleet.json<readonly RolloutJson[]>(['rollout', 'list', '--app', agentApp]);
    const rollout = await fleet.json<RolloutJson>(['rollout', 'show', latest?.id ?? '']);
    const reasons = rollout.waves.flatMap(({ nodes }) => nodes).map(({ reason }) => reason ?? '');
    return { reason: reasons.join('; '), tookMs: Date.now() - startedAt };
  };

  it('run the new one after another, wave by wave, with signatures as for any application', async () => {
    await publishAgent('2.0.0-unsigned', undefined);
    expect((await inVain('2.0.0-unsigned')).reason).to.include('is not signed');
    await publishAgent('2.0.0', undefined, '--sign-key', keyFile);
    await deploy(fleet, `${agentApp}@2.0.0`);
    expect(await versions()).to.deep.equal(['connected 2.0.0', 'connected 2.0.0']);
  });

  for (const [how, launcher, says] of [
    ['ends at once', launcherThat('exit 1'), 'started 2 times and ended before it had proved itself'],
    ['hangs', hanging, `had not proved itself ${deadlineMs / 1000 + 5} s after its start`],
  ] as const) {
    it(`go back on the first host to the one before when the new one ${how}, and never try it on the second`, async () => {
      const [, second] = await agents();
      const version = `3.0.0-${how.replaceAll(' ', '-')}`;
      await publishAgent(version, launcher, '--sign-key', keyFile);
      const { reason, tookMs } = await inVain(version);
      expect(reason).to.include(says);
      expect(await versions()).to.deep.equal(['connected 2.0.0', 'connected 2.0.0']);
      expect((await agents())[1]).to.equal(second);
      console.log(`      a new agent that ${how}: put back and the rollout over after ${tookMs} ms`);
    });
  }

  it('go back also when the host is rebooted while a new one is on trial, and bring applications back', async () => {
    const host = fleet.nodes[0]?.host;
    if (host === undefined) throw new Error('there is no host');
    await publishAgent('4.0.0', hanging, '--sign-key', keyFile);
    const over = inVain('4.0.0');
    const current = (): Promise<string> => host.exec('readlink', ['/var/lib/capstan-agent/updates/current']);
    await eventually(async () => (await current()).includes('4.0.0'), { timeoutMs: 20_000 });
    await host.reboot();
    expect((await over).reason).to.match(/had not proved itself|started 2 times/);
    expect(await versions()).to.deep.equal(['connected 2.0.0', 'connected 2.0.0']);
    atFirst = await eventually(runs, { timeoutMs: 10_000 });
  });
});
