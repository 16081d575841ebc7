/** A number as people write it, with a point or a comma; null for what is none. */
export function decimalOf(text: string): number | null {
  const plain = text.trim().replace(',', '.')
  return /^[-\u2212]?\d+(\.\d+)?$/.test(plain) ? Number(plain.replace('\u2212', '-')) : null
}
