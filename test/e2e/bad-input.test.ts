import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import type { Fleet } from '../support/fleet.js';
import { freePorts } from '../support/free-ports.js';
import { type Finished, runProgram, startProgram } from '../support/processes.js';
import { tempDir } from '../support/temp-dir.js';
import { writeTinyApp } from '../support/tiny-app.js';
import { applyStrategy, fleetOf, publishTiny } from './scene.js';
import type { EventJson, NodeJson } from './shapes.js';

interface Refusal {
  readonly what: string;
  readonly args: readonly string[];
  readonly code: number;
  readonly says: RegExp;
}

describe('bad input', function () {
  this.timeout(120_000);
  let fleet: Fleet;

  before(async () => {
    fleet = await fleetOf(2);
    await applyStrategy(fleet, 'web', 'type: rolling\n');
    await publishTiny(fleet, 'web', { version: '1.0.0' });
  });

  it('names that nobody knows', async () => {
    await refused(fleet, [
      {
        what: 'application of a deploy',
        args: ['deploy', 'wib@1.0.0', '--env', 'production'],
        code: 5,
        says: /wib/,
      },
      { what: 'environment', args: ['deploy', 'web@1.0.0', '--env', 'prod'], code: 5, says: /prod\b/ },
      {
        what: 'version',
        args: ['deploy', 'web@9.9.9', '--env', 'production'],
        code: 5,
        says: /9\.9\.9/,
      },
      { what: 'node', args: ['node', 'show', 'web-9'], code: 5, says: /web-9/ },
      { what: 'why', args: ['why', 'web-9'], code: 5, says: /web-9/ },
      { what: 'rollout', args: ['rollout', 'abort', 'nope'], code: 5, says: /nope/ },
      { what: 'application', args: ['app', 'show', 'wib'], code: 5, says: /wib/ },
      { what: 'status', args: ['status', 'wib'], code: 5, says: /wib/ },
      { what: 'events', args: ['events', '--app', 'wib'], code: 5, says: /wib/ },
      { what: 'rollouts', args: ['rollout', 'list', '--env', 'prod'], code: 5, says: /prod\b/ },
      { what: 'command', args: ['deply', 'web@1.0.0'], code: 2, says: /deply/ },
    ]);
  });

  it('a version that exists with other content', async () => {
    const other = join(fleet.dir, 'other');
    await writeTinyApp(other, { version: '1.0.0', health: 500 });
    await refused(fleet, [
      {
        what: 'publish',
        args: ['publish', other, '--app', 'web', '--version', '1.0.0'],
        code: 4,
        says: /1\.0\.0/,
      },
    ]);
  });

  it('specs that cannot be meant, with file, line and column', async () => {
    const environment = (name: string, ...lines: readonly string[]): string =>
      [`    - name: ${name}`, ...lines.map((line) => `      ${line}`)].join('\n');
    const production = (...lines: readonly string[]): string =>
      environment('production', 'selector: role=web', ...lines);
    const specs: Readonly<Record<string, { readonly text: string; readonly says: RegExp }>> = {
      'an unknown key': { text: production('stratgy: {}'), says: /:8:7\b.*stratgy.*strategy/ },
      'a bad duration': {
        text: production('strategy: { progressDeadline: 10x }'),
        says: /:8:\d+.*10x/,
      },
      'more than all': { text: production('strategy: { maxUnavailable: 120% }'), says: /:8:\d+.*120 ?%/ },
      'a cycle in promotion': {
        text: [
          environment('staging', 'selector: role=db', 'promotion: { from: production }'),
          production('promotion: { from: staging }'),
        ].join('\n'),
        says: /:\d+:\d+.*(circle|cycle|itself|order|staging)/,
      },
      'a selector that is none': {
        text: environment('production', 'selector: "role=="'),
        says: /:7:\d+/,
      },
    };
    for (const [what, { text, says }] of Object.entries(specs)) {
      const file = join(fleet.dir, `${what.replaceAll(' ', '-')}.yml`);
      await writeFile(file, specOf('web', text));
      await refused(fleet, [{ what, args: ['apply', '-f', file], code: 2, says }]);
    }
  });

  it('two environments that select one node', async () => {
    const file = join(fleet.dir, 'overlap.yml');
    const both = `    - { name: production, selector: role=web }\n    - { name: zone-a, selector: zone=a }`;
    await writeFile(file, specOf('web', both));
    await refused(fleet, [{ what: 'apply', args: ['apply', '-f', file], code: 2, says: /web-1/ }]);
  });

  it('a selector that matches nothing: a warning at apply, a refusal at deploy', async () => {
    const file = join(fleet.dir, 'empty.yml');
    await writeFile(file, specOf('lonely', '    - { name: production, selector: role=db }'));
    const applied = await fleet.capstan(['apply', '-f', file]);
    expect(applied.code).to.equal(0);
    expect(applied.stderr).to.match(/warning: .*(no node|nothing)/i);
    await publishTiny(fleet, 'lonely', { version: '1.0.0' });
    const deploy = ['deploy', 'lonely@1.0.0', '--env', 'production'];
    await refused(fleet, [{ what: 'deploy', args: deploy, code: 4, says: /--allow-empty/ }]);
    expect((await fleet.capstan([...deploy, '--allow-empty', '--wait'])).code).to.equal(0);
  });

  it('a coordinator that is not there', async () => {
    const [port = 0] = await freePorts(1);
    const args = ['status', '--coordinator', `127.0.0.1:${port}`];
    await refused(fleet, [{ what: 'status', args, code: 3, says: new RegExp(`127\\.0\\.0\\.1:${port}`) }]);
  });

  it('a second coordinator on the same folder or port, an agent on the same folder', async () => {
    const elsewhere = await tempDir();
    const ports = (await freePorts(3)).map((port) => `127.0.0.1:${port}`);
    const [agents = '', operators = '', http = ''] = ports;
    const start = (dataDir: string, operatorListen: string): Promise<Finished> =>
      runProgram('capstan-coordinator', [
        '--insecure-loopback',
        ...['--data-dir', dataDir, '--agent-listen', agents],
        ...['--operator-listen', operatorListen, '--http-listen', http],
      ]);
    const sameFolder = await start(join(fleet.dir, 'coordinator'), operators);
    expect(sameFolder.code, sameFolder.stderr).to.equal(1);
    expect(oneSentence(sameFolder)).to.contain(join(fleet.dir, 'coordinator'));
    const samePort = await start(join(elsewhere, 'data'), fleet.operatorAddress);
    expect(samePort.code, samePort.stderr).to.equal(1);
    expect(oneSentence(samePort)).to.contain(fleet.operatorAddress.split(':')[1]);
    const [node] = fleet.nodes;
    const sameState = await runProgram('capstan-agent', [
      '--insecure-loopback',
      ...['--name', 'other', '--coordinator', agents, '--listen', '127.0.0.1:0'],
      ...['--state-dir', node?.stateDir ?? '', '--root', join(elsewhere, 'srv')],
    ]);
    expect(sameState.code, sameState.stderr).to.equal(1);
    expect(oneSentence(sameState)).to.contain(node?.stateDir);
    expect((await fleet.capstan(['status'])).code, 'the first one goes on').to.equal(0);
  });

  it('a node name that is connected already: the newcomer is told, the first goes on', async () => {
    const dir = await tempDir();
    await mkdir(join(dir, 'conf.d'));
    const [node] = fleet.nodes;
    const twin = startProgram('capstan-agent', [
      ...['--insecure-loopback', '--allow-unsigned', '--name', node?.name ?? ''],
      ...['--coordinator', fleet.agentAddress, '--listen', '127.0.0.1:0'],
      ...['--state-dir', join(dir, 'state'), '--root', join(dir, 'srv'), '--conf-dir', join(dir, 'conf.d')],
    ]);
    await eventually(() => /already connected|another|conflict/i.test(twin.stdout() + twin.stderr()), {
      timeoutMs: 30_000,
      what: 'the twin to say why it is refused',
    });
    await twin.stop('SIGKILL');
    const listed = await fleet.json<readonly NodeJson[]>(['node', 'list']);
    expect(listed.map(({ liveness }) => liveness)).to.deep.equal(['connected', 'connected']);
  });
});

