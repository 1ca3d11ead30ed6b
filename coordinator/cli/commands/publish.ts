import type { KeyObject } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { formatBytes } from '../../../shared/core/bytes.js';
import { formatDuration } from '../../../shared/core/duration.js';
import { signersOf } from '../../../shared/core/envelope.js';
import type { Published, PublishProgress } from '../../../shared/distribution/publish.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, Digest, ReleaseVersion } from '../../../shared/model/ids.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import type { OperatorClient } from '../../../shared/wire/operator-client.js';
import { type Act, interruption, type Session } from '../session.js';
import { progressOn } from '../terminal/progress.js';
import { oneLine } from '../terminal/table.js';
import { publishJson, publishText, shortDigest } from '../views/publish.js';
import { example } from './example.js';
import { appName, collect, newIdempotencyKey, version } from './references.js';
import { signingKeys } from './signing-keys.js';

interface Options {
  readonly app: AppName;
  readonly version: ReleaseVersion;
  readonly store?: string;
  readonly base?: 'none' | ReleaseVersion;
  readonly patches: boolean;
  readonly signKey?: readonly string[];
  readonly key?: readonly string[];
}

export function publishCommand(act: Act): Command {
  const command = new Command('publish')
    .description('Makes an immutable release of a directory or a tar file.')
    .argument('<dir-or-tarball>', 'what to publish')
    .requiredOption('--app <app>', 'the application', appName)
    .requiredOption('--version <version>', "the release's version, unique in its application", version)
    .option('--store <url>', "send it to this store (file:/path, s3://bucket/…), not to the coordinator's")
    .option(
      '--base <version|none>',
      'build on the packs of this release; "none": send everything anew (default: the newest release)',
      baseOption,
    )
    .option(
      '--no-patches',
      'make no patch from the release before, which takes time and makes updates smaller',
    )
    .option(
      '--sign-key <file>',
      'sign it with this private key; may be repeated (CAPSTAN_SIGN_KEY_FILE)',
      collect,
    )
    .addOption(new Option('--key <file>', 'the same as --sign-key').argParser(collect).hideHelp())
    .action((source: string, options: Options, self: Command) =>
      act(self, (session) => publish(session, source, options)),
    );
  return example(
    command,
    'capstan publish ./dist --app web --version 1.4.0',
    'capstan publish ./dist --app web --version 1.4.0 --sign-key release.key',
  );
}

/** How long the coordinator may take to check that the store has all of the release. */
const registerDeadlineMs = 60_000;

async function publish(session: Session, source: string, options: Options): Promise<number> {
  const { app, version: wanted } = options;
  const given = [...(options.signKey ?? []), ...(options.key ?? [])];
  const keys = await signingKeys(session, given.length === 0 ? undefined : given);
  if (options.store !== undefined) await requireStore(options.store);
  const client = await session.client();
  const begun = await begin(client, options);
  if (begun.note !== '') session.remark(oneLine(begun.note));
  const { send, bases, lacksZstd } = await prepare(session, client, begun, source, options);
  const { releaseRefToWire } = await import('../../../shared/wire/release-ref.js');
  const register = async ({ ref }: Published) => {
    const release = releaseRefToWire(await signed(ref, app, keys));
    const request = { app, release, idempotencyKey: newIdempotencyKey() };
    return client.call('RegisterRelease', request, { deadlineMs: registerDeadlineMs });
  };
  let published = await send({ evenIfRegistered: false });
  const wasThere = begun.existingDigest === published.ref.digest;
  let repaired = false;
  const answer = await register(published).catch(async (thrown: unknown) => {
    const error = CapstanError.from(thrown);
    if (error.code !== 'notFound') throw error;
    if (!wasThere) throw astray(error, options.store, begun.store);
    repaired = true;
    session.remark(`the store has lost something of ${app}@${wanted}: ${oneLine(error.message)}`);
    published = await send({ evenIfRegistered: true });
    return register(published).catch((again: unknown) => {
      throw astray(CapstanError.from(again), options.store, begun.store);
    });
  });
  for (const warning of published.warnings) session.remark(`warning: ${oneLine(warning)}`);
  if (lacksZstd()) session.remark('no patch was made: this machine has no zstd');
  const existed = answer.existed || wasThere;
  const { assetUrls = {}, release } = answer.release ?? {};
  const signers = signersOf(release?.envelope);
  const outcome = {
    app,
    published,
    existed,
    repaired,
    bases,
    assets: assetUrls,
    signers,
    signs: keys.length > 0,
  };
  await session.print(publishJson(outcome), () => publishText(outcome));
  return 0;
}

