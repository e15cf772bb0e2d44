import type { Migration } from '../../src/platform/migrate.ts';
import readings from './0001_readings.sql' with { type: 'text' };
import books from './0002_books.sql' with { type: 'text' };
import corrections from './0003_corrections.sql' with { type: 'text' };
import quality from './0004_quality.sql' with { type: 'text' };
import recent from './0005_recent.sql' with { type: 'text' };
import earlierRules from './0006_earlier_rules.sql' with { type: 'text' };
import known from './0007_known.sql' with { type: 'text' };

/**
 * Every telemetry migration (DuckDB), in order. The SQL is embedded: `import x from './0001_x.sql' with { type: 'text' }`.
 * A migration that was released never changes; the next thought is the next number.
 */
export const telemetryMigrations: readonly Migration[] = [
  { name: '0001_readings', sql: readings },
  { name: '0002_books', sql: books },
  { name: '0003_corrections', sql: corrections },
  { name: '0004_quality', sql: quality },
  { name: '0005_recent', sql: recent },
  { name: '0006_earlier_rules', sql: earlierRules },
  { name: '0007_known', sql: known },
];
