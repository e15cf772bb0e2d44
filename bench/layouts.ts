import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIGINT, DOUBLE, type DuckDBConnection, DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';
import { type Block, type ColumnNames, PackedBlock, type Packing, packBlock } from '../src/telemetry/archive/block.ts';
import { DAY_MS } from '../src/telemetry/archive/levels.ts';
import { rowsBetween } from '../src/telemetry/archive/rows.ts';
import { household, householdMetrics } from './household.ts';

/**
 * `npm run bench layouts`: the same readings laid out in the ways that docs/decisions/telemetry-layout.md weighs. No targets:
 * it prints bytes a reading, and what writing and reading costs in processor time.
 */
const START = Date.UTC(2025, 0, 1);
const cases = [
  { name: 'a year at a minute', intervalMs: 60_000, days: 365 },
  { name: '60 days at ten seconds', intervalMs: 10_000, days: 60 },
];
/** Decimals of each metric as the devices report it. */
const digits = [0, 1, 1, 0, 0, 0, 0, 1, 1, 3];

interface Layout {
  name: string;
  bytes: number;
  /** Processor time of writing and of reading four columns of it all, ns a value. */
  writeNs: number;
  readNs: number;
}

export async function benchLayouts(): Promise<void> {
  for (const { name, intervalMs, days } of cases) {
    const block = readings(intervalMs, days);
    const count = block.times.length;
    const layouts = [packedDays(block, 1), packedDays(block, 3), packedDays(block, 9), ...(await inDuckdb(block))];
    console.log(`\n${name}: ${count} readings of ten metrics`);
    for (const l of layouts)
      console.log(
        `  ${l.name.padEnd(44)} ${(l.bytes / count).toFixed(2).padStart(6)} B  write ${l.writeNs.toFixed(0).padStart(4)} ns  read ${l.readNs.toFixed(1).padStart(5)} ns`,
      );
  }
}

function readings(intervalMs: number, days: number): Block {
  const rows = [...household({ seed: 1, from: START, to: START + days * DAY_MS, intervalMs })];
  const column = (name: (typeof householdMetrics)[number]) =>
    Float64Array.from(rows, (r) => r.values[name] ?? Number.NaN);
  return {
    times: Float64Array.from(rows, (r) => r.time),
    numbers: new Map(householdMetrics.map((name) => [name, column(name)])),
    texts: new Map(),
  };
}

/** Processor time of `work`, ns. */
async function cpu(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) * 1000;
}

const names: ColumnNames = {
  idOf: (name) => 1 + householdMetrics.indexOf(name as (typeof householdMetrics)[number]),
  find: (name) => 1 + householdMetrics.indexOf(name as (typeof householdMetrics)[number]),
  nameOf: (id) => householdMetrics[id - 1] ?? '',
};

function packedDays(block: Block, level: number): Layout {
  const packing: Packing = {
    pack: (bytes) => Bun.zstdCompressSync(bytes, { level: level as 1 }),
    unpack: (bytes) => Bun.zstdDecompressSync(bytes),
    checksum: (bytes) => Bun.hash.crc32(bytes),
  };
  const days: Uint8Array[] = [];
  const before = process.cpuUsage();
  const last = block.times[block.times.length - 1] as number;
  for (let day = START; day <= last; day += DAY_MS)
    days.push(packBlock(rowsBetween(block, day, day + DAY_MS), names, packing));
  const written = process.cpuUsage(before);
  const between = process.cpuUsage();
  for (const bytes of days) {
    const packed = new PackedBlock(bytes, names, packing);
    packed.times();
    for (const name of householdMetrics.slice(3, 7)) packed.numbers(name);
  }
  const read = process.cpuUsage(between);
  const values = block.times.length;
  return {
    name: `packed days, zstd ${level}`,
    bytes: days.reduce((sum, bytes) => sum + bytes.length, 0),
    writeNs: ((written.user + written.system) * 1000) / (11 * values),
    readNs: ((read.user + read.system) * 1000) / (5 * values),
  };
}