/** With the signatures of these keys alone; without keys as it is. */
async function signed(ref: ReleaseRef, app: AppName, keys: readonly KeyObject[]): Promise<ReleaseRef> {
  if (keys.length === 0) return ref;
  const { signStatement } = await import('../../../shared/signing/sign.js');
  const { version: wanted, digest } = ref;
  return { ...ref, envelope: signStatement({ application: app, version: wanted, digest }, keys) };
}

const begin = (client: OperatorClient, { app, version: wanted }: Options) =>
  client.call('BeginPublish', { app, version: wanted });

interface Prepared {
  /** What the new release may build on. */
  readonly bases: readonly ReleaseRef[];
  /** Sends what the store lacks; nothing of what is registered already, unless told so. */
  readonly send: (how: { readonly evenIfRegistered: boolean }) => Promise<Published>;
  /** Whether a patch was not made for that reason. */
  readonly lacksZstd: () => boolean;
}

/** Loads what publishing needs, opens the stores, and finds the bases. */
async function prepare(
  session: Session,
  client: OperatorClient,
  begun: Awaited<ReturnType<typeof begin>>,
  source: string,
  options: Options,
): Promise<Prepared> {
  const { app, version: wanted } = options;
  const { publishRelease } = await import('../../../shared/distribution/publish.js');
  const { objectPath } = await import('../../../shared/distribution/object-key.js');
  const { openStore } = await import('../../../shared/distribution/open-store.js');
  const { loadZstd } = await import('../../../shared/io/zstd.js');
  const { parseReleaseSpec } = await import('../../../shared/spec/release.js');
  const { releaseRefFromWire } = await import('../../../shared/wire/release-ref.js');
  const { env } = session.host;
  const renewTicket = async (): Promise<string> => (await begin(client, options)).ticket;
  const access = { env, ca: await session.ca() };
  const upload = { ...access, ticket: begun.ticket, renewTicket };
  const url = options.store ?? writable(begun.uploadUrl, begun.store);
  const store = openStore(url, options.store === undefined ? upload : access);
  const reader = options.store === undefined && begun.store !== '' ? openStore(begun.store, access) : store;
  const assetStore = begun.assetsUploadUrl === '' ? undefined : openStore(begun.assetsUploadUrl, upload);
  const named = await namedBase(client, options);
  const proposed = options.base === 'none' ? [] : begun.bases.map(releaseRefFromWire);
  const bases = [...named, ...proposed.filter(({ version: other }) => other !== options.base)];
  const progress = progressOn(session.host, { quiet: session.globals.quiet === true, format: formatBytes });
  let noZstd = false;
  const zstd = async (): ReturnType<typeof loadZstd> => {
    const codec = await loadZstd();
    noZstd = codec === undefined;
    return codec;
  };
  const registered = async (digest: Digest): Promise<ReleaseRef | undefined> => {
    if (begun.existingDigest === '') return undefined;
    if (begun.existingDigest !== digest) throw taken(app, wanted, begun.existingDigest, digest);
    const known = await client.call('GetRelease', { app, version: wanted });
    return known.release === null ? undefined : releaseRefFromWire(known.release);
  };
  return {
    bases,
    lacksZstd: () => noZstd,
    async send({ evenIfRegistered }) {
      try {
        return await publishRelease({
          ...{ source, app, version: wanted, store, reader, bases, assetStore },
          ...(options.patches ? { zstd } : {}),
          checkSpec: parseReleaseSpec,
          async findExisting(digest) {
            const ref = await registered(digest); // refuses other content
            return evenIfRegistered ? undefined : ref;
          },
          async claim(keys) {
            await client.call('ClaimObjects', { app, version: wanted, paths: keys.map(objectPath) });
          },
          onProgress({ phase, done, total }) {
            progress.update(phaseWords[phase], done, total);
          },
          onWait(error, waitMs) {
            session.remark(`${error.message}; trying again in ${formatDuration(waitMs)}`);
          },
          signal: session.host.interrupted,
        });
      } catch (error) {
        throw interruption(session, error, 'Publishing was stopped; publish again to go on where it was.');
      } finally {
        progress.end();
      }
    },
  };
}

