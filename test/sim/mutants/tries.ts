import type { Mutant } from './list.js';

export type Stage = 'engine' | 'site';

/** What a stage of the simulator says of Capstan with a mutant in it, or as it is; undefined: nothing was found. */
export type LookFor = (mutant: Mutant | undefined, stage: Stage) => Promise<string | undefined>;

export interface Tries {
  readonly mutants: readonly Mutant[];
  readonly look: LookFor;
  /** So many at once. */
  readonly jobs: number;
  readonly say: (line: string) => void;
}

/** The engine by itself knows nothing of the rest. */
const stagesFor = ({ file }: Mutant): readonly Stage[] =>
  file.startsWith('coordinator/core/rollout/') ? ['engine', 'site'] : ['site'];

/** @returns true if every mutant was found, and nothing without one */
export async function tryMutants(tries: Tries): Promise<boolean> {
  const { mutants, look, jobs, say } = tries;
  if (!(await holdsAsItIs(tries))) return false;
  let found = 0;
  const left = mutants.values();
  const judgeThoseLeft = async (): Promise<void> => {
    for (const mutant of left) {
      const where = await firstFind(mutant, look);
      if (where !== undefined) found += 1;
      say(where === undefined ? `NOT FOUND ${mutant.name}` : `found     ${mutant.name}: ${where}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, judgeThoseLeft));
  say(`${found} of ${mutants.length} found`);
  return found === mutants.length;
}

/** Where something is found anyway, every mutant would count as found. */
async function holdsAsItIs({ mutants, look, jobs, say }: Tries): Promise<boolean> {
  const left = new Set(mutants.flatMap(stagesFor)).values();
  let holds = true;
  const lookAtThoseLeft = async (): Promise<void> => {
    for (const stage of left) {
      const wrong = await look(undefined, stage);
      if (wrong !== undefined) holds = false;
      say(wrong === undefined ? `holds     without a mutant: ${stage}` : wrongAsItIs(stage, wrong));
    }
  };
  await Promise.all(Array.from({ length: jobs }, lookAtThoseLeft));
  return holds;
}

const wrongAsItIs = (stage: Stage, wrong: string): string =>
  `WRONG     without a mutant: ${stage}: ${wrong}; no mutant was tried: mend that first, or take seeds that hold (--seed)`;

async function firstFind(mutant: Mutant, look: LookFor): Promise<string | undefined> {
  for (const stage of stagesFor(mutant)) {
    const found = await look(mutant, stage);
    if (found !== undefined) return found;
  }
  return undefined;
}
