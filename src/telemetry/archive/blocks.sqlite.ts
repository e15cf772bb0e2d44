import type { Database, Statement } from 'bun:sqlite';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { archiveMigrations } from '../../../migrations/archive/index.ts';
import { nextTurn } from '../../core/next-turn.ts';
import { AmpraError } from '../../core/result.ts';
import { DamagedDatabaseError } from '../../platform/duckdb.ts';
import { migrateSqlite } from '../../platform/migrate.ts';
import { inTransaction, openSqlite } from '../../platform/sqlite.ts';
import type { TimeRange } from '../figures.ts';
import { type Block, DamagedBlockError, PackedBlock, type Packing, packBlock } from './block.ts';
import { StoredNames } from './column-names.sqlite.ts';
import { KeptBlocks } from './kept-blocks.ts';
import { blockId, DAY_MS, dayOf, type Level, levels, MOST_ID, stretchOf, stretchOfId } from './levels.ts';

/** What the archive holds of a source. */
export interface Archived {
  readings: number;
  firstMs: number;
  lastMs: number;
}

/** A block that is to be stored. */
export interface NewBlock {
  id: number;
  rows: number;
  firstMs: number;
  lastMs: number;
  body: Uint8Array;
}

/** Level 1: the next ones cost twice the time for a hundredth of the room. */
const packing: Packing = {
  pack: (bytes) => Bun.zstdCompressSync(bytes, { level: 1 }),
  unpack: (bytes) => Bun.zstdDecompressSync(bytes),
  checksum: (bytes) => Bun.hash.crc32(bytes),
};

/** Pages given back to the file system before others have their turn. */
const RELEASED_PAGES = 500;
/** Longer ranges are asked for rarely, and would push all else out of memory. */
const keptDays = (level: Level): number => (level === 'readings' ? 3 : 800);
/** Stands among damaged blocks for what belongs to none. */
const NOT_A_BLOCK = -1;

/** True if SQLite says that the file is not what was written. */
const isDamage = (error: unknown): boolean =>
  /^SQLITE_(NOTADB|CORRUPT)/.test((error as { code?: string } | null)?.code ?? '');

/** The file of packed blocks. What is written together is there together, or not at all. */
export class BlockFile {
  private readonly names: StoredNames;
  private readonly statements: ReturnType<typeof statementsOf>;

  private readonly damaged = new Set<number>();
  private readonly kept = new KeptBlocks();

  private constructor(readonly db: Database) {
    this.names = new StoredNames(db);
    this.statements = statementsOf(db);
  }

  /** Opens or creates. Throws `DamagedDatabaseError` when a file is there that SQLite cannot read. */
  static open(path: string, now: () => number): BlockFile {
    mkdirSync(dirname(path), { recursive: true });
    let db: Database | null = null;
    try {
      db = openSqlite(path, { giveRoomBack: true });
      migrateSqlite(db, archiveMigrations, now);
      const file = new BlockFile(db);
      file.checkHead();
      return file;
    } catch (error) {
      db?.close();
      throw isDamage(error) ? new DamagedDatabaseError(path, error) : error;
    }
  }

  close(): void {
    this.db.close();
  }

  /** Reads what every start needs, and without which nothing can be found: throws when it is damaged. Blocks take too long. */
  private checkHead(): void {
    this.statements.totals.all(blockId('minute', 0, 0));
    for (const table of ['sources', 'sqlite_sequence', 'column_names']) {
      const [verdict] = this.db.query<{ integrity_check: string }, []>(`PRAGMA integrity_check(${table})`).all();
      if (verdict?.integrity_check !== 'ok')
        throw Object.assign(new Error(verdict?.integrity_check ?? `${table} is unreadable`), {
          code: 'SQLITE_CORRUPT',
        });
    }
  }

  /** The numbers of sources, by their ids. */
  sources(): Map<string, number> {
    const rows = this.db.query<{ id: number; source_id: string }, []>('SELECT id, source_id FROM sources').all();
    return new Map(rows.map((row) => [row.source_id, row.id]));
  }

  /** The number of a source; a new one, `wanted` if that was never used, when it has none. */
  numberOf(sourceId: string, wanted?: number): number {
    return inTransaction(this.db, () => {
      const known = this.db.query<{ id: number }, [string]>('SELECT id FROM sources WHERE source_id = ?').get(sourceId);
      if (known) return known.id;
      const id = wanted !== undefined && wanted > this.lastNumber() ? wanted : null;
      return Number(this.db.query('INSERT INTO sources VALUES (?, ?)').run(id, sourceId).lastInsertRowid);
    });
  }

