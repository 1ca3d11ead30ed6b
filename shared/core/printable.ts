/** What others say is shown on terminals: without control characters, and no longer than somebody reads. */
export function printable(text: string, maxLength = 300): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').trim();
  return plain.length > maxLength ? `${plain.slice(0, maxLength)}…` : plain;
}
