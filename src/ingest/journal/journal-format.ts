import type { JournalRecord } from './journal-record.ts';

/**
 * The journal's bytes. A segment file is a row of groups; each starts on a page boundary, so that writing one never
 * touches a page that holds an acknowledged record. A group is a header of 64 bytes and a body (records, one after
 * another, mostly zstd-compressed). Numbers are little-endian. See docs/decisions/journal.md.
 */
export const PAGE_BYTES = 4096;
export const HEADER_BYTES = 64;
const MAGIC = 0x314a4d41; // "AMJ1"
const VERSION = 1;

/** How the body is stored. */
export type GroupCodec = 'plain' | 'zstd';

export interface GroupHeader {
  codec: GroupCodec;
  /** The group was written by tidying up a finished segment. */
  isArchived: boolean;
  /** Bytes of the body as stored, and before compression. */
  bodyBytes: number;
  rawBytes: number;
  /** CRC-32 of the body as stored. */
  bodyCrc: number;
  count: number;
  firstPosition: number;
  /** May be above that of the last record, when a record was removed: positions are never given twice. */
  lastPosition: number;
  /** Reception of the first and the newest record, ms UTC. */
  baseTime: number;
  newestTime: number;
}

export type Crc32 = (bytes: Uint8Array) => number;

/** Bytes on disk that a group takes, whole pages. */
export function groupSpan(bodyBytes: number): number {
  return Math.ceil((HEADER_BYTES + bodyBytes) / PAGE_BYTES) * PAGE_BYTES;
}

/** Writes the header into the first 64 bytes of `target`. */
export function writeHeader(target: Uint8Array, header: GroupHeader, crc32: Crc32): void {
  const view = new DataView(target.buffer, target.byteOffset, HEADER_BYTES);
  view.setUint32(0, MAGIC, true);
  view.setUint8(4, VERSION);
  view.setUint8(5, header.codec === 'zstd' ? 1 : 0);
  view.setUint8(6, header.isArchived ? 1 : 0);
  view.setUint8(7, 0);
  view.setUint32(8, header.bodyBytes, true);
  view.setUint32(12, header.rawBytes, true);
  view.setUint32(16, header.bodyCrc, true);
  view.setUint32(20, header.count, true);
  view.setFloat64(24, header.firstPosition, true);
  view.setFloat64(32, header.lastPosition, true);
  view.setFloat64(40, header.baseTime, true);
  view.setFloat64(48, header.newestTime, true);
  view.setUint32(56, 0, true);
  view.setUint32(60, crc32(target.subarray(0, 60)), true);
}

