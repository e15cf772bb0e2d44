/** Letters and digits that are not mistaken for each other when read from a screen and typed. */
const READABLE = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** Six random digits, each of the million equally likely. */
export function newVerificationCode(): string {
  return String(below(1_000_000)).padStart(6, '0');
}

/** `length` random readable characters (just under 5 bits each). */
export function newReadableCode(length: number): string {
  return Array.from({ length }, () => READABLE[below(READABLE.length)] ?? '').join('');
}

/** What somebody typed, as the code would be written: capitals, without spaces and dashes. */
export function typedCode(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, '');
}

/** `ABCD-EFGH`, easier to read and type. */
export function inPairs(code: string): string {
  const half = Math.ceil(code.length / 2);
  return `${code.slice(0, half)}-${code.slice(half)}`;
}

/** A random whole number in 0..n-1 without bias: draws that fall into the incomplete last run are drawn again. */
function below(n: number): number {
  const limit = Math.floor(0x1_0000_0000 / n) * n;
  for (;;) {
    const draw = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
    if (draw < limit) return draw % n;
  }
}

/** True if both texts are the same; takes the same time wherever they differ. */
export function isSameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i += 1) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % Math.max(1, b.length));
  return difference === 0;
}