function specOf(app: string, environments: string): string {
  return `apiVersion: capstan/v1\nkind: Application\nmetadata: { name: ${app} }\nspec:\n  environments:\n${environments}\n`;
}

/** Each is refused with its exit code and one sentence that names the fault, and changes nothing. */
async function refused(fleet: Fleet, refusals: readonly Refusal[]): Promise<void> {
  const before = await changes(fleet);
  for (const { what, args, code, says } of refusals) {
    const last = await fleet.ask(args);
    expect(last.code, `${what}: ${last.stderr}${last.stdout}`).to.equal(code);
    expect(oneSentence(last), what).to.match(says);
    expect(last.stdout, what).to.equal('');
  }
  expect(await changes(fleet), 'what has changed').to.deep.equal(before);
}

/** Every change is an event, so the log tells whether anything changed. */
async function changes(fleet: Fleet): Promise<readonly string[]> {
  const events = await fleet.json<readonly EventJson[]>(['events', '--since', '1h']);
  return events
    .filter(({ kind }) => !kind.startsWith('node.'))
    .map(({ kind, message }) => `${kind}: ${message}`);
}

/** What went to standard error, which has to be for people: a sentence (and a hint), no stack. */
function oneSentence({ stderr, stdout }: Pick<Finished, 'stderr' | 'stdout'>): string {
  const text = stderr.trim() === '' ? stdout.trim() : stderr.trim();
  expect(text, 'a message').to.not.equal('');
  expect(text, 'no stack').to.not.match(/^\s+at .*\(/m);
  expect(text.split('\n').length, text).to.be.lessThan(4);
  return text;
}
