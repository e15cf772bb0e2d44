import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { readingColumnsSql } from '../src/telemetry/store/columns.ts';
import { archiveSchema, relationalSchema, telemetrySchema } from '../src/testing/schema.ts';

const stored = (name: string): Promise<string> => Bun.file(join(import.meta.dir, '..', 'migrations', name)).text();

describe('the checked-in schema (npm run schema writes it)', () => {
  test('of the relational database is what the migrations give', async () => {
    expect(relationalSchema()).toBe(await stored('relational.schema.sql'));
  });

  test('of the archive is what the migrations give', async () => {
    expect(archiveSchema()).toBe(await stored('archive.schema.sql'));
  });

  test('of the telemetry database is what the migrations give', async () => {
    expect(await telemetrySchema()).toBe(await stored('telemetry.schema.sql'));
  });
});

test('the telemetry tables have a column for each metric of the catalogue, in its order', async () => {
  const schema = await telemetrySchema();
  const columnsOf = (table: string): string[] => {
    const body = new RegExp(`CREATE TABLE ${table} \\((.*?)\\n\\);`, 's').exec(schema)?.[1] ?? '';
    return body.split(',').map((column) => column.trim());
  };
  const wanted = (sql: string): string[] =>
    sql
      .split(',')
      .map((column) => column.trim())
      .filter(Boolean);
  expect(columnsOf('readings')).toEqual([
    'source INTEGER NOT NULL',
    'time_ms BIGINT NOT NULL',
    'derived INTEGER',
    ...wanted(readingColumnsSql()),
    'metadata VARCHAR',
  ]);
});
