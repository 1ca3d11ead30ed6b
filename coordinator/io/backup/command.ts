import { resolve } from 'node:path';
import { epochText } from '../../../shared/core/epoch.js';
import { errorText } from '../../../shared/core/error-text.js';
import { exitCodes } from '../../../shared/core/exit-codes.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Random } from '../../../shared/ports/random.js';
import { plural } from '../../core/rollout/explain/sentences.js';
import { databaseUrl } from '../db/url.js';
import { backupHelp, restoreHelp } from './help.js';
import type { BackupManifest } from './manifest.js';
import { type RestoreDone, restoreBackup } from './restore.js';
import { type Backup, takeBackup } from './take.js';
import { type OwnWords, ownWords } from './words.js';

/** Of the settings, what the two commands go by; whatever else there is they hand down. */
interface Settings {
  readonly dataDir: string;
  readonly database: string | undefined;
  readonly databaseUrlFile: string | undefined;
  readonly insecureLoopback: boolean;
}

type LoadedSettings<S> =
  | { readonly kind: 'run'; readonly settings: S }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

/** What each of the two takes beside the settings: with a value, or without. */
export const ownFlags = {
  backup: { values: ['to', 'output'], flags: ['force'] },
  restore: { values: ['after', 'output'], flags: [] },
} as const;

interface CommandOptions<S extends Settings> {
  /** What follows the command's word. */
  readonly argv: readonly string[];
  readonly load: (argv: readonly string[]) => LoadedSettings<S>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Where operators reach the coordinator from this host. */
  readonly ownAddress: (settings: S) => string;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'hex'>;
}

/** @returns the exit code */
export const backupCommand = <S extends Settings>(options: CommandOptions<S>): Promise<number> =>
  carryOut(options, { ...ownFlags.backup, help: backupHelp }, async (words, settings) => {
    const to = words.values.get('to') ?? words.first;
    if (to === undefined)
      throw wrong('Say where the backup is to be put: --to FILE, or --to FOLDER.', 'backup');
    const backup = await takeBackup(
      {
        ...placesOf(settings),
        ...{ address: options.ownAddress(settings), insecureLoopback: settings.insecureLoopback },
        ...{ to, force: words.flags.has('force'), settings: openSettings(settings) },
      },
      options.clock,
    );
    return { json: backupJson(backup), text: backupText(backup) };
  });

/** @returns the exit code */
export const restoreCommand = <S extends Settings>(options: CommandOptions<S>): Promise<number> =>
  carryOut(options, { ...ownFlags.restore, help: restoreHelp }, async (words, settings) => {
    const { first } = words;
    if (first === undefined) throw wrong('Name the backup: capstan-coordinator restore FILE.', 'restore');
    const after = Number(words.values.get('after') ?? 0);
    if (!Number.isSafeInteger(after) || after < 0)
      throw wrong('--after needs the number of an epoch.', 'restore');
    const places = placesOf(settings);
    const done = await restoreBackup({ ...places, file: resolve(first), after }, options);
    return { json: restoreJson(done, places.dataDir), text: restoreText(done, places.dataDir) };
  });

async function carryOut<S extends Settings>(
  { argv, load, stdout, stderr }: CommandOptions<S>,
  own: { readonly values: readonly string[]; readonly flags: readonly string[]; readonly help: string },
  run: (words: OwnWords, settings: S) => Promise<{ readonly json: object; readonly text: string }>,
): Promise<number> {
  let asJson = false;
  try {
    const words = ownWords(argv, own);
    const output = words.values.get('output') ?? 'text';
    if (output !== 'text' && output !== 'json') throw wrong('--output is text or json.');
    asJson = output === 'json';
    const loaded = load(words.rest);
    if (loaded.kind !== 'run') {
      stdout(own.help);
      return 0;
    }
    const { json, text } = await run(words, loaded.settings);
    stdout(asJson ? `${JSON.stringify(json)}\n` : text);
    return 0;
  } catch (thrown) {
    const error = CapstanError.from(thrown);
    const { code, message, hint } = error;
    const told = { code, message, ...(hint === undefined ? {} : { hint }) };
    stderr(asJson ? `${JSON.stringify({ error: told })}\n` : `capstan-coordinator: ${errorText(error)}\n`);
    return exitCodes[code];
  }
}

const wrong = (message: string, word?: string): CapstanError =>
  new CapstanError(
    'invalid',
    message,
    word === undefined ? {} : { hint: `See \`capstan-coordinator ${word} --help\`.` },
  );

const placesOf = (settings: Settings): { readonly dataDir: string; readonly url: string } => ({
  dataDir: resolve(settings.dataDir),
  url: databaseUrl(settings),
});

/** Without what may hold a password. */
function openSettings(settings: Settings): Readonly<Record<string, unknown>> {
  const { database, ...open } = settings;
  return { ...open, database: database?.startsWith('sqlite:') === false ? 'postgres' : database };
}

const timeOf = (ms: number): string => new Date(ms).toISOString();

const lastEventText = ({ lastEvent: { position, hash } }: BackupManifest): string =>
  position === 0 ? 'no events' : `events up to ${position} (${hash})`;

const backupJson = ({ file, size, sha256, manifest }: Backup) => ({
  ...{ file, size, sha256, takenAt: timeOf(manifest.takenAt), version: manifest.version },
  ...{ database: manifest.database, epoch: manifest.epoch, lastEvent: manifest.lastEvent },
  files: manifest.files,
});

function backupText({ file, size, sha256, manifest }: Backup): string {
  const lines = [
    `${file}: ${size} bytes, sha256 ${sha256}`,
    ...manifest.files.map((inside) => `  ${inside.path}, ${inside.size} bytes`),
  ];
  if (manifest.database === 'sqlite') lines.push(`  with ${lastEventText(manifest)}`);
  else lines.push('  without the database, which is PostgreSQL: copy it with pg_dump, right after this');
  lines.push('Releases are not in it: they are in the store.');
  const isWhole = manifest.files.some(({ path }) => path === 'ca/ca.key');
  if (isWhole) lines.push('It holds the key that every node trusts: keep it where nobody else can read it.');
  return `${lines.join('\n')}\n`;
}

const restoreJson = ({ manifest, epoch, applications, nodes }: RestoreDone, dataDir: string) => ({
  ...{ dataDir, takenAt: timeOf(manifest.takenAt), version: manifest.version },
  ...{ epoch, applications, nodes, lastEvent: manifest.lastEvent },
  files: manifest.files.map(({ path }) => path),
});

function restoreText({ manifest, epoch, applications, nodes }: RestoreDone, dataDir: string): string {
  const taken = timeOf(manifest.takenAt);
  const events = manifest.database === 'sqlite' ? `, ${lastEventText(manifest)}` : '';
  return `Restored into ${dataDir} what was backed up at ${taken}: ${plural(applications, 'application')}, ${plural(nodes, 'node')}${events}.
It begins ${epochText(epoch)} (${epoch}).

Next:
  1. Make sure that the coordinator which this one replaces does not come back.
  2. Start this one, with the settings that it had. All applications are frozen, and nodes hold what they have.
  3. Look: capstan events verify; capstan status; capstan why APP/ENV says what nodes run that is not known here.
  4. Enrol again what enrolled after ${taken}, and revoke again what was revoked after it.
  5. Then thaw (capstan env thaw APP --force --reason TEXT), and deploy what is to run.
docs/backup.md has each step.
`;
}
