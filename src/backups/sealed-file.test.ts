import { describe, expect, test } from 'bun:test';
import { AmpraError } from '../core/result.ts';
import { isSealed, opening, sealing } from './sealed-file.fs.ts';

const PHRASE = 'four words of grüße';

async function seal(content: Uint8Array, pieces = 7): Promise<Buffer> {
  const out: Uint8Array[] = [];
  const sealed = await sealing(PHRASE, async (bytes) => void out.push(Buffer.from(bytes)));
  const step = Math.max(1, Math.ceil(content.length / pieces));
  for (let at = 0; at < content.length; at += step) await sealed.write(content.subarray(at, at + step));
  await sealed.end();
  return Buffer.concat(out);
}

async function open(bytes: Uint8Array, phrase = PHRASE, step = 10_000): Promise<Buffer> {
  const stream = async function* () {
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
  };
  return Buffer.concat(await Array.fromAsync(opening(phrase, stream())));
}

const refusal = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'it was opened',
    (error: unknown) => (error instanceof AmpraError ? error.refusal.code : String(error)),
  );

describe('a sealed backup', () => {
  const piece = 64 * 1024;
  for (const length of [0, 1, piece - 1, piece, piece + 1, 3 * piece])
    test(`of ${length} bytes gives back what was sealed, and hides it`, async () => {
      const content = Buffer.alloc(length, 'plain text ');
      const sealed = await seal(content);
      expect(isSealed(sealed)).toBe(true);
      expect(sealed.includes('plain text')).toBe(false);
      expect((await open(sealed)).equals(content)).toBe(true);
      expect((await open(sealed, PHRASE, 17_003)).equals(content)).toBe(true);
    });

  test('opens to its passphrase alone, however its letters are composed', async () => {
    const sealed = await seal(Buffer.from('x'));
    expect(await refusal(open(sealed, 'another'))).toBe('forbidden');
    expect((await open(sealed, PHRASE.normalize('NFD'))).toString()).toBe('x');
  });

  test('is refused when it was cut off, changed, or its pieces were swapped or left out', async () => {
    const sealed = await seal(Buffer.alloc(3 * piece, 'abc'));
    const head = 34;
    const whole = piece + 16;
    const part = (i: number) => sealed.subarray(head + i * whole, head + (i + 1) * whole);
    const start = sealed.subarray(0, head);
    const flipped = Buffer.from(sealed);
    flipped[head + whole + 5] = (flipped[head + whole + 5] ?? 0) ^ 1;
    const broken = {
      'cut off': sealed.subarray(0, head + 2 * whole),
      'cut in a piece': sealed.subarray(0, head + whole + 100),
      changed: flipped,
      swapped: Buffer.concat([start, part(1), part(0), part(2)]),
      'left out': Buffer.concat([start, part(0), part(2)]),
      'the head alone': start,
      nothing: Buffer.alloc(0),
    };
    for (const [what, bytes] of Object.entries(broken))
      expect([what, ['invalid', 'forbidden'].includes(await refusal(open(bytes)))]).toEqual([what, true]);
  });

  test('that asks for more memory than ours does is refused before it gets any', async () => {
    const sealed = await seal(Buffer.from('x'));
    sealed[15] = 30;
    expect(await refusal(open(sealed))).toBe('invalid');
  });
});
