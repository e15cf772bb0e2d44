import type { Database } from 'bun:sqlite';
import type { ColumnNames } from './block.ts';

/** Names of columns with their numbers. New ones are stored with the first block that has them. */
export class StoredNames implements ColumnNames {
  private readonly ids = new Map<string, number>();
  private readonly list: string[] = [];
  private readonly unsaved = new Set<string>();

  constructor(private readonly db: Database) {
    const rows = db.query<{ id: number; name: string }, []>('SELECT id, name FROM column_names').all();
    for (const { id, name } of rows) this.know(id, name);
  }

  idOf(name: string): number {
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    const id = Math.max(1, this.list.length);
    this.know(id, name);
    this.unsaved.add(name);
    return id;
  }

  find(name: string): number | undefined {
    return this.ids.get(name);
  }

  nameOf(id: number): string {
    return this.list[id] ?? '';
  }

  /** Part of the transaction that stores blocks. */
  save(): void {
    if (this.unsaved.size === 0) return;
    const put = this.db.query('INSERT OR REPLACE INTO column_names (id, name) VALUES (?, ?)');
    for (const [name, id] of this.ids) put.run(id, name);
    this.unsaved.clear();
  }

  private know(id: number, name: string): void {
    this.ids.set(name, id);
    this.list[id] = name;
  }
}
