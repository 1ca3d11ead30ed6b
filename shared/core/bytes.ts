/** `1536` → `1.5 KB`: decimal units as disk and network vendors use them, for people only. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 'B';
  for (const next of units) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

const units: Readonly<Record<string, number>> = {
  ...{ B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 },
  ...{ KIB: 1024, MIB: 1024 ** 2, GIB: 1024 ** 3, TIB: 1024 ** 4 },
};

/** `20MB`, `1.5 GB`, `8GiB`, `0`: whole bytes; undefined for anything else. */
export function parseBytes(text: string): number | undefined {
  const [, amount = '', unit = 'B'] =
    /^(\d{1,12}(?:\.\d{1,6})?) ?((?:[KMGT]i?)?B)?$/i.exec(text.trim()) ?? [];
  const factor = units[unit.toUpperCase()];
  return amount === '' || factor === undefined ? undefined : Math.round(Number(amount) * factor);
}
