/** Of the names in `conf.d`, those of its files. */
export const isConfFile = (name: string): boolean => /^[^.].*\.ya?ml$/.test(name);