  /** The highest number that was ever given to a source; 0 when none was. */
  private lastNumber(): number {
    const last = this.db.query<{ seq: number }, []>("SELECT seq FROM sqlite_sequence WHERE name = 'sources'").get();
    return last?.seq ?? 0;
  }

  /** The readings of each source, by its number. */
  all(): Map<number, Archived> {
    const rows = this.ask(() => this.statements.totals.all(blockId('minute', 0, 0)));
    return new Map(rows.map(({ source, ...archived }) => [source, archived]));
  }

  /** Stretches of a level that share time with the range and have rows, and how many. */
  there(level: Level, source: number, range: TimeRange): Map<number, number> {
    const rows = this.ask(() => this.statements.there.all(...idsOf(level, source, range)));
    return new Map(rows.map((row) => [stretchOfId(row.id), row.rows]));
  }

  /** Blocks that share time with the range, ascending. Damaged ones are left out and remembered, or thrown. */
  read(level: Level, source: number, range: TimeRange, damaged: 'left out' | 'thrown'): PackedBlock[] {
    // Whoever writes anew what he reads sees the file, not what was read of it before.
    const known = damaged === 'left out' ? this.keptOf(level, source, range) : undefined;
    if (known) return known;
    const isKept = damaged === 'left out' && range.to - range.from <= keptDays(level) * DAY_MS;
    return this.bodies(idsOf(level, source, range)).flatMap(({ id, body }) => {
      try {
        if (body === null) throw new DamagedBlockError('the file is damaged there');
        const block = new PackedBlock(body, this.names, packing);
        if (isKept) this.kept.put(id, block);
        return [block];
      } catch (error) {
        if (!(error instanceof DamagedBlockError) || damaged === 'thrown') throw error;
        this.damaged.add(id);
        return [];
      }
    });
  }

  /** The same from memory; undefined unless all of it is there. */
  private keptOf(level: Level, source: number, range: TimeRange): PackedBlock[] | undefined {
    this.kept.trim();
    const blocks: PackedBlock[] = [];
    for (const { id } of this.ask(() => this.statements.there.all(...idsOf(level, source, range)))) {
      const block = this.kept.get(id);
      if (!block) return undefined;
      blocks.push(block);
    }
    return blocks;
  }

  /** Bodies of blocks; null for those that lie on pages of the file which cannot be read. */
  private bodies(ids: [number, number]): { id: number; body: Uint8Array | null }[] {
    try {
      return this.statements.bodies.all(...ids);
    } catch (error) {
      if (!isDamage(error)) throw error;
      return this.ask(() => this.statements.there.all(...ids)).map(({ id }) => ({ id, body: this.bodyOf(id) }));
    }
  }

  private bodyOf(id: number): Uint8Array | null {
    try {
      return this.statements.bodies.get(id, id + 1)?.body ?? null;
    } catch (error) {
      if (!isDamage(error)) throw error;
      return null;
    }
  }

  /** Where not even what is there can be read, what needs it is refused in words; the System page says what to do. */
  private ask<T>(question: () => T): T {
    try {
      return question();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.damaged.add(NOT_A_BLOCK);
      throw new AmpraError(
        {
          code: 'unavailable',
          message: 'This part of the past cannot be read: the file that holds it is damaged.',
          hint: 'The System page says what to do.',
        },
        { cause: error },
      );
    }
  }

  /** Blocks that were found damaged since the start. */
  damagedCount(): number {
    return this.damaged.size;
  }

  /** First and last time of the first day of readings that ends at or after `time`. */
  firstDayFrom(source: number, time: number): { firstMs: number; lastMs: number } | null {
    const [from, end] = [blockId('readings', source, Math.max(0, dayOf(time))), blockId('readings', source + 1, 0)];
    return this.ask(() => this.statements.firstFrom.get(from, end, time));
  }

  /** Time of the first row of a level; null when there is none. */
  first(level: Level, source: number): number | null {
    const found = this.ask(() =>
      this.statements.firstFrom.get(blockId(level, source, 0), blockId(level, source + 1, 0), 0),
    );
    return found?.firstMs ?? null;
  }

  pack(level: Level, source: number, stretch: number, block: Block): NewBlock {
    const { times } = block;
    return {
      id: blockId(level, source, stretch),
      rows: times.length,
      firstMs: times[0] ?? 0,
      lastMs: times[times.length - 1] ?? 0,
      body: packBlock(block, this.names, packing),
    };
  }

