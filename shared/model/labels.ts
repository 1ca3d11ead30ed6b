/** What is known of a node: `zone`, `role`, `env` … Keys and values are short strings. */
export type Labels = Readonly<Record<string, string>>;

/** The label that says in which zone a node stands; nodes without it share the zone `''`. */
export const zoneLabel = 'zone';

/** A node's value of a label, which may be called as what every object has: "constructor". */
export const labelOf = (labels: Labels, label: string): string | undefined =>
  Object.hasOwn(labels, label) ? labels[label] : undefined;

const key = /^[a-z0-9A-Z](?:[a-zA-Z0-9._/-]{0,61}[a-zA-Z0-9])?$/;
const value = /^[a-zA-Z0-9](?:[a-zA-Z0-9._:/-]{0,126}[a-zA-Z0-9])?$/;

/** What begins like a fact would be taken for one. */
export const isLabelKey = (text: string): boolean => key.test(text) && !text.startsWith('facts.');
export const isLabelValue = (text: string): boolean => value.test(text);
