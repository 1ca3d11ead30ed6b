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
