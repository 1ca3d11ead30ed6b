import { open, rename, rm } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { formatBytes } from '../../../shared/core/bytes.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { interruption, type Session } from '../session.js';
import { progressOn } from '../terminal/progress.js';
import { contentText } from '../views/catalogue.js';
import type { ReleaseName } from './references.js';

/** Writes a release as a tar archive: beside the wanted file first, so that a half-written one never has its name. */
export async function exportToFile(
  session: Session,
  name: ReleaseName,
  file: string,
  storeUrl: string | undefined,
): Promise<number> {
  const { app, version } = name;
  const toOutput = file === '-';
  if (toOutput && session.host.stdout.isTerminal) {
    throw new CapstanError('invalid', 'An archive is not written to a terminal.', {
      hint: 'Redirect it, or name a file.',
    });
  }
  const client = await session.client();
  const view = await client.call('GetRelease', { app, version });
  const base = storeUrl ?? view.stores[0];
  if (view.release === null || base === undefined) {
    throw new CapstanError('unavailable', `The coordinator names no store that has ${app}@${version}.`);
  }
  const { exportRelease } = await import('../../../shared/distribution/export.js');
  const { openStore } = await import('../../../shared/distribution/open-store.js');
  const { releaseRefFromWire } = await import('../../../shared/wire/release-ref.js');
  const ref = releaseRefFromWire(view.release);
  const progress = progressOn(session.host, { quiet: session.globals.quiet === true, format: formatBytes });
  const partial = `${file}.${process.pid}.partial`;
  try {
    const to = toOutput ? outputOf(session) : (await open(partial, 'w')).createWriteStream();
    const store = openStore(base, { env: session.host.env, ca: await session.ca() });
    await exportRelease(store, ref, to, {
      signal: session.host.interrupted,
      onProgress: (bytes) => {
        progress.update('exporting', bytes, ref.contentSize);
      },
    });
    if (!toOutput) await rename(partial, file);
  } catch (error) {
    if (!toOutput) await rm(partial, { force: true });
    const known = view.retiredAt === '' ? error : givenUpError(error, name, view.retiredAt);
    throw interruption(session, fileError(known, file), 'The export was stopped; nothing was written.');
  } finally {
    progress.end();
  }
  if (toOutput) return 0;
  const value = {
    app,
    version,
    digest: ref.digest,
    file,
    contentSize: ref.contentSize,
    fileCount: ref.fileCount,
  };
  await session.print(value, () => `Wrote ${app}@${version} to ${file}: ${contentText(ref)}.\n`);
  return 0;
}

/** Standard output as a stream that can be ended without closing it. */
function outputOf({ host }: Session): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      host.stdout.writeBytes(chunk).then(() => {
        done();
      }, done);
    },
  });
}

/** What was given up may be there for a while yet; where it is not, that is why. */
function givenUpError(error: unknown, { app, version }: ReleaseName, retiredAt: string): unknown {
  if (!(error instanceof CapstanError) || error.code !== 'notFound') return error;
  const message = `${app}@${version} was given up on ${retiredAt.slice(0, 10)}: the store no longer has all of it.`;
  return new CapstanError('refused', message, {
    hint: `Publish the same content again with \`capstan publish DIR --app ${app} --version ${version}\`.`,
    cause: error,
  });
}

function fileError(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof CapstanError || !['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EROFS'].includes(code))
    return error;
  return new CapstanError('invalid', `${file} cannot be written (${code}).`, {
    hint: 'Name a file in a directory that is there and may be written to.',
    cause: error,
  });
}
