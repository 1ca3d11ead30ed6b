import { chmod, copyFile, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { AppName, ReleaseVersion } from '../../../shared/model/ids.js';
import type { AppStatus } from '../../../shared/model/node-status.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { eventually } from '../../support/eventually.js';
import { newKey, type SigningKey, signed } from '../../support/signing.js';
import { makeNode, type Node, serverFiles } from './harness.js';

const [one, two, stranger] = [newKey(), newKey(), newKey()];

describe('which releases a node runs', () => {
  let node: Node;
  beforeEach(async () => {
    node = await makeNode();
    await mkdir(join(node.dir, 'conf.d'));
  });

  const release = (version: string, more?: Parameters<typeof serverFiles>[1]): Promise<ReleaseRef> =>
    node.release(version, serverFiles(version, more));
  const write = (text: string): Promise<void> =>
    writeFile(join(node.dir, 'conf.d/trust.yml'), `apiVersion: capstan/v1\nkind: Node\n${text}\n`);
  const trustText = (keys: readonly SigningKey[], threshold = 1): string =>
    `trust: { keys: ['${keys.map(({ key }) => key).join("', '")}'], threshold: ${threshold} }`;
  const trust = (...keys: readonly SigningKey[]): Promise<void> => write(trustText(keys));
  /** While the agent runs. */
  const change = async (text: string): Promise<void> => {
    const applied = (): number =>
      node
        .agent()
        .logs()
        .filter(({ event }) => event === 'conf.applied').length;
    const before = applied();
    await write(text);
    await eventually(() => applied() > before, { what: 'conf.d to be applied' });
  };
  const deploy = (ref: ReleaseRef, more?: Parameters<Node['deploy']>[1]): Promise<AppStatus> =>
    node.coordinator.settled('web', node.deploy(ref, more));
  const refusal = async (ref: ReleaseRef): Promise<string> => {
    // Whoever would fetch anything of it would wait for this store for ever.
    const status = await deploy(ref, { stores: [`file:${join(node.dir, 'no-store')}`] });
    expect(status.phase).to.equal('failed');
    expect(status.failure?.step).to.equal('verify');
    expect(status.staged).to.not.include(ref.digest);
    return status.failure?.reason ?? '';
  };

  it('is nothing unsigned, and nothing signed, where its configuration says nothing', async () => {
    await node.start(['--no-allow-unsigned']);
    const ref = await release('1');
    expect(await refusal(ref)).to.match(
      /^web 1 is not signed, and this node neither trusts a key for web nor allows unsigned releases \(trust and allowUnsigned in the files of .*conf\.d say which may run\)$/,
    );
    expect(await refusal(signed(ref, [one]))).to.match(
      /^web 1 is signed, but this node trusts no key for web/,
    );
    expect(node.coordinator.reports.at(-1)?.allowUnsigned).to.equal(false);
    await change('allowUnsigned: true');
    expect(await deploy(ref)).to.include({ phase: 'healthy' });
    expect(node.coordinator.reports.at(-1)?.allowUnsigned).to.equal(true);
  });

  it('is what a trusted key signed, and nothing else is fetched', async () => {
    await trust(one, two);
    await node.start();
    const ref = await release('1');
    expect(await refusal(ref)).to.match(/not signed, and this node runs only signed releases of web/);
    expect(await refusal(signed(ref, [stranger]))).to.match(/which this node does not trust/);
    const other = await release('2');
    expect(await refusal(signed(ref, [one], 'shop' as AppName))).to.match(/for another application, shop/);
    const { envelope = '' } = signed(ref, [one]);
    expect(await refusal({ ...other, envelope })).to.match(/for another version, 1/);
    // The manifest is swapped, and the version says so too.
    expect(await refusal({ ...other, version: '1' as ReleaseVersion, envelope })).to.match(
      /for other content/,
    );
    expect(await refusal({ ...ref, envelope: '{}' })).to.match(/cannot be read/);
    expect(
      await refusal({ ...ref, envelope: envelope.replace('"sig":"', '"sig":"A').replace('==', '=') }),
    ).to.match(/read|is not one/);
    expect(await readdir(node.home).catch(() => [])).to.not.include('current');
    expect(await deploy(signed(ref, [one]))).to.include({ phase: 'healthy' });
    expect(await node.ask()).to.equal('1');
    expect(node.coordinator.reports.at(-1)?.allowUnsigned).to.equal(false);
  });

  it('is what as many keys signed as it asks for; what an application says of its own comes first', async () => {
    await write(`allowUnsigned: true\napplications: { web: { ${trustText([one, two], 2)} } }`);
    await node.start();
    const ref = await release('1');
    expect(await refusal(ref)).to.match(/is not signed/);
    expect(await refusal(signed(ref, [one, one, stranger]))).to.match(
      /signed by 1 of the 2 trusted keys that this node asks for .*a key that signed twice counts once/,
    );
    expect(await deploy(signed(ref, [two, one]))).to.include({ phase: 'healthy' });
  });

  it('is nothing that was changed in the store after it was signed', async () => {
    await trust(one);
    await node.start();
    const ref = signed(await release('1'), [one]);
    const other = await release('2');
    const [, hex = ''] = ref.digest.split(':');
    const [, otherHex = ''] = other.digest.split(':');
    const object = (name: string): string => join(node.dir, 'store/manifests', name);
    await chmod(object(hex), 0o644);
    await copyFile(object(otherHex), object(hex));
    const status = await deploy(ref);
    expect(status.phase).to.equal('failed');
    expect(status.failure?.reason).to.match(/manifest/);
    expect(status.current).to.equal(undefined);
  });

  it('is nothing signed by a key that was retired; what serves goes on, is restarted, and is gone back to', async () => {
    await trust(one);
    await node.start();
    const first = signed(await release('1'), [one]);
    expect(await deploy(first)).to.include({ phase: 'healthy' });
    await change(trustText([two]));
    const again = signed(await release('2'), [one]);
    expect(await refusal(again)).to.match(/which this node does not trust \(any more\)/);
    expect(await node.ask()).to.equal('1');
    const restart = { drain: false, restart: true, minHealthyTimeMs: 100, healthDeadlineMs: 5000 };
    expect(await deploy(first, { activation: restart })).to.include({ phase: 'healthy' });
    const broken = signed(await release('3', { server: 'process.exit(1);' }), [two]);
    const status = await deploy(broken);
    expect(status).to.include({ phase: 'turnedBack' });
    expect(status.current?.version).to.equal('1');
    expect(await node.ask()).to.equal('1');
  });

  it('goes back to the release before, though nobody signed it, and takes it in no other way', async () => {
    await node.start();
    const before = await release('1');
    expect(await deploy(before)).to.include({ phase: 'healthy' });
    await change(trustText([one]));
    expect(await deploy(signed(await release('2'), [one]))).to.include({ phase: 'healthy' });
    expect(await deploy(before)).to.include({ phase: 'healthy' });
    expect(await node.ask()).to.equal('1');
    const anew = await deploy(before, { config: { COLOUR: 'red' }, configRevision: '11111111' });
    expect(anew.failure?.reason).to.match(/is not signed/);
    expect(await node.ask()).to.equal('1');
  });

  it('is known with its signature by an agent that was killed before it had any of it', async () => {
    await trust(one);
    await node.start();
    const ref = signed(await release('1'), [one]);
    const later = join(node.dir, 'later');
    const generation = node.deploy(ref, { stores: [`file:${later}`] });
    await eventually(() => node.coordinator.latest('web')?.note.includes('trying again') === true, {
      what: 'the agent to miss the store',
    });
    await node.agent().stop('SIGKILL');
    await symlink(join(node.dir, 'store'), later);
    await node.start();
    expect(await node.coordinator.settled('web', generation)).to.include({ phase: 'healthy' });
  });

  it('is judged again when what is staged is activated', async () => {
    await node.start();
    const first = await release('1');
    expect(await deploy(first)).to.include({ phase: 'healthy' });
    const ref = await release('2');
    expect(await deploy(ref, { intent: 'stage' })).to.include({ phase: 'staged' });
    await change(trustText([one]));
    const status = await deploy(ref);
    expect(status.phase).to.equal('failed');
    expect(status.failure).to.include({ step: 'verify' });
    expect(status.failure?.reason).to.match(/web 2 is not signed/);
    expect(await node.ask()).to.equal('1');
    expect(await deploy(signed(ref, [one]))).to.include({ phase: 'healthy' });
    expect(await node.ask()).to.equal('2');
  });
});
