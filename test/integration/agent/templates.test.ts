import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { AppStatus } from '../../../shared/model/node-status.js';
import { eventually } from '../../support/eventually.js';
import { makeNode, type Node, serverFiles } from './harness.js';

const open = '$' + '{';
const restart = { drain: false, restart: true, minHealthyTimeMs: 100, healthDeadlineMs: 5000 };

/** A release whose server answers what was rendered. */
function files(version: string, templates: string, more: Readonly<Record<string, string>> = {}) {
  const server = "const rendered = require('node:fs').readFileSync('etc/app.conf', 'utf8');";
  const made = serverFiles(version, { server, spec: `config: { COLOUR: red }\ntemplates: ${templates}` });
  const text = (made['server.js'] ?? '').replace(`end('${version}')`, 'end(rendered)');
  return { ...made, 'server.js': text, ...more };
}
const one = '[{ from: etc/app.conf.in, to: etc/app.conf }]';
const template = (text: string) => ({ 'etc/app.conf.in': text });

describe('an agent renders the templates of a release', () => {
  let node: Node;
  beforeEach(async () => {
    node = await makeNode();
    await mkdir(join(node.dir, 'conf.d'));
    await node.start();
  });
  const conf = (env: string): Promise<void> =>
    writeFile(
      join(node.dir, 'conf.d/node.yml'),
      `apiVersion: capstan/v1\nkind: Node\napplications: { web: { env: ${env} } }\n`,
    );
  const deploy = async (
    version: string,
    made: Readonly<Record<string, string>>,
    config: Readonly<Record<string, string>> = {},
  ): Promise<AppStatus> => {
    const release = await node.release(version, made);
    return node.coordinator.settled('web', node.deploy(release, { config }));
  };
  const remarks = () =>
    node
      .agent()
      .logs()
      .filter(({ event }) => event === 'stage.remark');

  it('with the values of release, environment and node, anew when it is restarted', async () => {
    const text = `$${open}COLOUR} ${open}COLOUR} ${open}SECRET} ${open}PORT} ${open}CAPSTAN_RELEASE}\n`;
    const made = files('1', one, template(text));
    const config = { SECRET: `${open}PORT}$1`, UNASKED: 'x' };
    expect(await deploy('1', made, config)).to.include({ phase: 'healthy' });
    expect(await node.ask()).to.equal(`${open}COLOUR} red ${open}PORT}$1 ${node.port} 1\n`);
    const place = join(node.home, await node.current(), 'etc/app.conf');
    expect((await stat(place)).mode & 0o7777).to.equal(0o640);

    await conf('{ SECRET: changed }');
    await node.agent().waitFor('conf.applied');
    expect(await readFile(place, 'utf8'), 'a live tree is left alone').to.include('$1');
    const release = await node.release('1', made);
    const again = await node.coordinator.settled(
      'web',
      node.deploy(release, { config, activation: restart }),
    );
    expect(again).to.include({ phase: 'healthy' });
    expect(await node.ask()).to.include(' changed ');

    expect(await deploy('2', files('2', one, template('two')))).to.include({ phase: 'healthy' });
    expect(await node.ask()).to.equal('two');
    const back = await node.coordinator.settled('web', node.deploy(release, { config }));
    expect(back).to.include({ phase: 'healthy' });
    expect(await node.ask()).to.include(' changed ');
    expect(remarks(), 'what was rendered is not taken for damage').to.deep.equal([]);
  }).timeout(60_000);

  it('and stops nothing if a value is missing, or a template cannot be used', async () => {
    await deploy('1', files('1', one, template('one')));
    const { pid } = await node.service();
    const faults: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
      ['2', files('2', one, template(`${open}NOBODY_GIVES}`)), /refers to \$\{NOBODY_GIVES\}, and neither/],
      ['3', files('3', one, template(`${open}PATH}`)), /refers to \$\{PATH\}/],
      [
        '4',
        files('4', one, template(`a\n\n${open}COLOUR`)),
        /etc\/app.conf.in:3 cannot be used: a "\$\{" is not/,
      ],
      ['5', files('5', one), /etc\/app.conf.in cannot be used: the release has no such file$/],
      [
        '6',
        files('6', one, { ...template('x'), 'etc/app.conf': 'its own' }),
        /cannot be rendered to etc\/app.conf, for the release has a file of its own there/,
      ],
      ['7', files('7', one, template('x'.repeat(600_000))), /600000 bytes; at most/],
    ];
    for (const [version, made, says] of faults) {
      const status = await deploy(version, made);
      expect(status, version).to.include({ phase: 'failed', ready: true, health: 'healthy' });
      expect(status.failure?.step, version).to.equal('preflight');
      expect(status.failure?.reason, version).to.match(says);
    }
    expect((await node.service()).pid).to.equal(pid);
    expect(await node.ask()).to.equal('one');
  }).timeout(60_000);

  it('and reads none that the application could have put there', async () => {
    const source = join(node.dir, 'sources/1');
    await mkdir(join(source, 'uploads'), { recursive: true });
    await symlink('uploads', join(source, 'etc'));
    await writeFile(join(source, 'uploads/keep'), '');
    const made = files('1', '[{ from: etc/app.conf.in, to: app.conf }]\nshared: { dirs: [uploads] }');
    await mkdir(join(node.home, 'shared/uploads'), { recursive: true });
    await writeFile(join(node.dir, 'secret'), 'of the host');
    await symlink(join(node.dir, 'secret'), join(node.home, 'shared/uploads/app.conf.in'));
    const status = await deploy('1', made);
    expect(status.failure?.reason).to.match(/not in the release itself, but behind a link/);

    const over = {
      ...serverFiles('2', { spec: 'templates: [{ from: a.in, to: etc/deep/app.conf }]' }),
      'a.in': 'a',
    };
    await mkdir(join(node.dir, 'sources/2'), { recursive: true });
    await symlink('bin', join(node.dir, 'sources/2/etc'));
    const second = await deploy('2', { ...over, 'bin/x': '' });
    expect(second.failure?.reason).to.match(/rendered to etc\/deep\/app.conf, for etc is not a directory/);
  });

  it('into folders that the release does not have, and finds its own again', async () => {
    const made = files('1', '[{ from: a.in, to: etc/app.conf }, { from: a.in, to: x/y/z, mode: "0600" }]', {
      'a.in': `${open}COLOUR}`,
    });
    await deploy('1', made, { COLOUR: 'blue' });
    const dir = join(node.home, await node.current());
    expect(await readFile(join(dir, 'x/y/z'), 'utf8')).to.equal('blue');
    expect((await stat(join(dir, 'x/y/z'))).mode & 0o7777).to.equal(0o600);
    node.agent().kill('SIGKILL');
    await node.agent().exited;
    await node.start();
    const release = await node.release('1', made);
    const generation = node.deploy(release, { config: { COLOUR: 'blue' }, activation: restart });
    expect(await node.coordinator.settled('web', generation)).to.include({ phase: 'healthy' });
    await eventually(async () => (await node.ask()) === 'blue');
    expect(remarks()).to.deep.equal([]);
  });
});
