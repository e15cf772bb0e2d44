import { describe, expect, test } from 'bun:test';
import { jsonBoundBroken } from './json-bounds.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const list = (length: number, of: (i: number) => string) =>
  bytes(`[${Array.from({ length }, (_, i) => of(i)).join(',')}]`);

describe('a long JSON text', () => {
  test('of more values, names or objects than any batch of readings holds is not worth to be parsed', () => {
    expect(jsonBoundBroken(list(1_100_000, () => '1'))).toContain('values');
    expect(jsonBoundBroken(list(10_000, (i) => `{"k${i}":1}`))).toContain('names');
    expect(jsonBoundBroken(list(600_000, () => '{}'))).toContain('objects');
  });

  test('that is a full batch of readings is', () => {
    const reading = (i: number) => `{"timestamp":${1_400_000_000 + i * 60},"solarPower":${i % 5000},"loadPower":1}`;
    const batch = list(140_000, reading);
    expect(batch.length).toBeGreaterThan(7.5e6);
    expect(jsonBoundBroken(batch)).toBeNull();
  });
});
