import { expect } from 'chai';
import type { Command } from 'commander';
import { buildProgram } from '../../../coordinator/cli/program.js';
import { run } from '../../../coordinator/cli/run.js';
import { soundToken } from '../../../coordinator/cli/trust.js';
import { exitCodes } from '../../../shared/core/exit-codes.js';

function output() {
  const texts: string[] = [];
  return {
    isTerminal: false,
    columns: 80,
    rows: 24,
    write: (text: string) => {
      texts.push(text);
    },
    writeBytes: () => Promise.resolve(),
    text: () => texts.join(''),
  };
}

const hostWith = (stdout = output(), stderr = output()) => ({
  env: {},
  stdout,
  stderr,
  home: '/nonexistent',
  user: 'tester',
  interrupted: new AbortController().signal,
});

async function capstan(...argv: readonly string[]) {
  const stdout = output();
  const stderr = output();
  const code = await run(argv, hostWith(stdout, stderr));
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

const paths = (command: Command, before: readonly string[] = []): readonly (readonly string[])[] =>
  command.commands
    .filter((child) => !child.name().startsWith('__'))
    .flatMap((child) => [[...before, child.name()], ...paths(child, [...before, child.name()])]);

const commands = paths(buildProgram(() => Promise.resolve(), hostWith(), { silentErrors: true }));

describe('capstan, usage', () => {
  it('has the commands of the contract and none of a later version', () => {
    const names = commands.map((path) => path.join(' '));
    const requests = ['switch', 'switch-back', 'release'];
    const controls = ['pause', 'resume', 'approve', 'abort', ...requests, 'retry', 'excuse'];
    const rollout = ['list', 'show', 'watch', ...controls];
    const node = ['list', 'show', 'watch', 'label', 'decommission'];
    expect(names).to.have.members([
      ...[
        'publish',
        'apply',
        'plan',
        'deploy',
        'stage',
        'restart',
        'rollback',
        'approve',
        'promote',
        'status',
        'why',
        'events',
        'logs',
        'completion',
        'version',
      ],
      ...['rollout', ...rollout.map((name) => `rollout ${name}`)],
      ...['node', ...node.map((name) => `node ${name}`)],
      ...['check', 'check record'],
      ...['release', 'release list', 'release show', 'release sign', 'release export'],
      ...['key', 'key generate', 'key show', 'key rotate'],
      ...['config', 'config list', 'config show'],
      ...['env', 'env lock', 'env unlock', 'env freeze', 'env thaw'],
      ...['poison', 'poison list', 'poison forgive'],
      ...['token', 'token create', 'token list', 'token revoke', 'ca', 'ca show', 'install-command'],
      ...['operator', 'operator create', 'operator list', 'operator revoke', 'login'],
      ...['events consumers', 'events forget', 'events verify'],
      ...['app', 'app list', 'app show', 'app remove', 'store', 'store gc', 'store verify'],
    ]);
  });

  for (const path of commands) {
    it(`${path.join(' ')} --help has an example and the options of all commands`, async () => {
      const { code, stdout, stderr } = await capstan(...path, '--help');
      expect(code).to.equal(0);
      expect(stderr).to.equal('');
      expect(stdout).to.match(/\nExample:\n {2}\$ .*capstan /);
      expect(stdout).to.match(/--output <format>/);
      expect(stdout).to.match(/--quiet/);
    });
  }

  it('marks the options that have to be given', async () => {
    const { stdout } = await capstan('deploy', '--help');
    expect(stdout).to.match(/--env <env> +the environment \(required\)\n/);
    expect(stdout.match(/\(required\)/g)).to.have.length(1);
  });

  const wrong: readonly (readonly [argv: readonly string[], says: RegExp])[] = [
    [['statos'], /unknown command 'statos'\n\(Did you mean status\?\)/],
    [
      ['rollout', 'sho', 'r1'],
      /unknown command 'sho'\n\(Did you mean show\?\)|unknown command 'sho'\nSee `capstan rollout --help`\./,
    ],
    [['status', '--evn', 'x'], /unknown option '--evn'\n/],
    [['deploy', 'web@1'], /required option '--env <env>' not specified\nSee `capstan deploy --help`\./],
    [['check', 'record', 'web@1', 'smoke'], /--passed or --failed/],
    [['check', 'record', 'web@1', 'smoke', '--passed', '--failed'], /cannot be used with option '--failed'/],
    [['check', 'record', 'web@1', 'a b', '--passed'], /The name of a check is/],
    [['promote', 'web@1'], /required option '--to <env>' not specified/],
    [['deploy', 'web', '--env', 'x'], /Give it as APP@VERSION/],
    [['deploy', 'Web@1', '--env', 'x'], /A name is lower-case/],
    [['deploy', 'web@1', '--env', 'x', '--config', '0'], /Give a whole number above 0/],
    [['config', 'list', 'web'], /Give it as APP\/ENV, such as web\/production/],
    [['config', 'show', 'web/a/b', '1'], /Give it as APP\/ENV/],
    [['deploy', 'web@1', '--env', 'x', '--timeout', '5'], /Give a duration such as/],
    [['status', '--output', 'xml'], /Allowed choices are table, json, yaml/],
    [['logs', 'n', 'web', '--bytes', '-1'], /Give a whole number/],
    [['events', '--since', 'yesterday'], /Give a duration such as 1h, or a time/],
    [['publish'], /missing required argument 'dir-or-tarball'|required option/],
    [['status', 'web', 'api'], /too many arguments/],
    [['completion', 'tcsh'], /Allowed choices are bash, zsh, fish/],
    [
      ['status'],
      /There is no token of yours for the coordinator at 127\.0\.0\.1:7601\.\nKeep yours with `capstan login`; or give the file/,
    ],
    [
      ['status', '--insecure-loopback', '--coordinator', 'nowhere'],
      /"nowhere" is not the address of a coordinator/,
    ],
    [['status', '--insecure-loopback', '--coordinator', 'example.org:1'], /must be on this machine/],
    [['login'], /Nothing says which coordinator/],
    [['login', '--coordinator', 'a:1', '--context', '../a'], /cannot be the name of a context/],
    [['operator', 'create', 'Ann', '--role', 'admin'], /A name is 1 to 63 lower-case/],
    [
      ['operator', 'create', 'ann', '--role', 'root'],
      /Allowed choices are viewer, deployer, approver, admin/,
    ],
    [['status', '--insecure-loopback', '--token-file', 'x'], /A token is of no use here/],
    [['publish', '.', '--app', 'web', '--version', '1', '--key', 'k'], /The key k cannot be read \(ENOENT\)/],
  ];
  for (const [argv, says] of wrong) {
    it(`refuses capstan ${argv.join(' ')} with exit 2, as text and as JSON`, async () => {
      const text = await capstan(...argv);
      expect(text.code).to.equal(2);
      expect(text.stdout).to.equal('');
      expect(text.stderr)
        .to.match(/^capstan: /)
        .and.to.match(says);
      if (argv.includes('--output')) return;
      const json = await capstan(...argv, '--output', 'json');
      expect(json.code).to.equal(2);
      const { error } = JSON.parse(json.stderr) as {
        error: { code: string; message: string; hint?: string };
      };
      expect(error.code).to.equal('invalid');
      expect(`${error.message}\n${error.hint ?? ''}`).to.match(says);
    });
  }

  it('tells no token from one that cannot be one', () => {
    expect(() => soundToken(' \n')).to.throw('No token was given.');
    expect(() => soundToken('a b')).to.throw('What was given as a token cannot be one.');
  });

  it('without a command says what there is, exit 2', async () => {
    const { code, stderr } = await capstan();
    expect(code).to.equal(2);
    expect(stderr).to.match(/^Usage: capstan/);
  });

  it('prints its version also for --version, which people try first', async () => {
    const { code, stdout } = await capstan('--version');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^capstan \d/);
  });

  it('prints its version', async () => {
    const { code, stdout } = await capstan('version', '--output', 'json');
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.have.keys('version', 'nodeVersion');
  });

  it('keeps the exit codes of the contract', () => {
    expect(exitCodes).to.deep.include({
      failed: 1,
      invalid: 2,
      unreachable: 3,
      refused: 4,
      conflict: 4,
      notFound: 5,
    });
  });
});
