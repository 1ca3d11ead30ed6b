import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { CapstanError } from '../../../shared/model/errors.js';
import {
  address,
  byteRate,
  duration,
  flag,
  integer,
  list,
  megabytes,
  pairs,
  path,
  text,
} from '../../../shared/settings/kinds.js';
import { loadSettings } from '../../../shared/settings/load.js';
import { tempDir } from '../../support/temp-dir.js';

const program = { name: 'capstan-example', summary: 'Does an example.' };
const table = {
  dataDir: path({ fallback: '/var/lib/example', help: 'Where things are.' }),
  name: text({ fallback: undefined, help: 'What it is called.' }),
  agentListen: address({ fallback: { host: '0.0.0.0', port: 7600 }, help: 'Where to listen.' }),
  insecureLoopback: flag({ help: 'No TLS.' }),
  hold: duration({ fallback: 50_000, minMs: 1000, help: 'How long to hold.' }),
  slots: integer({ fallback: 4, min: 1, max: 16, help: 'How many at once.' }),
  coordinator: list({
    help: 'Where to go.',
    placeholder: 'HOST:PORT',
    check: (entry) => (entry.includes(':') ? undefined : 'must be HOST:PORT'),
  }),
  label: pairs({ help: 'What it is.' }),
  rate: byteRate({ help: 'How fast.' }),
  spareMb: megabytes({ fallback: 256, min: 1, max: 10_000, help: 'What to leave free.' }),
};

const load = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const loaded = loadSettings(program, table, argv, env);
  if (loaded.kind !== 'run') throw new Error(`it wants to print its ${loaded.kind}`);
  return loaded.settings;
};

async function fileWith(content: string): Promise<string> {
  const file = join(await tempDir(), 'settings.yml');
  await writeFile(file, content);
  return file;
}

