import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { suggestion } from '../../shared/core/nearest.js';
import { CapstanError } from '../../shared/model/errors.js';
import { strict, validate } from '../../shared/spec/validate.js';
import { parseYaml } from '../../shared/spec/yaml-source.js';
import type { Host } from './host.js';

const contextSchema = strict({
  coordinator: z.string().min(1).optional(),
  insecureLoopback: z.boolean().optional(),
  tokenFile: z.string().min(1).optional(),
  caPin: z.string().min(1).optional(),
  caFile: z.string().min(1).optional(),
});

const fileSchema = strict({
  current: z.string().optional(),
  contexts: z.record(z.string(), contextSchema).default({}),
});

export type Context = z.output<typeof contextSchema>;

/**
 * The context of the user's configuration file (`~/.config/capstan/config.yml`, below XDG_CONFIG_HOME if that is
 * set) that was asked for, else its current one, else nothing.
 * @throws CapstanError `invalid` if the file is wrong or the context is not in it
 */
export function readContext(host: Host, wanted: string | undefined): Context {
  const file = join(configHome(host), 'capstan', 'config.yml');
  const text = readIfThere(file);
  const [source] = text === undefined ? [] : parseYaml(text, file);
  if (source === undefined) {
    if (wanted === undefined) return {};
    throw new CapstanError('invalid', `There is no context "${wanted}": ${file} is not there.`);
  }
  const { current, contexts } = validate(fileSchema, source);
  const name = wanted ?? current;
  if (name === undefined) return {};
  const context = contexts[name];
  if (context !== undefined) return context;
  throw new CapstanError('invalid', `There is no context "${name}" in the configuration.`, {
    location: wanted === undefined ? source.locate(['current']) : { file },
    hint: suggestion(name, Object.keys(contexts)),
  });
}

function configHome({ env, home }: Host): string {
  const set = env['XDG_CONFIG_HOME'] ?? '';
  return set.startsWith('/') ? set : join(home, '.config');
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR'))
      return undefined;
    throw new CapstanError('invalid', 'The configuration cannot be read.', { location: { file }, cause });
  }
}
