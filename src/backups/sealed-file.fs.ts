import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { AmpraError } from '../core/result.ts';

/**
 * A backup under a passphrase: scrypt (RFC 7914) makes the key, AES-256-GCM seals pieces of 64 kB one by one, so that
 * nothing is held in memory and nothing unproved is given out. The nonce of a piece is its number and whether it is the
 * last, as in the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizar, 2015): pieces cannot be left out, swapped or cut off.
 *
 * Bytes: "AMPRA-SEALED-1\n", log2 N (1), r (1), p (1), salt (16); then for each piece ciphertext and tag (16).
 */
const MAGIC = Buffer.from('AMPRA-SEALED-1\n');
const SALT_BYTES = 16;
const HEAD_BYTES = MAGIC.length + 3 + SALT_BYTES;
const TAG_BYTES = 16;
const PIECE_BYTES = 64 * 1024;
/** 32 MB of memory and a third of a second on a small computer. */
const COST = { logN: 15, r: 8, p: 1 } as const;
/** Costlier files are not ours, and would only be there to exhaust us. */
const MOST_LOG_N = 16;

type Write = (bytes: Uint8Array) => Promise<void>;

/** Seals what is written; `end` writes the last piece. */
export async function sealing(passphrase: string, write: Write): Promise<{ write: Write; end(): Promise<void> }> {
  const salt = randomBytes(SALT_BYTES);
  const key = await keyFrom(passphrase, salt, COST);
  await write(Buffer.concat([MAGIC, Buffer.from([COST.logN, COST.r, COST.p]), salt]));
  let pending = Buffer.alloc(0);
  let index = 0;
  const seal = async (piece: Uint8Array, isLast: boolean) => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(index++, isLast));
    await write(Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]));
  };
  return {
    write: async (bytes) => {
      pending = Buffer.concat([pending, bytes]);
      // One piece stays: it may turn out to be the last.
      while (pending.length > PIECE_BYTES) {
        await seal(pending.subarray(0, PIECE_BYTES), false);
        pending = pending.subarray(PIECE_BYTES);
      }
    },
    end: () => seal(pending, true),
  };
}

/** True for a file that begins as a sealed one does. */
export function isSealed(start: Uint8Array): boolean {
  return Buffer.compare(MAGIC, start.subarray(0, MAGIC.length)) === 0;
}

/**
 * Opens a sealed stream: gives its content in pieces. Throws `AmpraError`: `forbidden` for another passphrase, `invalid`
 * when it was changed or cut off.
 */
export async function* opening(passphrase: string, input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = piecesOf(input);
  const head = (await pieces.next(HEAD_BYTES)).bytes;
  if (head.length < HEAD_BYTES || !isSealed(head)) throw changed();
  const [logN = 0, r = 0, p = 0] = head.subarray(MAGIC.length);
  if (logN < 1 || logN > MOST_LOG_N || r !== COST.r || p !== COST.p) throw changed();
  const key = await keyFrom(passphrase, head.subarray(MAGIC.length + 3), { logN, r, p });
  for (let index = 0; ; index++) {
    const { bytes, isLast } = await pieces.next(PIECE_BYTES + TAG_BYTES);
    if (bytes.length < TAG_BYTES) throw changed();
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(index, isLast));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    const content = decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES));
    try {
      decipher.final();
    } catch {
      throw index === 0 ? wrongPassphrase() : changed();
    }
    yield content;
    if (isLast) return;
  }
}

/** Cuts a stream into pieces of a wanted length, and knows which is the last. */
function piecesOf(input: AsyncIterable<Uint8Array>) {
  const iterator = input[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);
  let isAtEnd = false;
  return {
    async next(length: number): Promise<{ bytes: Buffer; isLast: boolean }> {
      // One byte more tells whether there is another piece.
      while (held.length <= length && !isAtEnd) {
        const { done, value } = await iterator.next();
        if (done) isAtEnd = true;
        else held = Buffer.concat([held, value]);
      }
      const bytes = held.subarray(0, length);
      held = held.subarray(bytes.length);
      return { bytes, isLast: isAtEnd && held.length === 0 };
    },
  };
}

function nonceOf(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(index, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

function keyFrom(
  passphrase: string,
  salt: Uint8Array,
  { logN, r, p }: { logN: number; r: number; p: number },
): Promise<Buffer> {
  const N = 2 ** logN;
  return new Promise((resolve, reject) =>
    scrypt(passphrase.normalize('NFC'), salt, 32, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );
}

function wrongPassphrase(): AmpraError {
  return new AmpraError({
    code: 'forbidden',
    field: 'passphrase',
    message: 'This is not the passphrase of this backup, or the backup is damaged.',
    hint: 'Nobody can open it without the passphrase.',
  });
}

function changed(): AmpraError {
  return new AmpraError({ code: 'invalid', message: 'This is no whole backup: it was changed or cut off.' });
}