/** The header at the start of `bytes`, or null when there is none that is whole. */
export function readHeader(bytes: Uint8Array, crc32: Crc32): GroupHeader | null {
  if (bytes.length < HEADER_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  if (view.getUint32(0, true) !== MAGIC || view.getUint8(4) !== VERSION) return null;
  if (view.getUint32(60, true) !== crc32(bytes.subarray(0, 60))) return null;
  return {
    codec: view.getUint8(5) === 1 ? 'zstd' : 'plain',
    isArchived: view.getUint8(6) === 1,
    bodyBytes: view.getUint32(8, true),
    rawBytes: view.getUint32(12, true),
    bodyCrc: view.getUint32(16, true),
    count: view.getUint32(20, true),
    firstPosition: view.getFloat64(24, true),
    lastPosition: view.getFloat64(32, true),
    baseTime: view.getFloat64(40, true),
    newestTime: view.getFloat64(48, true),
  };
}

export interface FoundGroup {
  offset: number;
  header: GroupHeader;
  /** As stored. */
  body: Uint8Array;
}

/** What a walk through a segment found. */
export interface SegmentScan {
  groups: FoundGroup[];
  /** End of the last whole group, page-aligned: where the next may be written. */
  end: number;
  /** Places in the middle (between whole groups) that could not be read. */
  damaged: { offset: number; bytes: number }[];
  /** Something that is no whole group lies behind the last one: a commit that was cut short. */
  hasTornTail: boolean;
}

/** Finds the whole groups of a segment. What cannot be read is reported, and the walk goes on at the next page. */
export function scanSegment(bytes: Uint8Array, crc32: Crc32, after = Number.NEGATIVE_INFINITY): SegmentScan {
  const groups: FoundGroup[] = [];
  const damaged: SegmentScan['damaged'] = [];
  let last = after;
  let end = 0;
  let badSince = -1;
  for (let offset = 0; offset < bytes.length; ) {
    const group = groupAt(bytes, offset, crc32);
    if (!group || group.header.firstPosition <= last) {
      if (badSince < 0 && !isZero(bytes, offset)) badSince = offset;
      offset += PAGE_BYTES;
      continue;
    }
    if (offset > end) damaged.push({ offset: end, bytes: offset - end });
    badSince = -1;
    groups.push(group);
    last = group.header.lastPosition;
    offset += groupSpan(group.header.bodyBytes);
    end = offset;
  }
  return { groups, end, damaged, hasTornTail: badSince >= 0 };
}

function groupAt(bytes: Uint8Array, offset: number, crc32: Crc32): FoundGroup | null {
  const header = readHeader(bytes.subarray(offset), crc32);
  if (!header) return null;
  const start = offset + HEADER_BYTES;
  if (start + header.bodyBytes > bytes.length) return null;
  const body = bytes.subarray(start, start + header.bodyBytes);
  return crc32(body) === header.bodyCrc ? { offset, header, body } : null;
}

function isZero(bytes: Uint8Array, offset: number): boolean {
  const stop = Math.min(offset + PAGE_BYTES, bytes.length);
  for (let i = offset; i < stop; i++) if (bytes[i] !== 0) return false;
  return true;
}

const FLAG_WEBHOOK = 1;
const FLAG_RETAINED = 2;
const FLAG_HAS_SOURCE = 4;
const FLAG_NEW_ROUTE = 8;

interface Route {
  sourceId: string | null;
  topic: string;
  index: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Gathers records of one group. Source and topic are written once a group and referred to by number after that.
 * Reused: `reset` keeps the memory.
 */
export class GroupEncoder {
  private bytes: Uint8Array;
  private at = 0;
  private readonly routes = new Map<string, Route>();
  private routeCount = 0;
  count = 0;
  firstPosition = 0;
  lastPosition = 0;
  baseTime = 0;
  newestTime = 0;

  constructor(initialBytes = 64 * 1024) {
    this.bytes = new Uint8Array(initialBytes);
  }

  get rawBytes(): number {
    return this.at;
  }

  reset(): void {
    this.at = 0;
    this.count = 0;
    this.routes.clear();
    this.routeCount = 0;
    // A burst must not hold its memory for ever.
    if (this.bytes.length > 4 * 1024 * 1024) this.bytes = new Uint8Array(64 * 1024);
  }

  /** The body so far; valid until the next `add` or `reset`. */
  body(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }

  add(record: Omit<JournalRecord, 'position'>, position: number): void {
    const { payload, topic, sourceId } = record;
    this.reserve(payload.length + 3 * topic.length + 3 * (sourceId?.length ?? 0) + 64);
    if (this.count === 0) {
      this.firstPosition = position;
      this.lastPosition = position - 1;
      this.baseTime = record.receivedAt;
      this.newestTime = record.receivedAt;
    }
    let route = this.routes.get(topic);
    const isNew = route === undefined || route.sourceId !== sourceId;
    if (route === undefined || isNew) {
      route = { sourceId, topic, index: this.routeCount++ };
      this.routes.set(topic, route);
    }
    this.bytes[this.at++] =
      (record.channel === 'webhook' ? FLAG_WEBHOOK : 0) |
      (record.isRetained ? FLAG_RETAINED : 0) |
      (sourceId === null ? 0 : FLAG_HAS_SOURCE) |
      (isNew ? FLAG_NEW_ROUTE : 0);
    if (isNew) {
      if (sourceId !== null) this.text(sourceId);
      this.text(topic);
    } else this.varint(route.index);
    this.varint(position - this.lastPosition);
    this.varint(zigzag(record.receivedAt - this.baseTime));
    this.varint(payload.length);
    this.bytes.set(payload, this.at);
    this.at += payload.length;
    this.count++;
    this.lastPosition = position;
    if (record.receivedAt > this.newestTime) this.newestTime = record.receivedAt;
  }

  private text(text: string): void {
    const written = encoder.encodeInto(text, this.bytes.subarray(this.at + 4)).written;
    // Two bytes of length are enough: an MQTT topic has at most 65,535.
    this.bytes[this.at] = written & 0xff;
    this.bytes[this.at + 1] = written >>> 8;
    this.bytes.copyWithin(this.at + 2, this.at + 4, this.at + 4 + written);
    this.at += 2 + written;
  }

  private varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.at++] = rest;
  }

  private reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.at + more));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
  }
}

/** The records of a group's body (uncompressed). Payloads are views into `body`. */
export function* decodeRecords(header: GroupHeader, body: Uint8Array): Generator<JournalRecord> {
  const routes: { sourceId: string | null; topic: string }[] = [];
  let at = 0;
  let position = header.firstPosition - 1;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = body[at++];
      if (byte === undefined) throw new RangeError('journal: a group ends in the middle of a record');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  };
  const text = (): string => {
    const length = (body[at] ?? 0) | ((body[at + 1] ?? 0) << 8);
    at += 2 + length;
    return decoder.decode(body.subarray(at - length, at));
  };
  for (let i = 0; i < header.count; i++) {
    const flags = body[at++] ?? 0;
    let route: { sourceId: string | null; topic: string } | undefined;
    if (flags & FLAG_NEW_ROUTE) {
      const sourceId = flags & FLAG_HAS_SOURCE ? text() : null;
      route = { sourceId, topic: text() };
      routes.push(route);
    } else route = routes[varint()];
    if (!route) throw new RangeError('journal: a record names a topic that is not there');
    position += varint();
    const receivedAt = header.baseTime + unzigzag(varint());
    const length = varint();
    at += length;
    if (at > body.length) throw new RangeError('journal: a group ends in the middle of a payload');
    yield {
      position,
      receivedAt,
      channel: flags & FLAG_WEBHOOK ? 'webhook' : 'mqtt',
      sourceId: route.sourceId,
      topic: route.topic,
      payload: body.subarray(at - length, at),
      isRetained: (flags & FLAG_RETAINED) !== 0,
    };
  }
}

const zigzag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);
const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);
