import type { Database } from 'bun:sqlite';
import type { ModelCard } from './model-card.ts';
import type { ModelIndex, ModelState } from './ports.ts';

interface Row {
  version: string;
  made_at_ms: number;
  known_until_ms: number;
  state: ModelState;
  card_json: string;
}

/** `ModelIndex` on SQLite. */
export function createModelIndex(db: Database): ModelIndex {
  const where = 'WHERE source_id = ? AND quantity = ?';
  return {
    list: ({ sourceId, quantity }) =>
      db
        .query<Row, [string, string]>(`SELECT * FROM forecast_models ${where} ORDER BY made_at_ms DESC, version DESC`)
        .all(sourceId, quantity)
        .map((row) => ({
          version: row.version,
          madeAt: row.made_at_ms,
          knownUntil: row.known_until_ms,
          state: row.state,
          card: JSON.parse(row.card_json) as ModelCard,
        })),
    put({ sourceId, quantity }, { version, madeAt, knownUntil, state, card }) {
      db.query('INSERT OR REPLACE INTO forecast_models VALUES (?, ?, ?, ?, ?, ?, ?)').run(
        ...[sourceId, quantity, version, madeAt, knownUntil, state, JSON.stringify(card)],
      );
    },
    setState({ sourceId, quantity }, version, state) {
      db.query(`UPDATE forecast_models SET state = ? ${where} AND version = ?`).run(
        ...[state, sourceId, quantity, version],
      );
    },
    remove({ sourceId, quantity }, version) {
      db.query(`DELETE FROM forecast_models ${where} AND version = ?`).run(sourceId, quantity, version);
    },
  };
}
