import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where servers are; not in everybody's PATH. */
const furtherFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path of an installed program; undefined if there is none. */
export function findTool(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...furtherFolders];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/** Those of `names` that are not installed. */
export function missingTools(names: readonly string[]): readonly string[] {
  return names.filter((name) => findTool(name) === undefined);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
