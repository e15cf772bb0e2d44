import type { Database } from 'bun:sqlite';
import { inTransaction } from '../platform/sqlite.ts';
import type { GroupStore } from './ports.ts';
import type { PowerGroup } from './source.ts';

interface Row {
  id: string;
  owner_id: string;
  name: string;
  description: string;
  logo_file: string | null;
  created_at_ms: number;
  updated_at_ms: number;
  version: number;
}

/** `GroupStore` on SQLite. */
export function createGroupStore(db: Database): GroupStore {
  return {
    loadAll: () => db.query<Row, []>('SELECT * FROM power_groups').all().map(toGroup),
    insert(group) {
      db.query(
        `INSERT INTO power_groups (id, owner_id, name, description, logo_file, created_at_ms, updated_at_ms, version)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        group.id,
        group.ownerId,
        group.name,
        group.description,
        group.logoFile,
        group.createdAt,
        group.updatedAt,
        group.version,
      );
    },
    update(group, expectedVersion) {
      const result = db
        .query(
          `UPDATE power_groups SET name = ?, description = ?, logo_file = ?, updated_at_ms = ?, version = ?
           WHERE id = ? AND version = ?`,
        )
        .run(group.name, group.description, group.logoFile, group.updatedAt, group.version, group.id, expectedVersion);
      return result.changes === 1;
    },
    remove(id, at) {
      inTransaction(db, () => {
        db.query('UPDATE sources SET group_id = NULL, version = version + 1, updated_at_ms = ? WHERE group_id = ?').run(
          at,
          id,
        );
        db.query('DELETE FROM power_groups WHERE id = ?').run(id);
      });
    },
  };
}

function toGroup(row: Row): PowerGroup {
  return {
    id: row.id,
    ownerId: row.owner_id,
    name: row.name,
    description: row.description,
    logoFile: row.logo_file,
    createdAt: row.created_at_ms,
    updatedAt: row.updated_at_ms,
    version: row.version,
  };
}
