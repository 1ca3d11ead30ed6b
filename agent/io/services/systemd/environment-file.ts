import { CapstanError } from '../../../../shared/model/errors.js';

/**
 * Values as systemd reads them from an EnvironmentFile. Within double quotes it takes everything literally, line ends
 * included, but for a backslash, which makes a following `"`, `\`, `` ` `` or `$` literal and joins lines.
 * @throws CapstanError `invalid` for a value that no process can be given
 */
export function environmentFile(values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(([name, value]) => {
    if (value.includes('\0')) {
      throw new CapstanError('invalid', `The value of ${name} holds a NUL, which no process can be given.`);
    }
    return `${name}="${value.replace(/["\\`$]/g, '\\$&')}"\n`;
  });
  return lines.join('');
}

/** A text as the value of a setting in which systemd replaces `%` and what follows it. */
export const unitText = (text: string): string => text.replaceAll('%', '%%');