async function inDuckdb(block: Block): Promise<Layout[]> {
  const dir = mkdtempSync(join(tmpdir(), 'ampra-layouts-'));
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '400MB', threads: '2' });
  const connection = await instance.connect();
  try {
    await fill(connection, block);
    const layouts: Layout[] = [];
    const typed = (type: string) => householdMetrics.map((m) => `${m}::${type} AS ${m}`).join(', ');
    const whole = householdMetrics.map((m, i) => `round(${m} * ${10 ** (digits[i] ?? 0)})::INTEGER AS ${m}`).join(', ');
    for (const [name, columns] of [
      ['FLOAT', typed('FLOAT')],
      ['DOUBLE', typed('DOUBLE')],
      ['INTEGER, scaled', whole],
    ] as const)
      layouts.push(await asTable(connection, dir, name, columns, block.times.length));
    for (const [name, columns] of [
      ['DOUBLE', typed('DOUBLE')],
      ['INTEGER, scaled', whole],
    ] as const)
      layouts.push(await asParquet(connection, dir, name, columns, block.times.length));
    return layouts;
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function fill(connection: DuckDBConnection, block: Block): Promise<void> {
  await connection.run(
    `CREATE TEMP TABLE given (time_ms BIGINT, ${householdMetrics.map((m) => `${m} DOUBLE`).join(', ')})`,
  );
  const appender = await connection.createAppender('given', 'main', 'temp');
  const types = [BIGINT, ...householdMetrics.map(() => DOUBLE)];
  for (let from = 0; from < block.times.length; from += 2048) {
    const to = Math.min(block.times.length, from + 2048);
    const chunk = DuckDBDataChunk.create(types, to - from);
    chunk.setColumnValues(0, Array.from(block.times.subarray(from, to), BigInt));
    for (const [i, name] of householdMetrics.entries())
      chunk.setColumnValues(i + 1, [...(block.numbers.get(name)?.subarray(from, to) ?? [])]);
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** Four columns of everything, added up. */
const sums = householdMetrics
  .slice(3, 7)
  .map((m) => `sum(${m})`)
  .join(', ');

async function asTable(
  connection: DuckDBConnection,
  dir: string,
  name: string,
  columns: string,
  count: number,
): Promise<Layout> {
  const path = join(dir, `${name.replace(/\W/g, '')}.duckdb`);
  await connection.run(`ATTACH '${path}' AS kept (ROW_GROUP_SIZE 40960, BLOCK_SIZE 65536, STORAGE_VERSION 'v1.5.0')`);
  const written = await cpu(async () => {
    await connection.run(
      `CREATE TABLE kept.readings AS SELECT 1 AS source, time_ms, ${columns} FROM given ORDER BY time_ms`,
    );
    await connection.run('CHECKPOINT kept');
  });
  const read = await cpu(() => connection.run(`SELECT sum(time_ms), ${sums} FROM kept.readings`));
  const bytes = statSync(path).size;
  await connection.run('DETACH kept');
  return { name: `DuckDB table, ${name}`, bytes, writeNs: written / (11 * count), readNs: read / (5 * count) };
}

async function asParquet(
  connection: DuckDBConnection,
  dir: string,
  name: string,
  columns: string,
  count: number,
): Promise<Layout> {
  const path = join(dir, `${name.replace(/\W/g, '')}.parquet`);
  const written = await cpu(() =>
    connection.run(
      `COPY (SELECT time_ms, ${columns} FROM given ORDER BY time_ms) TO '${path}' (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2)`,
    ),
  );
  const read = await cpu(() => connection.run(`SELECT sum(time_ms), ${sums} FROM read_parquet('${path}')`));
  return {
    name: `Parquet v2, zstd, ${name}`,
    bytes: statSync(path).size,
    writeNs: written / (11 * count),
    readNs: read / (5 * count),
  };
}
