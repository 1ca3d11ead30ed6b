import { agentLauncher, type ReleaseSpec } from '../../model/release-spec.js';
import type { Entry } from '../../release/manifest.js';
import { parentOf } from '../../release/path-rules.js';
import type { PathFault } from './inner-paths.js';

/** What the release has at a path; undefined: nothing. */
export type EntryAt = (path: string) => Entry | undefined;

/**
 * What a spec says of the release's own tree that is not so, the first that is found. What a hook after staging may
 * make is not missed, nor what lies behind a link, or is shared or rendered.
 */
export function treeFault(spec: ReleaseSpec, entryAt: EntryAt): PathFault | undefined {
  const { shared, templates = [], hooks } = spec;
  const placed = [...shared.dirs, ...shared.files, ...templates.map(({ to }) => to)];
  const isPlaced = (path: string): boolean =>
    placed.some((place) => path === place || path.startsWith(`${place}/`));
  const isKnown = (path: string): boolean => !isPlaced(path) && !liesBehindLink(path, entryAt);
  const made = hooks.afterStage !== undefined;

  for (const [index, path] of shared.dirs.entries())
    if (entryAt(path)?.kind === 'file')
      return {
        message: `"${path}" is a file of the release, not a directory`,
        path: ['shared', 'dirs', index],
      };
  for (const [index, path] of shared.files.entries())
    if (entryAt(path)?.kind === 'dir')
      return {
        message: `"${path}" is a directory of the release, not a file`,
        path: ['shared', 'files', index],
      };
  for (const [index, { from, to }] of templates.entries()) {
    if (!made && isKnown(from) && entryAt(from)?.kind !== 'file')
      return { message: `the release has no file "${from}"`, path: ['templates', index, 'from'] };
    if (entryAt(to) !== undefined)
      return { message: `the release has a "${to}" of its own`, path: ['templates', index, 'to'] };
  }
  for (const { program, path, first } of programsOf(spec)) {
    if ((made && !first) || !isKnown(program)) continue;
    const entry = entryAt(program);
    if (entry === undefined) return { message: `the release has no "${program}"`, path };
    if (entry.kind === 'file' && !entry.executable)
      return { message: `"${program}" cannot be run: it is not executable`, path };
  }
  return undefined;
}

const liesBehindLink = (path: string, entryAt: EntryAt): boolean => {
  for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder))
    if (entryAt(folder)?.kind === 'link') return true;
  return false;
};

interface Program {
  readonly program: string;
  readonly path: PathFault['path'];
  /** It runs before any other. */
  readonly first: boolean;
}

/** The release's own programs: named by a path that begins in it. */
function programsOf({ hooks, database, service }: ReleaseSpec): readonly Program[] {
  const commands = [
    ...Object.entries(hooks).map(([name, { run }]) => ({ run, path: ['hooks', name, 'run', 0] })),
    ...(database === undefined ? [] : [{ run: database.run, path: ['database', 'run', 0] }]),
    ...(service.kind === 'process'
      ? [{ run: service.command, path: ['service', 'process', 'command', 0] }]
      : []),
    ...(service.kind === 'agent' ? [{ run: [agentLauncher], path: ['service'] }] : []),
  ];
  return commands.flatMap(({ run: [name = ''], path }) => {
    const isOwn = name.includes('/') && !name.startsWith('/') && !name.split('/').includes('..');
    if (!isOwn) return [];
    const program = name
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .join('/');
    return [{ program, path, first: path[1] === 'afterStage' }];
  });
}
