import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { complete, type NameKind } from '../../../coordinator/cli/completion/complete.js';
import { completionScript } from '../../../coordinator/cli/completion/scripts.js';
import type { Host } from '../../../coordinator/cli/host.js';
import { buildProgram } from '../../../coordinator/cli/program.js';

const out = {
  isTerminal: false,
  columns: 80,
  rows: 24,
  write: () => undefined,
  writeBytes: () => Promise.resolve(),
};
const host: Host = {
  env: {},
  stdout: out,
  stderr: out,
  home: '/',
  user: 'tester',
  interrupted: new AbortController().signal,
};
const program = buildProgram(() => Promise.resolve(), host, { silentErrors: true });

const names: Readonly<Record<NameKind, readonly string[]>> = {
  apps: ['web', 'api'],
  environments: ['staging', 'production'],
  places: ['web/staging', 'web/production'],
  releases: ['web@1.4.0', 'web@1.3.2'],
  rollouts: ['r1'],
  nodes: ['web-a-1', 'web-b-1'],
  subjects: ['web-a-1', 'r1', 'web/production', 'web', 'web@1.4.0'],
  checks: ['smoke', 'acceptance'],
  consumers: ['chat'],
  tokens: ['1f2e3d4c5b6a'],
  operators: ['ann'],
};
const words = (...line: readonly string[]): Promise<readonly string[]> =>
  complete(program, line, (kind) => Promise.resolve(names[kind]));

describe('completion', () => {
  it('completes commands and their families, and not the hidden ones', async () => {
    expect(await words('ro')).to.deep.equal(['rollback', 'rollout']);
    expect(await words('rollout', 're')).to.deep.equal(['resume', 'release', 'retry']);
    expect(await words('_')).to.deep.equal([]);
  });

  it('completes options, of the command and of all commands', async () => {
    expect(await words('deploy', '--r')).to.deep.equal(['--reason']);
    expect(await words('deploy', 'web@1', '--ou')).to.deep.equal(['--output']);
    expect(await words('status', '--tok')).to.deep.equal(['--token-file']);
  });

  it('completes values that are known, and names that the coordinator knows', async () => {
    expect(await words('status', '--output', 'j')).to.deep.equal(['json']);
    expect(await words('completion', '')).to.deep.equal(['bash', 'zsh', 'fish']);
    expect(await words('deploy', 'web@1.4')).to.deep.equal(['web@1.4.0']);
    expect(await words('config', 'show', 'web/p')).to.deep.equal(['web/production']);
    expect(await words('apply', '--remove', 'web/s')).to.deep.equal(['web/staging']);
    expect(await words('deploy', 'web@1.4.0', '--env', 'p')).to.deep.equal(['production']);
    expect(await words('rollout', 'retry', 'r1', 'web-a-1', 'web-b')).to.deep.equal(['web-b-1']);
    expect(await words('check', 'record', 'web@1.4.0', 's')).to.deep.equal(['smoke']);
    expect(await words('promote', 'web@1.4.0', '--to', 's')).to.deep.equal(['staging']);
    expect(await words('why', 'web/')).to.deep.equal(['web/production']);
    expect(await words('logs', 'web-a-1', '')).to.deep.equal(['web', 'api']);
  });

  it('leaves files to the shell', async () => {
    expect(await words('apply', '-f', '')).to.deep.equal([]);
    expect(await words('publish', 'di')).to.deep.equal([]);
  });

  it('prints a script for bash that bash can read and that replaces the right part of the word', () => {
    const script = `capstan() { printf '%s\\n' web@1.4.0 web@1.3.2; }
${completionScript('bash')}
COMP_LINE='capstan deploy web@1' COMP_POINT=20 COMP_CWORD=4
COMP_WORDS=(capstan deploy web @ 1)
_capstan
printf '%s,' "\${COMPREPLY[@]}"`;
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).to.equal('1.4.0,1.3.2,');
  });

  it('prints scripts for zsh and fish', () => {
    expect(completionScript('zsh')).to.match(/^#compdef capstan\n/);
    expect(completionScript('fish')).to.include("complete -c capstan -f -a '(__capstan_complete)'");
  });
});
