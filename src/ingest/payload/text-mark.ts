const [SEED_A, SEED_B] = [0xdeadbeef, 0x41c6ce57];
const [TIMES_A, TIMES_B] = [2_654_435_761, 1_597_334_677];
const HIGH = 4_294_967_296;
const HIGH_BITS = 0x1fffff;

/** A number of 53 bits by which a text is known again; of two texts it is hardly ever the same (cyrb53, after Bryc). */
export function textMark(text: string): number {
  let [a, b] = [SEED_A, SEED_B];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, TIMES_A);
    b = Math.imul(b ^ code, TIMES_B);
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return HIGH * (HIGH_BITS & b) + (a >>> 0);
}