  /** Stores blocks in place of those that were there, and removes others, in one transaction. */
  write(blocks: readonly NewBlock[], gone: readonly number[] = []): void {
    inTransaction(
      this.db,
      () => {
        this.names.save();
        for (const { id, rows, firstMs, lastMs, body } of blocks)
          this.statements.put.run(id, rows, firstMs, lastMs, body);
        for (const id of gone) this.statements.remove.run(id, id + 1);
      },
      'archive',
    );
    this.kept.forget(blocks.map(({ id }) => id));
    this.kept.forget(gone);
  }

  deleteSource(source: number): void {
    inTransaction(
      this.db,
      () => {
        for (const level of Object.keys(levels) as Level[])
          this.statements.remove.run(blockId(level, source, 0), blockId(level, source + 1, 0));
        this.db.query('DELETE FROM sources WHERE id = ?').run(source);
      },
      'archive',
    );
    this.kept.clear();
  }

  /** Gives the room of removed blocks back to the file system, a little at a time. */
  async release(): Promise<void> {
    let isReleased = false;
    while ((this.statements.free.get()?.freelist_count ?? 0) > 0) {
      this.db.exec(`PRAGMA incremental_vacuum(${RELEASED_PAGES})`);
      await nextTurn();
      isReleased = true;
    }
    // The file becomes shorter with a checkpoint; while a backup copies it none is made.
    const [limit] = this.db.query<{ wal_autocheckpoint: number }, []>('PRAGMA wal_autocheckpoint').all();
    if (isReleased && limit?.wal_autocheckpoint) this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** What the blocks of a level that share time with the range hold. */
  share(level: Level, source: number, range: TimeRange): { rows: number; bytes: number } {
    const found = this.statements.share.get(...idsOf(level, source, range));
    return { rows: found?.rows ?? 0, bytes: found?.bytes ?? 0 };
  }

  /** Bytes of a level. */
  bytes(level: Level): number {
    return this.statements.bytes.get(blockId(level, 0, 0), blockId(level, 0, 0) + MOST_ID)?.bytes ?? 0;
  }
}

function idsOf(level: Level, source: number, range: TimeRange): [number, number] {
  const day = (time: number) => stretchOf(level, Math.max(0, dayOf(time)));
  return [blockId(level, source, day(range.from)), blockId(level, source, day(range.to - 1)) + 1];
}

function statementsOf(db: Database) {
  const query = <Row, Values extends (number | Uint8Array)[]>(sql: string) => db.query(sql) as Statement<Row, Values>;
  return {
    totals: query<Archived & { source: number }, [number]>(
      `SELECT id >> 20 AS source, sum(rows) AS readings, min(first_ms) AS firstMs, max(last_ms) AS lastMs
       FROM blocks WHERE id < ? GROUP BY id >> 20`,
    ),
    there: query<{ id: number; rows: number }, [number, number]>(
      'SELECT id, rows FROM blocks WHERE id >= ? AND id < ? ORDER BY id',
    ),
    bodies: query<{ id: number; body: Uint8Array }, [number, number]>(
      'SELECT id, body FROM blocks WHERE id >= ? AND id < ? ORDER BY id',
    ),
    firstFrom: query<{ firstMs: number; lastMs: number }, [number, number, number]>(
      `SELECT first_ms AS firstMs, last_ms AS lastMs FROM blocks
       WHERE id >= ? AND id < ? AND last_ms >= ? ORDER BY id LIMIT 1`,
    ),
    put: query<never, [number, number, number, number, Uint8Array]>(
      'INSERT OR REPLACE INTO blocks (id, rows, first_ms, last_ms, body) VALUES (?, ?, ?, ?, ?)',
    ),
    remove: query<never, [number, number]>('DELETE FROM blocks WHERE id >= ? AND id < ?'),
    bytes: query<{ bytes: number | null }, [number, number]>(
      'SELECT sum(length(body)) AS bytes FROM blocks WHERE id >= ? AND id < ?',
    ),
    share: query<{ rows: number | null; bytes: number | null }, [number, number]>(
      'SELECT sum(rows) AS rows, sum(length(body)) AS bytes FROM blocks WHERE id >= ? AND id < ?',
    ),
    free: query<{ freelist_count: number }, []>('PRAGMA freelist_count'),
  };
}
