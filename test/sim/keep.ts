import { writeFile } from 'node:fs/promises';

/** A scenario in which something was wrong, kept for the tests to play from now on. */
export async function keepAs(file: URL, scenario: unknown, say: (line: string) => void): Promise<void> {
  await writeFile(file, `${JSON.stringify(scenario, undefined, 2)}\n`);
  say(`kept as ${file.pathname}: name it after what was wrong`);
}
