import type { Transaction } from 'kysely';
import type { WaveMembers } from '../../../shared/model/application.js';
import { parse } from './load.js';
import type { Database } from './schema.js';

// Waves once went by zone alone. What was stored then says so in words that nobody reads any more.

type OldMembers =
  | Exclude<WaveMembers, { readonly kind: 'canary' | 'canaryTotal' | 'by' }>
  | { readonly kind: 'canary'; readonly perZone: number }
  | Omit<Extract<WaveMembers, { readonly kind: 'canaryTotal' }>, 'by'>
  | { readonly kind: 'byZone' }
  | { readonly kind: 'selector'; readonly selector: unknown };

interface OldStrategy {
  readonly waves: readonly { readonly members: OldMembers }[];
}

interface OldEnvironment {
  readonly spec: { readonly strategy: OldStrategy };
}

interface OldRollout {
  readonly header: { readonly strategy: OldStrategy; readonly waves: readonly { readonly zone?: string }[] };
}

export async function nameGroups(trx: Transaction<Database>): Promise<void> {
  for (const { app, env, body } of await trx.selectFrom('environments').selectAll().execute()) {
    const record = parse(body) as OldEnvironment;
    const spec = { ...record.spec, strategy: withGroups(record.spec.strategy) };
    await trx
      .updateTable('environments')
      .set({ body: JSON.stringify({ ...record, spec }) })
      .where('app', '=', app)
      .where('env', '=', env)
      .execute();
  }
  for (const { id, body } of await trx.selectFrom('rollouts').select(['id', 'body']).execute()) {
    const record = parse(body) as OldRollout;
    const waves = record.header.waves.map(({ zone, ...wave }) => ({ ...wave, stratum: zone }));
    const header = { ...record.header, strategy: withGroups(record.header.strategy), waves };
    await trx
      .updateTable('rollouts')
      .set({ body: JSON.stringify({ ...record, header }) })
      .where('id', '=', id)
      .execute();
  }
}

const withGroups = (strategy: OldStrategy) => ({
  ...strategy,
  waves: strategy.waves.map((wave) => ({ ...wave, ...grouped(wave.members) })),
});

const byZone = ['zone'];

function grouped(members: OldMembers): Readonly<Record<string, unknown>> {
  switch (members.kind) {
    case 'canary':
      return { members: { kind: 'canary', by: byZone, each: members.perZone } };
    case 'canaryTotal':
      return { members: { ...members, by: byZone } };
    case 'byZone':
      return { members: { kind: 'by', by: byZone } };
    case 'selector':
      return { within: members.selector, members: { kind: 'rest' } };
    case 'amount':
    case 'rest':
      return { members };
  }
}
