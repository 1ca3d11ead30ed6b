/** What an operator shows with every call: a word to be recognised by, and 256 random bits in base64url. */
export const operatorTokenPrefix = 'capstan_operator_';

/** From the least to the most; each may do all that those before it may. */
export const roles = ['viewer', 'deployer', 'approver', 'admin'] as const;
export type Role = (typeof roles)[number];
export const isRole = (text: string): text is Role => roles.some((role) => role === text);

/** In lower case only: what is told apart by names must not differ by case alone. */
export const isOperatorName = (text: string): boolean => /^[a-z0-9][a-z0-9._@-]{0,62}$/.test(text);
export const operatorNameRule =
  '1 to 63 lower-case letters, digits, dots, dashes, underscores or @, beginning with a letter or digit';
