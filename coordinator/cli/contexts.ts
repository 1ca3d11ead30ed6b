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
  const file = configFile(host);
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

/** What a context is called, and the file of its token with it. */
export const isContextName = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text);

/**
 * Keeps a context under a name and makes it the current one; whatever else is in the file stays, comments too. Its token has a
 * file of its own, which nobody else can read.
 * @returns the file of the token
 * @throws CapstanError `invalid` if the configuration that is there is wrong
 */
export async function keepContext(
  host: Host,
  name: string,
  context: Omit<Context, 'tokenFile'>,
  token: string,
): Promise<string> {
  const file = configFile(host);
  const text = readIfThere(file) ?? '';
  for (const source of parseYaml(text, file)) validate(fileSchema, source);
  const { parseDocument } = await import('yaml');
  const { writeDurably } = await import('../../shared/io/durable-file.js');
  const tokenFile = join(configHome(host), 'capstan', `${name}.token`);
  const document = parseDocument(text);
  document.setIn(['contexts', name], document.createNode({ ...context, tokenFile }));
  document.set('current', name);
  await writeDurably(tokenFile, `${token}\n`);
  await writeDurably(file, document.toString());
  return tokenFile;
}

const configFile = (host: Host): string => join(configHome(host), 'capstan', 'config.yml');

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
