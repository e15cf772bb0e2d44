import type { Database } from 'bun:sqlite';
import type { NumericMetric } from '../../core/metrics.ts';
import type { StoredMapping, TuningStore } from '../ports.ts';
import type { MappingRule } from './mapping.ts';

type MappingRow = {
  source_id: string;
  rules_json: string;
  is_replayed: number;
  updated_at_ms: number;
  version: number;
};
type CorrectionRow = { source_id: string; metric: string; factor: number; created_at_ms: number };
type BalanceRow = { checked_at_ms: number; result_json: string };

/** Mappings, corrections and results of the balance check on disk. */
export class SqliteTunings implements TuningStore {
  constructor(private readonly db: Database) {}

  mappings(): StoredMapping[] {
    return this.db.query<MappingRow, []>('SELECT * FROM mappings').all().map(asMapping);
  }

  mapping(sourceId: string): StoredMapping | null {
    const row = this.db.query<MappingRow, [string]>('SELECT * FROM mappings WHERE source_id = ?').get(sourceId);
    return row && asMapping(row);
  }

  saveMapping(mapping: StoredMapping, expectedVersion: number): boolean {
    const { sourceId, rules, isReplayed, updatedAt, version } = mapping;
    const json = JSON.stringify(rules);
    const { changes } =
      expectedVersion === 0
        ? this.db
            .query('INSERT OR IGNORE INTO mappings VALUES (?, ?, ?, ?, ?)')
            .run(sourceId, json, isReplayed ? 1 : 0, updatedAt, version)
        : this.db
            .query(
              `UPDATE mappings SET rules_json = ?, is_replayed = ?, updated_at_ms = ?, version = ?
               WHERE source_id = ? AND version = ?`,
            )
            .run(json, isReplayed ? 1 : 0, updatedAt, version, sourceId, expectedVersion);
    return changes === 1;
  }

  markReplayed(sourceId: string, version: number, isReplayed = true): void {
    this.db
      .query('UPDATE mappings SET is_replayed = ? WHERE source_id = ? AND version = ?')
      .run(isReplayed ? 1 : 0, sourceId, version);
  }

  corrections(): { sourceId: string; metric: NumericMetric; factor: number; since: number }[] {
    return this.db
      .query<CorrectionRow, []>('SELECT * FROM corrections')
      .all()
      .map(({ source_id: sourceId, metric, factor, created_at_ms: since }) => ({
        ...{ sourceId, metric: metric as NumericMetric, factor, since },
      }));
  }

  saveCorrection(sourceId: string, metric: NumericMetric, factor: number, at: number): void {
    if (factor === 1) {
      this.db.query('DELETE FROM corrections WHERE source_id = ? AND metric = ?').run(sourceId, metric);
      return;
    }
    this.db
      .query(
        `INSERT INTO corrections (source_id, metric, factor, created_at_ms) VALUES (?, ?, ?, ?)
         ON CONFLICT (source_id, metric) DO UPDATE SET factor = excluded.factor, created_at_ms = excluded.created_at_ms`,
      )
      .run(sourceId, metric, factor, at);
  }

  balance(sourceId: string): { checkedAt: number; result: unknown } | null {
    const row = this.db
      .query<BalanceRow, [string]>('SELECT checked_at_ms, result_json FROM balance_checks WHERE source_id = ?')
      .get(sourceId);
    return row && { checkedAt: row.checked_at_ms, result: JSON.parse(row.result_json) };
  }

  saveBalance(sourceId: string, checkedAt: number, result: unknown): void {
    this.db
      .query('INSERT OR REPLACE INTO balance_checks (source_id, checked_at_ms, result_json) VALUES (?, ?, ?)')
      .run(sourceId, checkedAt, JSON.stringify(result));
  }

  forget(sourceId: string): void {
    for (const table of ['mappings', 'corrections', 'balance_checks'])
      this.db.query(`DELETE FROM ${table} WHERE source_id = ?`).run(sourceId);
    // What was found of a house that it was a part of says nothing of the house without it.
    this.db
      .query("DELETE FROM balance_checks WHERE source_id LIKE 'house:%' AND instr(source_id, ?) > 0")
      .run(sourceId);
  }
}

function asMapping(row: MappingRow): StoredMapping {
  return {
    sourceId: row.source_id,
    rules: JSON.parse(row.rules_json) as MappingRule[],
    isReplayed: row.is_replayed === 1,
    updatedAt: row.updated_at_ms,
    version: row.version,
  };
}
