/** Orders versions as dpkg does: numbers by their value, and `~` before everything, the end included. */
export function compareVersions(a: string, b: string): number {
  const [ours, theirs] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (let at = 0; at < Math.max(ours.length, theirs.length); at++) {
    const [x = '', y = ''] = [ours[at], theirs[at]];
    const order = at % 2 === 0 ? compareWords(x, y) : Number(x) - Number(y);
    if (order !== 0) return order;
  }
  return 0;
}

function compareWords(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = weight(a[at]) - weight(b[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** The hyphen parts the packager's revision from what it is a revision of, and so comes before all that could go on there. */
function weight(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  if (character === '-') return 1;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}
