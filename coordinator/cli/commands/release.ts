import { Command, InvalidArgumentError } from 'commander';
import { CapstanError } from '../../../shared/model/errors.js';
import { type Digest, isDigest } from '../../../shared/model/ids.js';
import type { Act, Session } from '../session.js';
import { releaseJson, releaseListText, releaseText } from '../views/catalogue.js';
import { example } from './example.js';
import { exportToFile } from './export.js';
import {
  appName,
  collect,
  newIdempotencyKey,
  positive,
  type ReleaseName,
  releaseName,
} from './references.js';
import { signingKeys } from './signing-keys.js';

export function releaseCommand(act: Act): Command {
  const command = new Command('release').description('Published releases.');
  for (const family of [list, show, signRelease, exportRelease]) command.addCommand(family(act));
  return example(command, 'capstan release list web');
}

function list(act: Act): Command {
  const command = new Command('list')
    .description('Releases, newest first.')
    .argument('[app]', 'one application only', appName)
    .option('--limit <n>', 'at most this many (default: 50)', positive)
    .action((app: string | undefined, options: { readonly limit?: number }, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const { releases } = await client.call('ListReleases', { app: app ?? '', limit: options.limit ?? 0 });
        const values = releases.map(releaseJson);
        await session.print(values, (paint) => releaseListText(values, paint));
        return 0;
      }),
    );
  return example(command, 'capstan release list web --limit 5');
}

function show(act: Act): Command {
  const command = new Command('show')
    .description('One release: its digest, its sizes, where it runs.')
    .argument('<app@version>', 'the release', releaseName)
    .action(({ app, version }: ReleaseName, _options: object, self: Command) =>
      act(self, async (session) => {
        const client = await session.client();
        const value = releaseJson(await client.call('GetRelease', { app, version }));
        await session.print(value, (paint) => releaseText(value, paint));
        return 0;
      }),
    );
  return example(command, 'capstan release show web@1.4.0');
}

interface SignOptions {
  readonly key?: readonly string[];
  readonly digest?: Digest;
}

function signRelease(act: Act): Command {
  const command = new Command('sign')
    .description('Adds your signature to a release that is published.')
    .argument('<app@version>', 'the release', releaseName)
    .option('--key <file>', 'the private key; may be repeated (CAPSTAN_SIGN_KEY_FILE)', collect)
    .option(
      '--digest <digest>',
      'the content that you mean to sign; refused if the release is another',
      digest,
    )
    .action((name: ReleaseName, options: SignOptions, self: Command) =>
      act(self, (session) => sign(session, name, options)),
    );
  return example(command, 'capstan release sign web@1.4.0 --key release.key --digest sha256:3f2a…');
}

async function sign(session: Session, { app, version }: ReleaseName, options: SignOptions): Promise<number> {
  const keys = await signingKeys(session, options.key);
  if (keys.length === 0) {
    throw new CapstanError('invalid', 'No key is given.', {
      hint: 'Give --key FILE or CAPSTAN_SIGN_KEY_FILE; `capstan key generate FILE` makes one.',
    });
  }
  const client = await session.client();
  const { release } = await client.call('GetRelease', { app, version });
  const found = release?.digest ?? '';
  if (!isDigest(found)) throw new CapstanError('corrupt', 'The coordinator gave no digest of the release.');
  if (options.digest === undefined)
    session.remark(
      `signing ${found}, which the coordinator says is ${app}@${version}: --digest makes sure of it`,
    );
  else if (options.digest !== found) {
    throw new CapstanError('refused', `${app}@${version} is other content: ${found}. Nothing was signed.`);
  }
  const { signStatement } = await import('../../../shared/signing/sign.js');
  const envelope = signStatement({ application: app, version, digest: found }, keys);
  const request = { app, version, envelope, idempotencyKey: newIdempotencyKey() };
  const value = releaseJson(await client.call('SignRelease', request));
  await session.print(value, (paint) => releaseText(value, paint));
  return 0;
}

function digest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new InvalidArgumentError(
    'A digest is "sha256:" and 64 hexadecimal digits, as `capstan publish` prints it.',
  );
}

function exportRelease(act: Act): Command {
  const command = new Command('export')
    .description('Writes a release as a plain tar archive.')
    .argument('<app@version>', 'the release', releaseName)
    .argument('<file>', 'the archive to write, - for standard output')
    .option('--store <url>', "read it from this store, not from the coordinator's")
    .action((release: ReleaseName, file: string, options: { readonly store?: string }, self: Command) =>
      act(self, (session) => exportToFile(session, release, file, options.store)),
    );
  return example(
    command,
    'capstan release export web@1.4.0 web.tar',
    'capstan release export web@1.4.0 - | tar -t',
  );
}
