import { parseArgs } from 'node:util';

export interface DemoOptions {
  readonly agents: number;
  /** Where to put the demo's own folder; undefined: the system's folder for temporary files. */
  readonly dir: string | undefined;
  /** Stay up after the last act, until Ctrl-C. */
  readonly keep: boolean;
}

type DemoCommand =
  | { readonly kind: 'run'; readonly options: DemoOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const usage = `Usage: npm run demo -- [--agents N] [--dir DIR] [--keep]

Rolls a real web application out over a fleet on this machine, lets a bad release undo itself, and tells what
happened. Everything is removed at the end.

  --agents N   servers in the fleet, 2 to 30 (default: 6)
  --dir DIR    where to put the files while it runs (default: the folder for temporary files)
  --keep       leave the fleet running after the last act, with commands to try, until Ctrl-C
`;

/** Reads the arguments of the demo. */
export function parseOptions(args: readonly string[]): DemoCommand {
  let values: { agents?: string; dir?: string; keep?: boolean; help?: boolean };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        agents: { type: 'string' },
        dir: { type: 'string' },
        keep: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    return { kind: 'wrong', message: error instanceof Error ? error.message : String(error) };
  }
  if (values.help === true) return { kind: 'help' };
  const agents = values.agents ?? '6';
  if (!/^\d{1,2}$/.test(agents) || Number(agents) < 2 || Number(agents) > 30) {
    return { kind: 'wrong', message: `--agents must be a number from 2 to 30, not "${agents}".` };
  }
  return {
    kind: 'run',
    options: { agents: Number(agents), dir: values.dir, keep: values.keep === true },
  };
}
