/** What a server shows once to become a node: a word to be recognised by, and 256 random bits. */
export const joinTokenPrefix = 'capstan_join_';

export const isJoinToken = (text: string): boolean => /^capstan_join_[0-9a-f]{64}$/.test(text);

/** The SHA-256 of a token, in hexadecimal: all that the coordinator keeps of it. */
export const isTokenHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** How much of the hash names a token in lists and commands. */
export const tokenIdLength = 12;
