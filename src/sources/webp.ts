/**
 * Keeps the picture of a WebP file and nothing else: colour profiles, EXIF, XMP and unknown chunks go, since any of them
 * can carry foreign bytes. Container: RFC 9649, sections 2.3 to 2.7. Returns undefined when it is no whole WebP.
 */
export function onlyPicture(webp: Uint8Array): Uint8Array | undefined {
  if (webp.length < 20 || tag(webp, 0) !== 'RIFF' || tag(webp, 8) !== 'WEBP') return undefined;
  const kept: Uint8Array[] = [];
  for (let at = 12; at + 8 <= webp.length; ) {
    const size = readU32(webp, at + 4);
    const end = at + 8 + size + (size % 2);
    if (at + 8 + size > webp.length) return undefined;
    const chunk = webp.slice(at, Math.min(end, webp.length));
    const name = tag(chunk, 0);
    // The extended header announces ICC (0x20), EXIF (0x08) and XMP (0x04); they are gone, so the flags go too.
    if (name === 'VP8X') chunk[8] = (chunk[8] ?? 0) & ~0x2c;
    if (KEPT.has(name)) kept.push(chunk);
    at = end;
  }
  if (!kept.some((chunk) => PICTURE.has(tag(chunk, 0)))) return undefined;
  return assemble(kept);
}

const PICTURE = new Set(['VP8 ', 'VP8L']);
const KEPT = new Set(['VP8X', 'ALPH', ...PICTURE]);

function assemble(chunks: readonly Uint8Array[]): Uint8Array {
  const body = chunks.reduce((sum, chunk) => sum + chunk.length, 4);
  const out = new Uint8Array(8 + body);
  const view = new DataView(out.buffer);
  writeTag(out, 0, 'RIFF');
  view.setUint32(4, body, true);
  writeTag(out, 8, 'WEBP');
  let at = 12;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

function tag(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function writeTag(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}

function readU32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
}
