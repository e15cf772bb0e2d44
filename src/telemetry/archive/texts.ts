import { ByteReader, ByteWriter } from './bytes.ts';
import { packNumbers, unpackNumbers } from './numbers.ts';

/** A column of words as bytes: each word once, then which of them each row has. Null means that there is none. */
export function packTexts(values: readonly (string | null)[]): Uint8Array {
  const places = new Map<string, number>();
  const which = Float64Array.from(values, (value) => {
    if (value === null) return Number.NaN;
    const known = places.get(value);
    if (known !== undefined) return known;
    places.set(value, places.size);
    return places.size - 1;
  });
  const words = new TextEncoder().encode(JSON.stringify([...places.keys()]));
  const out = new ByteWriter();
  out.count(words.length);
  out.append(words);
  out.append(packNumbers(which));
  return out.done();
}

export function unpackTexts(bytes: Uint8Array, count: number): (string | null)[] {
  const reader = new ByteReader(bytes);
  const words = JSON.parse(new TextDecoder().decode(reader.take(reader.count()))) as string[];
  return Array.from(unpackNumbers(reader.rest(), count), (place) => words[place] ?? null);
}
