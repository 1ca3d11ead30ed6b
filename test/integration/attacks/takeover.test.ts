import { createPublicKey, X509Certificate } from 'node:crypto';
import { chmod, cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServerCredentials } from '@grpc/grpc-js';
import { expect } from 'chai';
import { type Authority, openAuthority } from '../../../coordinator/io/ca/authority.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import type { Assignment } from '../../../shared/model/desired-state.js';
import type { AppName, EnvName, ReleaseVersion, RolloutId } from '../../../shared/model/ids.js';
import type { AppStatus } from '../../../shared/model/node-status.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { eventually } from '../../support/eventually.js';
import { publish } from '../../support/releases.js';
import { newKey as newSigningKey, signed } from '../../support/signing.js';
import { tempDir } from '../../support/temp-dir.js';
import { FakeCoordinator } from '../agent/fake-coordinator.js';
import { newKey } from '../identity/site.js';
import { attempt } from './attempt.js';
import { applicationText, openScene, type Scene } from './scene.js';

const web = 'web' as AppName;

/**
 * Somebody has the data directory of the coordinator: database, store and the authority's key. Their own coordinator
 * answers where the node polls, with a certificate that the node believes, and says whatever they like.
 */
describe('attacks of a coordinator in wrong hands', function () {
  this.timeout(60_000);
  let scene: Scene;
  let attacker: FakeCoordinator;
  let generation = 0;
  let stolen: string;
  let store: string;
  let one: ReleaseRef;
  let two: ReleaseRef;
  let three: ReleaseRef;
  let shop: ReleaseRef;

  before(async () => {
    scene = await openScene();
    const spec = join(scene.dir, 'web.yml');
    await writeFile(spec, applicationText('web'));
    await scene.cli('apply', '-f', spec);
    one = await scene.publish('web', '1');
    two = await scene.publish('web', '2');
    three = await scene.publish('web', '3');
    shop = await scene.publish('shop', '3');
    await scene.deploy('web', '1');
    await scene.deploy('web', '2');
    const { apps } = await scene.site.operator.call('GetNode', { name: 'n1' });
    generation = Number(apps.find(({ app }) => app === 'web')?.generation);

    await scene.site.program.stop('SIGKILL');
    stolen = join(await tempDir(), 'stolen');
    await cp(scene.site.dir, stolen, { recursive: true });
    store = `file:${join(stolen, 'store')}`;
    attacker = await coordinatorOf(await openAuthority(stolen, { now: Date.now }), scene.site.agents);
  });

  const assignment = (release: ReleaseRef, more: Partial<Assignment> = {}): Assignment => {
    generation += 1;
    return {
      ...{ app: web, env: 'production' as EnvName, generation, intent: 'activate', release },
      ...{ config: {}, configRevision: '0a0b0c0d', rollout: 'r-1' as RolloutId, stores: [] },
      ...{ fetchBytesPerSecond: 0 },
      activation: { drain: false, restart: false, minHealthyTimeMs: 100, healthDeadlineMs: 5000 },
      ...more,
    };
  };
  const say = async (wanted: Assignment, stores = [store]): Promise<AppStatus> => {
    attacker.want([wanted], stores);
    return attacker.settled('web', wanted.generation);
  };
  /** What the node says of a release that it does not run; what ran goes on. */
  const refusal = async (release: ReleaseRef, stores = [store]): Promise<string> => {
    const before = (await scene.running())['CAPSTAN_RELEASE_DIGEST'];
    const { phase, failure } = await say(assignment(release), stores);
    expect(phase).to.equal('failed');
    expect((await scene.running())['CAPSTAN_RELEASE_DIGEST']).to.equal(before);
    return failure?.reason ?? '';
  };
  /** Publishes a tree to the attacker's store, as the publisher of it would. */
  const made = async (change: (dir: string) => Promise<void>): Promise<ReleaseRef> => {
    const dir = await tempDir();
    await cp(scene.sourceOf('web', '3'), dir, { recursive: true });
    await change(dir);
    return publish(dir, directoryStore(join(stolen, 'store')), '3');
  };
  const withHook = (dir: string): Promise<void> =>
    writeFile(join(dir, 'capstan.yml'), '\nhooks: { afterStart: { run: [node, -e, "evil()"] } }\n', {
      flag: 'a',
    });

  attempt('a release that nobody signed', /^web 3 is not signed/, () => {
    const { envelope: _, ...unsigned } = three;
    return refusal(unsigned);
  });

  attempt("a release that the coordinator's new owner signed", /which this node does not trust/, async () =>
    refusal(signed(await made(withHook), [newSigningKey()])),
  );

  attempt("another application's signed release", /is for another application, shop\b/, () => refusal(shop));

  attempt("another version's signature", /is for another version, 2\b/, () =>
    refusal({ ...three, ...(two.envelope === undefined ? {} : { envelope: two.envelope }) }),
  );

  attempt('a hook put into a signed release', /is for other content/, async () => {
    const { envelope = '' } = three;
    return refusal({ ...(await made(withHook)), envelope });
  });

  attempt('a manifest swapped in the store', /manifest/, async () => {
    const lying = await copyOfStore();
    const other = await made(withHook);
    const object = (ref: ReleaseRef): string => join(lying, 'manifests', ref.digest.slice('sha256:'.length));
    await cp(join(stolen, 'store', 'manifests', hexOf(other)), object(other));
    await replace(object(three), await readFile(object(other)));
    return refusal({ ...three, deltas: [] }, [`file:${lying}`]);
  });

  attempt('bytes changed in the store after signing', /digest|damaged/, async () => {
    const lying = await copyOfStore();
    for (const file of await filesBelow(join(lying, 'packs'))) {
      const bytes = await readFile(file);
      for (let at = 100; at < bytes.length; at += 1000) bytes[at] = (bytes[at] ?? 0) ^ 1;
      await replace(file, bytes);
    }
    return refusal({ ...three, deltas: [] }, [`file:${lying}`]);
  });

  attempt('an older generation, said again', 'a newer one was accepted before', async () => {
    const { agent } = scene;
    const before = agent.logs().length;
    const heard = () =>
      agent
        .logs()
        .slice(before)
        .find(({ event }) => event === 'desired.refused');
    attacker.want([{ ...assignment(one), generation: 1 }], [store]);
    const line = await eventually(heard, { what: 'the agent to refuse it' });
    expect((await scene.running())['CAPSTAN_RELEASE']).to.equal('2');
    return String(line['why']);
  });

  it('what it says of an application is which signed release, when, and values: nothing that would be run', async () => {
    const proto = await readFile(join(packageRoot(), 'proto/capstan/v1/types.proto'), 'utf8');
    const fieldsOf = (message: string): readonly string[] => {
      const [, body = ''] = new RegExp(`^message ${message} \\{\n([^}]*)^\\}`, 'm').exec(proto) ?? [];
      return [...body.matchAll(/^ +\S.* (\w+) = \d+;/gm)].map(([, name = '']) => name);
    };
    // Whoever adds one has to ask what somebody with the coordinator could do with it, and say so in docs/security.md.
    expect(fieldsOf('Assignment')).to.have.members([
      ...['app', 'env', 'generation', 'intent', 'release', 'config', 'config_revision', 'activation'],
      ...['rollout', 'stores', 'fetch_bytes_per_second', 'database', 'standby'],
    ]);
    expect(fieldsOf('ActivationPolicy')).to.have.members([
      ...['drain', 'restart', 'min_healthy_time_ms', 'health_deadline_ms'],
    ]);
  });

  it('it can choose any release that was signed for the application, old ones too', async () => {
    expect(await say(assignment(one))).to.include({ phase: 'healthy' });
    expect(await scene.running()).to.include({ CAPSTAN_RELEASE: '1' });
    expect(await say(assignment(three))).to.include({ phase: 'healthy' });
    expect(await scene.running()).to.include({ CAPSTAN_RELEASE: '3', COLOUR: 'blue' });
  });

  it('it can set the values that the release takes, and neither others nor loader variables', async () => {
    const config = {
      COLOUR: 'red',
      UNDECLARED: 'x',
      ...{
        LD_PRELOAD: '/tmp/evil.so',
        NODE_OPTIONS: '--require /tmp/evil.js',
        PATH: '/tmp',
        BASH_ENV: '/tmp/e',
      },
      CAPSTAN_RELEASE: 'forged',
    };
    const wanted = assignment(three, { config, configRevision: '11111111' });
    expect(await say(wanted)).to.include({ phase: 'healthy' });
    const env = await scene.running();
    expect(env).to.include({ COLOUR: 'red', CAPSTAN_RELEASE: '3' });
    expect(env).not.to.have.any.keys('UNDECLARED', 'LD_PRELOAD', 'NODE_OPTIONS', 'BASH_ENV');
    expect(env['PATH']).not.to.equal('/tmp');
  });

  it('it can take an application away', async () => {
    expect(await say(assignment(three, { intent: 'remove' }))).to.include({ phase: 'removed' });
  });

  // Last of all, since after each the agent waits a little longer.
  const unsound: Readonly<Record<string, Partial<Assignment>>> = {
    'an application whose name is a path': { app: '../../etc' as AppName },
    'a revision of values that is a path': { configRevision: '../../../etc' },
    'an environment whose name is a command': { env: '$(id)' as EnvName },
    'a rollout whose name is a path': { rollout: '../r' as RolloutId },
  };
  const heardOf = async (wanted: Assignment): Promise<string> => {
    const { agent } = scene;
    const before = agent.logs().length;
    attacker.want([wanted], [store]);
    const line = await eventually(
      () =>
        agent
          .logs()
          .slice(before)
          .find(({ event }) => event === 'coordinator.unreachable'),
      { what: 'the agent to complain' },
    );
    return String(line['message']);
  };
  for (const [what, more] of Object.entries(unsound)) {
    attempt(what, /^The coordinator's answer is not sound: assignments\[0\]/, () =>
      heardOf(assignment(three, more)),
    );
  }
  attempt('a version that is a path', /^The coordinator's answer is not sound: assignments\[0\]/, () =>
    heardOf(assignment({ ...three, version: '../../x' as ReleaseVersion })),
  );

  const hexOf = ({ digest }: ReleaseRef): string => digest.slice('sha256:'.length);
  const copyOfStore = async (): Promise<string> => {
    const dir = join(await tempDir(), 'store');
    await cp(join(stolen, 'store'), dir, { recursive: true });
    return dir;
  };
});

/** Serves where the node polls, with what the stolen authority certifies. */
async function coordinatorOf(authority: Authority, address: string): Promise<FakeCoordinator> {
  const key = newKey();
  const hosts = ['127.0.0.1'];
  const certificate = authority.issue({ kind: 'server', hosts }, createPublicKey(key), 86_400_000);
  const pair = {
    private_key: Buffer.from(key.export({ type: 'pkcs8', format: 'pem' })),
    cert_chain: Buffer.from(new X509Certificate(certificate).toString()),
  };
  const attacker = new FakeCoordinator();
  const credentials = ServerCredentials.createSsl(Buffer.from(authority.certificate), [pair], true);
  await attacker.start(Number(address.split(':')[1]), credentials);
  return attacker;
}

async function filesBelow(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

async function replace(file: string, bytes: Buffer): Promise<void> {
  await chmod(file, 0o644).catch(() => undefined);
  await writeFile(file, bytes);
}
