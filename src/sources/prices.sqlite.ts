import type { Database } from 'bun:sqlite';
import type { PriceStore } from './ports.ts';

interface Row {
  source_id: string;
  effective_from: string;
  currency: string;
  import_micros_per_kwh: number | null;
  export_micros_per_kwh: number | null;
}

/** `PriceStore` on SQLite. */
export function createPriceStore(db: Database): PriceStore {
  return {
    loadAll: () =>
      db
        .query<Row, []>('SELECT * FROM source_prices ORDER BY source_id, effective_from')
        .all()
        .map((row) => ({
          sourceId: row.source_id,
          price: {
            effectiveFrom: row.effective_from,
            currency: row.currency,
            importMicrosPerKwh: row.import_micros_per_kwh,
            exportMicrosPerKwh: row.export_micros_per_kwh,
          },
        })),
    put(sourceId, price) {
      db.query(
        `INSERT OR REPLACE INTO source_prices
           (source_id, effective_from, currency, import_micros_per_kwh, export_micros_per_kwh) VALUES (?, ?, ?, ?, ?)`,
      ).run(sourceId, price.effectiveFrom, price.currency, price.importMicrosPerKwh, price.exportMicrosPerKwh);
    },
    remove(sourceId, effectiveFrom) {
      db.query('DELETE FROM source_prices WHERE source_id = ? AND effective_from = ?').run(sourceId, effectiveFrom);
    },
  };
}
