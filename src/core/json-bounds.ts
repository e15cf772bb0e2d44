/** Shorter texts cannot keep anybody waiting, whatever is in them. */
const LEAST_BYTES = 64 * 1024;
/** All devices of the catalogue together write some hundred names. */
const MOST_NAMES = 4096;
/** Objects and lists: a full batch of readings, each with some of its own. */
const MOST_CONTAINERS = 500_000;

/** Numbers, texts and the like: a value of a reading takes eight bytes with its name, so that a full batch has fewer. */
const MOST_VALUES = 1_000_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;
const SPACE = 0x20;

/** A bit for each of 2^20 hashes: two names rarely share one, and then count once. */
const HASH_BITS = 20;

/**
 * Why a long JSON text is not worth to be parsed, in words; null when it is. Parsing eight megabytes of readings takes a
 * tenth of a second, eight megabytes of names that are all different, or of empty objects, several: while that runs
 * nobody else is served. One pass over the bytes, without making anything of them; what is no JSON is the parser's affair.
 */
export function jsonBoundBroken(bytes: Uint8Array): string | null {
  if (bytes.length < LEAST_BYTES) return null;
  const seen = new Uint8Array(1 << (HASH_BITS - 3));
  let names = 0;
  let containers = 0;
  let commas = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === OPENING_BRACE || byte === OPENING_BRACKET) containers++;
    else if (byte === COMMA) commas++;
    else if (byte === QUOTE) {
      let hash = 0x811c9dc5; // FNV-1a
      for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) {
        if (bytes[i] === BACKSLASH) i++;
        hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
      }
      let next = i + 1;
      while (next < bytes.length && (bytes[next] ?? 0) <= SPACE) next++;
      if (bytes[next] !== COLON) continue;
      const slot = hash >>> (32 - HASH_BITS);
      const bit = 1 << (slot & 7);
      if (((seen[slot >> 3] ?? 0) & bit) === 0) names++;
      seen[slot >> 3] = (seen[slot >> 3] ?? 0) | bit;
    }
    if (names > MOST_NAMES) return `holds more than ${MOST_NAMES} different names`;
    if (containers > MOST_CONTAINERS) return `holds more than ${MOST_CONTAINERS} objects and lists`;
  }
  if (commas > MOST_VALUES) return `holds more than ${MOST_VALUES} values`;
  return null;
}
