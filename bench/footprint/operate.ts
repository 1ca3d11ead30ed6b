import type { Fleet } from '../../test/support/fleet.js';

/** Runs `bin/capstan`, which has to succeed. */
export async function operate(fleet: Fleet, ...args: string[]): Promise<void> {
  const { code, stderr } = await fleet.capstan(args, { timeoutMs: 900_000 });
  if (code !== 0) throw new Error(`capstan ${args.join(' ')} exited ${code}: ${stderr}`);
}