describe('loadSettings', () => {
  it('has defaults for everything', () => {
    expect(load([])).to.deep.equal({
      dataDir: '/var/lib/example',
      name: undefined,
      agentListen: { host: '0.0.0.0', port: 7600 },
      insecureLoopback: false,
      hold: 50_000,
      slots: 4,
      coordinator: [],
      label: {},
      rate: 0,
      spareMb: 256,
    });
  });

  it('takes the file, then the environment, then the flags', async () => {
    const config = await fileWith(
      'data-dir: /file\nhold: 10s\nslots: 2\nlabel: { zone: a, rack: 7 }\ncoordinator: [a:1]\n',
    );
    const argv = ['--config', config, '--data-dir=/flag', '--coordinator', 'b:1', '--coordinator=c:2'];
    const settings = load(argv, {
      CAPSTAN_DATA_DIR: '/variable',
      CAPSTAN_HOLD: '20s',
      CAPSTAN_HOOK: 'ignored',
    });
    expect(settings.dataDir).to.equal('/flag');
    expect(settings.hold).to.equal(20_000);
    expect(settings.slots).to.equal(2);
    expect(settings.label).to.deep.equal({ zone: 'a', rack: '7' });
    expect(settings.coordinator).to.deep.equal(['b:1', 'c:2']);
  });

  it('reads lists, maps and switches from variables', () => {
    const settings = load([], {
      CAPSTAN_COORDINATOR: 'a:1,b:2',
      CAPSTAN_LABEL: 'zone=a,role=web',
      CAPSTAN_INSECURE_LOOPBACK: '1',
    });
    expect(settings.coordinator).to.deep.equal(['a:1', 'b:2']);
    expect(settings.label).to.deep.equal({ zone: 'a', role: 'web' });
    expect(settings.insecureLoopback).to.equal(true);
    expect(load(['--no-insecure-loopback'], { CAPSTAN_INSECURE_LOOPBACK: '1' }).insecureLoopback).to.equal(
      false,
    );
  });

  it('takes the name of the file from CAPSTAN_CONFIG, and an empty variable for none', async () => {
    const config = await fileWith('slots: 3\n');
    expect(load([], { CAPSTAN_CONFIG: config, CAPSTAN_NAME: '' }).slots).to.equal(3);
  });

  it('reads addresses of both kinds, and port 0', () => {
    expect(load(['--agent-listen', '[::1]:0']).agentListen).to.deep.equal({ host: '::1', port: 0 });
    expect(load(['--agent-listen', 'localhost:1']).agentListen).to.deep.equal({ host: 'localhost', port: 1 });
  });

  it('reads amounts with and without units', async () => {
    const amounts = (argv: readonly string[]) => {
      const { rate, spareMb } = load(argv);
      return { rate, spareMb };
    };
    expect(amounts(['--rate', '50MB', '--spare-mb', '2MB'])).to.deep.equal({ rate: 50e6, spareMb: 2 });
    expect(amounts(['--rate', '500', '--spare-mb', '2'])).to.deep.equal({ rate: 500, spareMb: 2 });
    const config = await fileWith('rate: 2000\nspare-mb: 1.5GB\n');
    expect(amounts(['--config', config])).to.deep.equal({ rate: 2000, spareMb: 1500 });
  });

  it('describes itself', () => {
    const loaded = loadSettings(program, table, ['--help'], {});
    expect(loaded.kind === 'help' && loaded.text).to.match(
      /--data-dir PATH\n +Where things are\. Default: \/var\/lib\/example\. \(CAPSTAN_DATA_DIR\)/,
    );
    expect(loaded.kind === 'help' && loaded.text).to.include('--coordinator HOST:PORT   (may be repeated)');
    expect(loadSettings(program, table, ['--version'], {}).kind).to.equal('version');
  });

  const wrong: readonly (readonly [
    argv: readonly string[],
    env: Readonly<Record<string, string>>,
    says: RegExp,
  ])[] = [
    [['--dat-dir', 'x'], {}, /^Unknown setting --dat-dir\./],
    [['--no-data-dir'], {}, /^Unknown setting --no-data-dir\./],
    [['--data-dir'], {}, /^--data-dir needs a value\./],
    [['--data-dir', '--hold', '1s'], {}, /^--data-dir needs a value\./],
    [['--agent-listen', 'nowhere'], {}, /^--agent-listen must be HOST:PORT.*"nowhere"/],
    [[], { CAPSTAN_AGENT_LISTEN: 'a:70000' }, /^CAPSTAN_AGENT_LISTEN must be HOST:PORT/],
    [['--hold', '10'], {}, /^--hold must be a duration/],
    [['--hold', '1ms'], {}, /^--hold must be from 1s to 30d/],
    [['--slots', '17'], {}, /^--slots must be a whole number from 1 to 16/],
    [['--slots', '1e1'], {}, /^--slots must be a whole number/],
    [['--rate', 'much'], {}, /^--rate must be an amount for each second/],
    [['--spare-mb', '20000'], {}, /^--spare-mb must be whole megabytes .* from 1MB to 10000MB/],
    [['--spare-mb', '0'], {}, /^--spare-mb must be whole megabytes/],
    [['--spare-mb', '1500KB'], {}, /^--spare-mb must be whole megabytes/],
    [['--coordinator', 'a'], {}, /^--coordinator must be HOST:PORT/],
    [['--label', 'zone'], {}, /^--label must be KEY=VALUE, not "zone"/],
    [['--insecure-loopback=perhaps'], {}, /^--insecure-loopback must be true or false/],
    [['start'], {}, /^"start" is not expected/],
  ];
  for (const [argv, env, says] of wrong) {
    it(`refuses ${JSON.stringify(argv)} ${JSON.stringify(env)}`, () => {
      const error = failure(() => load(argv, env));
      expect(error.code).to.equal('invalid');
      expect(error.message).to.match(says);
    });
  }

  const files: readonly (readonly [content: string, line: number, column: number, says: RegExp])[] = [
    ['slots: 2\ndatadir: /x\n', 2, 1, /^Unknown setting "datadir"\./],
    ['slots: 2\nhold: 10\n', 2, 7, /^hold must be a duration/],
    ['slots: many\n', 1, 8, /^slots must be a whole number/],
    ['coordinator:\n  - a\n', 2, 3, /^coordinator must be HOST:PORT/],
    ['- slots\n', 1, 1, /must be a map of settings/],
    ['slots: 2\n---\nslots: 3\n', 3, 1, /one document only/],
    ['slots: [\n', 2, 1, /Not valid YAML/],
  ];
  for (const [content, line, column, says] of files) {
    it(`refuses the file ${JSON.stringify(content)} with line and column`, async () => {
      const file = await fileWith(content);
      const error = failure(() => load(['--config', file]));
      expect(error.message).to.match(says);
      expect(error.location).to.deep.equal({ file, line, column });
    });
  }

  it('refuses a file that is not there', () => {
    const error = failure(() => load(['--config', '/nowhere/settings.yml']));
    expect(error.message).to.equal('The configuration file is not there.');
    expect(error.location).to.deep.equal({ file: '/nowhere/settings.yml' });
  });
});

function failure(body: () => unknown): CapstanError {
  try {
    body();
  } catch (thrown) {
    if (thrown instanceof CapstanError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}