/** What was sent is not where the coordinator looks: the likeliest reason is that it has another store. */
function astray(error: CapstanError, sentTo: string | undefined, store: string): CapstanError {
  if (sentTo === undefined || error.code !== 'notFound') return error;
  return new CapstanError(error.code, error.message, {
    hint: `It was sent to ${sentTo}, but the coordinator's store is ${store}: start it with --store ${sentTo}, or leave --store out.`,
    cause: error,
  });
}

/**
 * Publishing makes no store where there is none: a slip in its name would fill a disk with what nobody ever reads. Nor
 * does it begin where nothing is taken in.
 * @throws CapstanError `invalid`
 */
async function requireStore(url: string): Promise<void> {
  const { checkStoreUrl, directoryOfStore } = await import('../../../shared/distribution/store-url.js');
  checkStoreUrl('--store', url);
  if (/^https?:/i.test(url)) {
    throw new CapstanError('invalid', '--store: nothing is sent through a web server.', {
      hint: 'Name the directory or the bucket that its files are in: --store file:/path, or --store s3://bucket/prefix.',
    });
  }
  const directory = directoryOfStore(url);
  if (directory === undefined) return;
  const stats = await stat(directory).catch(() => undefined);
  if (stats?.isDirectory() === true) return;
  throw new CapstanError('invalid', `--store: there is no directory ${directory}.`, {
    hint: "Give the directory of the coordinator's store, or leave --store out: then the coordinator takes the release in.",
  });
}

/** Where to send it; the coordinator names no place if it cannot be written to. */
function writable(uploadUrl: string, store: string): string {
  if (uploadUrl !== '') return uploadUrl;
  throw new CapstanError(
    'refused',
    `The coordinator's releases are on a web server, which takes nothing in: ${store}.`,
    {
      hint: 'Name the directory or the bucket behind it: --store file:/path, or --store s3://bucket/prefix.',
    },
  );
}

const baseOption = (text: string): 'none' | ReleaseVersion => (text === 'none' ? text : version(text));

/** The release to build on that was asked for, if any. */
async function namedBase(client: OperatorClient, { app, base }: Options): Promise<readonly ReleaseRef[]> {
  if (base === undefined || base === 'none') return [];
  const { releaseRefFromWire } = await import('../../../shared/wire/release-ref.js');
  const { release } = await client.call('GetRelease', { app, version: base });
  return release === null ? [] : [releaseRefFromWire(release)];
}

const phaseWords: Readonly<Record<PublishProgress['phase'], string>> = {
  unpack: 'unpacking',
  read: 'reading',
  assets: 'uploading assets',
  pack: 'packing',
  patch: 'comparing',
  upload: 'uploading',
};

const taken = (app: string, wanted: string, existing: string, digest: string): CapstanError =>
  new CapstanError(
    'conflict',
    `${app}@${wanted} is published already with other content (${shortDigest(existing)}, this is ${shortDigest(digest)}).`,
    { hint: 'Releases never change: publish this under a new version.' },
  );
