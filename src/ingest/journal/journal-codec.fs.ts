import { type GroupCodec, type GroupEncoder, HEADER_BYTES, writeHeader } from './journal-format.ts';

export const crc32 = (bytes: Uint8Array): number => Bun.hash.crc32(bytes);

/** Below it compressing costs more than it saves. */
const LEAST_COMPRESSED_BYTES = 128;
/** Above it compression leaves the main thread. */
const SYNC_LIMIT_BYTES = 24 * 1024;

export interface EncodedGroup {
  /** Header and body, as they go to the file. */
  bytes: Uint8Array;
  bodyBytes: number;
}

/** The bytes of a group. Level 1 for what somebody waits for; more for the archive. */
export async function encodeGroup(
  group: GroupEncoder,
  options: { isArchived?: boolean; lastPosition?: number; level?: number } = {},
): Promise<EncodedGroup> {
  const raw = group.body();
  const level = options.level ?? 1;
  let body = raw;
  let codec: GroupCodec = 'plain';
  if (raw.length >= LEAST_COMPRESSED_BYTES) {
    const packed =
      raw.length <= SYNC_LIMIT_BYTES ? Bun.zstdCompressSync(raw, { level }) : await Bun.zstdCompress(raw, { level });
    if (packed.length < raw.length) {
      body = packed;
      codec = 'zstd';
    }
  }
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  bytes.set(body, HEADER_BYTES);
  const header = {
    codec,
    isArchived: options.isArchived ?? false,
    bodyBytes: body.length,
    rawBytes: raw.length,
    bodyCrc: crc32(body),
    count: group.count,
    firstPosition: group.firstPosition,
    lastPosition: options.lastPosition ?? group.lastPosition,
    baseTime: group.baseTime,
    newestTime: group.newestTime,
  };
  writeHeader(bytes, header, crc32);
  return { bytes, bodyBytes: body.length };
}

/** The body as it was before compression. */
export async function expandBody(codec: GroupCodec, body: Uint8Array): Promise<Uint8Array> {
  return codec === 'zstd' ? await Bun.zstdDecompress(body) : body;
}
