import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { processesIn } from '../../support/processes.js';
import { failure, makeOperator } from '../identity/site.js';
import { applicationText, openScene, type Scene } from './scene.js';

/** Each is found nowhere but where it belongs: what is searched is everything that a deployment leaves and shows. */
describe('secrets', function () {
  this.timeout(60_000);
  let scene: Scene;
  const secrets = new Map<string, string>();
  const args = new Set<string>();
  const outputs: string[] = [];

  /** The middle of a private key, without its armour. */
  const keyIn = (pem: string): string => {
    const [, body = ''] = /-----BEGIN [A-Z ]*PRIVATE KEY-----([^-]*)-----END/.exec(pem) ?? [];
    const [line = ''] = body.split(/\\n|\n/).filter((each) => each !== '');
    expect(line, 'a line of a private key').to.match(/^[\w+/=]{40,}$/);
    return line.slice(16); // what comes before is the same in all of a kind
  };

  before(async () => {
    scene = await openScene(', DB_PASSWORD: none');
    const { site } = scene;
    const operator = await makeOperator(site, 'deployer');
    const environment = 'v4lue-0f-the-environment';
    for (const [what, secret] of [
      ['the join token', scene.joinToken.slice('capstan_join_'.length)],
      ["the first operator's token", site.adminToken],
      ["an operator's token", operator.token],
      ["the authority's key", keyIn(readFileSync(join(site.dir, 'ca', 'ca.key'), 'utf8'))],
      ["the node's key", keyIn(readFileSync(join(scene.stateDir, 'identity.json'), 'utf8'))],
      ["the publisher's key", keyIn(readFileSync(scene.keyFile, 'utf8'))],
      ["an environment's value", environment],
    ] as const) {
      secrets.set(what, secret);
    }
    const watching = watchArguments(scene.dir, args);
    const spec = join(scene.dir, 'web.yml');
    await writeFile(spec, applicationText('web', `DB_PASSWORD: ${environment}`));
    outputs.push(await scene.cli('apply', '-f', spec));
    await scene.publish('web', '1');
    await scene.deploy('web', '1');
    // Refusals speak of what they refuse.
    await failure(operator.client.call('CreateToken', { hash: '0'.repeat(64), ttlMs: 1000, uses: 1 }));
    await failure(site.enrol(scene.joinToken, 'n2'));
    for (const what of ['n1', 'web']) outputs.push(await scene.cli('why', what));
    outputs.push(await scene.cli('node', 'show', 'n1'), await scene.cli('rollout', 'list'));
    expect(await scene.running()).to.include({ DB_PASSWORD: environment });
    watching();
  });

  const places: Readonly<Record<string, () => Promise<readonly string[]>>> = {
    "the coordinator's log": () =>
      Promise.resolve([scene.site.program.stdout(), scene.site.program.stderr()]),
    "the agent's log": () => Promise.resolve([scene.agent.stdout(), scene.agent.stderr()]),
    events: async () => {
      const events = [];
      for await (const event of scene.site.operator.stream('ListEvents', {}, {})) events.push(event);
      expect(events.map(({ kind }) => kind)).to.include('release.published');
      return events.map((event) => JSON.stringify(event));
    },
    'what commands print': () => Promise.resolve(outputs),
    'the arguments of processes': () => {
      expect([...args].join('\n'))
        .to.contain('server.js')
        .and.to.contain('capstan-agent');
      return Promise.resolve([...args]);
    },
  };
  for (const [place, textsOf] of Object.entries(places)) {
    it(`none is in ${place}`, async () => {
      const texts = await textsOf();
      expect(texts.join('').length).to.be.greaterThan(0);
      const found = [...secrets].filter(([, secret]) => texts.some((text) => text.includes(secret)));
      expect(found.map(([what]) => what)).to.deep.equal([]);
    });
  }

  it('neither tokens nor private keys are in the database, and values are nowhere else on the coordinator', async () => {
    const { dir } = scene.site;
    const names = (await readdir(dir)).filter((name) => name.startsWith('capstan.db'));
    const database = await Promise.all(names.map((name) => readFile(join(dir, name), 'latin1')));
    expect(database.join('')).to.contain(secrets.get("an environment's value"));
    const found = [...secrets].filter(([, secret]) => database.some((text) => text.includes(secret)));
    expect(found.map(([what]) => what)).to.deep.equal(["an environment's value"]);
  });

  it('what has them on a disk is for its owner only', () => {
    const files = [scene.site.dir, scene.stateDir].flatMap((dir) =>
      readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.parentPath.includes('/store'))
        .map((entry) => join(entry.parentPath, entry.name)),
    );
    const open = files.filter((file) => {
      if ((statSync(file).mode & 0o077) === 0) return false;
      const text = readFileSync(file, 'latin1');
      return [...secrets.values()].some((secret) => text.includes(secret));
    });
    expect(open.map((file) => file.slice(scene.dir.length))).to.deep.equal([]);
  });
});

/** Collects the command lines of all processes below a folder, which any user of the host can read. */
function watchArguments(dir: string, into: Set<string>): () => void {
  const look = (): void => {
    for (const pid of processesIn(dir)) {
      try {
        into.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch {
        // It has ended meanwhile.
      }
    }
  };
  const timer = setInterval(look, 100);
  return () => {
    look();
    clearInterval(timer);
  };
}
