import type { Database } from 'bun:sqlite';
import type { ApplianceSettings } from './ports.ts';

/** Settings of the appliance itself, in SQLite. */
export class SqliteSettings implements ApplianceSettings {
  constructor(private readonly db: Database) {}

  get(name: string): { value: unknown; version: number } | undefined {
    const sql = 'SELECT value, version FROM appliance_settings WHERE name = ?';
    const row = this.db.query<{ value: string; version: number }, [string]>(sql).get(name);
    return row ? { value: JSON.parse(row.value), version: row.version } : undefined;
  }

  set(name: string, value: unknown, now: number, expectedVersion?: number): boolean {
    const sql = `INSERT INTO appliance_settings (name, value, updated_at_ms) VALUES ($name, $value, $now)
      ON CONFLICT (name) DO UPDATE SET value = $value, updated_at_ms = $now, version = version + 1
      WHERE $expected IS NULL OR version = $expected`;
    const params = { name, value: JSON.stringify(value), now, expected: expectedVersion ?? null };
    return this.db.query(sql).run(params).changes > 0;
  }
}
