import * as z from 'zod';
import { fault } from './validate.js';

const valueName = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** Variables that change how programs are loaded: setting one is running code, so no value may be named so. */
const loaderNames = new Set([
  'PATH',
  'HOME',
  'SHELL',
  'IFS',
  'ENV',
  'BASH_ENV',
  'SHELLOPTS',
  'BASHOPTS',
  'NODE_OPTIONS',
  'NODE_PATH',
  'NODE_EXTRA_CA_CERTS',
  'PYTHONPATH',
  'PYTHONHOME',
  'PYTHONSTARTUP',
  'PERL5LIB',
  'PERL5OPT',
  'RUBYLIB',
  'RUBYOPT',
  'JAVA_TOOL_OPTIONS',
  'JDK_JAVA_OPTIONS',
  '_JAVA_OPTIONS',
  'CLASSPATH',
  'GCONV_PATH',
]);
const loaderPrefixes = ['LD_', 'DYLD_', 'BASH_FUNC_', 'CAPSTAN_'];

/** Why a value cannot have this name; undefined if it can. */
export function valueNameFault(name: string): string | undefined {
  if (!valueName.test(name)) {
    return `"${name}" cannot be the name of a value; use letters, digits and underscores, not starting with a digit`;
  }
  const upper = name.toUpperCase();
  if (upper.startsWith('CAPSTAN_')) return `"${name}" is reserved: Capstan sets CAPSTAN_ variables itself`;
  if (loaderNames.has(upper) || loaderPrefixes.some((prefix) => upper.startsWith(prefix))) {
    return `"${name}" cannot be set here: it changes how programs are loaded`;
  }
  return undefined;
}

const value = z.union([z.string().max(32_768), z.number(), z.boolean()], {
  error: (issue) =>
    issue.input === null
      ? 'is empty; write "" for an empty value'
      : 'must be text, a number or true or false',
});

/** Values for services, hooks and probes. Numbers stay as they are written. */
export const values = z
  .record(z.string(), value)
  .superRefine((entries, context) => {
    const names = Object.keys(entries);
    if (names.length > 500) fault(context, 'must have at most 500 entries');
    for (const name of names) {
      const problem = valueNameFault(name);
      if (problem !== undefined) fault(context, problem, [name], { at: 'key' });
      if (String(entries[name]).includes('\0')) fault(context, 'must not hold a NUL character', [name]);
    }
  })
  .transform(
    (entries): Readonly<Record<string, string>> =>
      Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, String(entry)])),
  );
