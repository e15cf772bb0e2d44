/**
 * Archives in the POSIX ustar format (IEEE 1003.1, pax interchange, "ustar"), which every system unpacks. Regular files
 * only; names up to 100 bytes.
 */
export interface TarEntry {
  name: string;
  bytes: Uint8Array;
}

const BLOCK = 512;

/** The header block of a file of `size` bytes. */
export function tarHeader(name: string, size: number, mtimeMs: number): Uint8Array {
  if (Buffer.byteLength(name) > 100) throw new Error(`the name ${name} is too long for an archive`);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, width: number) =>
    `${Math.floor(value)
      .toString(8)
      .padStart(width - 1, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o600, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  writeSize(header, size);
  header.write(octal(mtimeMs / 1000, 12), 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((a, b) => a + b, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** Octal up to 8 GiB, above that base 256 as GNU tar and libarchive write and read it. */
function writeSize(header: Buffer, size: number): void {
  if (size < 8 ** 11) {
    header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    return;
  }
  header[124] = 0x80;
  header.writeBigUInt64BE(BigInt(size), 128);
}

/** Zeros that fill the last block of a file. */
export function tarPadding(size: number): Uint8Array {
  return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
}

/** Two empty blocks end an archive. */
export const tarEnd: Uint8Array = new Uint8Array(2 * BLOCK);

/** A whole small archive in memory. */
export function tarOf(entries: readonly TarEntry[], mtimeMs: number): Uint8Array {
  const parts = entries.flatMap((e) => [
    tarHeader(e.name, e.bytes.length, mtimeMs),
    e.bytes,
    tarPadding(e.bytes.length),
  ]);
  return Buffer.concat([...parts, tarEnd]);
}

/** Name and size of the file whose header this is; null at the end. Throws when the block is damaged. */
export function readTarHeader(block: Uint8Array): { name: string; size: number } | null {
  if (block.every((byte) => byte === 0)) return null;
  const header = Buffer.from(block);
  const stored = Number.parseInt(header.toString('latin1', 148, 156), 8);
  header.fill(' ', 148, 156);
  if (header.reduce((a, b) => a + b, 0) !== stored || header.toString('latin1', 257, 262) !== 'ustar')
    throw new Error('this is not an archive of Ampra, or it is damaged');
  const text = (from: number, to: number) => header.toString('utf8', from, to).replace(/\0.*$/s, '');
  const size = header[124] === 0x80 ? Number(header.readBigUInt64BE(128)) : Number.parseInt(text(124, 136), 8);
  return { name: text(0, 100), size };
}
