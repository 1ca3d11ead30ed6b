import type { CapstanError, Location } from '../model/errors.js';

/** `web.yml:12:25`; '' if nothing is known. */
function locationText({ file, line, column }: Location): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/** An error for people: where, what, and what to do next, on one or two lines without a newline at the end. */
export function errorText({
  message,
  hint,
  location,
}: Pick<CapstanError, 'message' | 'hint' | 'location'>): string {
  const where = location?.file === undefined ? '' : `${locationText(location)}: `;
  return hint === undefined ? `${where}${message}` : `${where}${message}\n${hint}`;
}
