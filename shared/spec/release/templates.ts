import * as z from 'zod';
import type { TemplateSpec } from '../../model/release-spec.js';
import { fault, strict, valueWord } from '../validate.js';
import { innerFile, overlapIn, type PathFault } from './inner-paths.js';

/** Text, for YAML reads `0640` as a decimal number. */
const mode = z
  .string({
    error: (issue) =>
      typeof issue.input === 'number' ? 'must be text, in quotes, such as "0640"' : undefined,
  })
  .meta({ pattern: '^0?[0-7]{3}$' })
  .transform((text, context) => {
    if (/^0?[0-7]{3}$/.test(text)) return Number.parseInt(text, 8);
    fault(context, `${valueWord(text)} is not a mode; write its three octal digits, such as "0640"`);
    return z.NEVER;
  });

const template = strict({
  from: innerFile.describe('A file of the release; ${NAME} in it is replaced by a value.'),
  to: innerFile.describe('Where the outcome goes: a place of its own in the release.'),
  mode: mode.optional().describe('Permission bits; "0640" if not given.'),
}).transform(
  (raw): TemplateSpec => ({
    from: raw.from,
    to: raw.to,
    ...(raw.mode === undefined ? {} : { mode: raw.mode }),
  }),
);

export const templates = z.array(template).max(50);

/** What is made must not be made twice, nor lie where something else is put, nor be what it is made of. */
export function templatesFault(
  all: readonly TemplateSpec[],
  taken: { readonly shared: readonly string[]; readonly assets: readonly string[] },
): PathFault | undefined {
  const made = all.map(({ to }, index) => ({ path: to, where: [index, 'to'] }));
  const twice = overlapIn(made);
  if (twice !== undefined) {
    const { path, other, where } = twice;
    return {
      message: path === other ? `"${path}" is made twice` : `"${path}" and "${other}" overlap`,
      path: where,
    };
  }
  for (const [kind, folders] of [
    ['shared', taken.shared],
    ['an asset', taken.assets],
  ] as const) {
    for (const { path, where } of made) {
      const clash = overlapIn([...folders.map((folder) => ({ path: folder, where: [] })), { path, where }]);
      if (clash?.path === path)
        return { message: `"${path}" cannot be made: "${clash.other}" is ${kind}`, path: where };
    }
  }
  for (const [index, { from }] of all.entries()) {
    const folder = taken.shared.find((path) => from === path || from.startsWith(`${path}/`));
    if (folder !== undefined) {
      const message = `"${folder}" is shared; a template must be part of the release`;
      return { message, path: [index, 'from'] };
    }
    const source = all.find(({ to }) => from === to || from.startsWith(`${to}/`));
    if (source === undefined) continue;
    const message =
      source === all[index]
        ? `must be another file than "${from}", which is needed again when it is rendered anew`
        : `"${from}" is itself made of a template`;
    return { message, path: [index, source === all[index] ? 'to' : 'from'] };
  }
  return undefined;
}
