import { CapstanError } from '../../shared/model/errors.js';

/** A template taken apart: text as it is, and the places of values. */
export type Template = readonly (string | { readonly name: string })[];

/** What a template is made of, in the order it is looked for: a literal `${`, a value, and what is neither. */
const token = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{/g;

/**
 * `${NAME}` is the place of a value, and `$${` writes `${`.
 * @throws CapstanError `invalid` with the line: any other `${` is a slip
 */
export function parseTemplate(text: string): Template {
  const parts: (string | { readonly name: string })[] = [];
  let at = 0;
  for (const match of text.matchAll(token)) {
    const [whole, name] = match;
    parts.push(text.slice(at, match.index));
    at = match.index + whole.length;
    if (name !== undefined) parts.push({ name });
    else if (whole === '$${') parts.push('${');
    else {
      const line = text.slice(0, match.index).split('\n').length;
      throw new CapstanError('invalid', 'a "${" is not closed or holds no name; "$${" writes a literal one', {
        location: { line },
      });
    }
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part !== '');
}

export const namesIn = (template: Template): ReadonlySet<string> =>
  new Set(template.flatMap((part) => (typeof part === 'string' ? [] : [part.name])));

/**
 * Puts the values in their places, as they are: nothing in a value is looked at again.
 * @throws CapstanError `invalid` if there is none for a name, or the outcome has more characters than it may
 */
export function fillTemplate(
  template: Template,
  values: Readonly<Record<string, string>>,
  maxLength: number,
): string {
  const parts = template.map((part) => (typeof part === 'string' ? part : valueOf(values, part.name)));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > maxLength)
    throw new CapstanError(
      'invalid',
      `it becomes ${length} characters long; at most ${maxLength} are allowed`,
    );
  return parts.join('');
}

function valueOf(values: Readonly<Record<string, string>>, name: string): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw new CapstanError('invalid', `there is no value for \${${name}}`);
  return value;
}
