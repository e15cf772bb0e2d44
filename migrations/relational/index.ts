import type { Migration } from '../../src/platform/migrate.ts';
import accounts from './0001_accounts.sql' with { type: 'text' };
import sources from './0002_sources.sql' with { type: 'text' };
import jobs from './0003_jobs.sql' with { type: 'text' };
import quarantine from './0005_quarantine.sql' with { type: 'text' };
import system from './0006_system.sql' with { type: 'text' };
import announcements from './0007_announcements.sql' with { type: 'text' };
import discovery from './0008_discovery.sql' with { type: 'text' };
import connections from './0009_connections.sql' with { type: 'text' };
import refused from './0010_refused.sql' with { type: 'text' };
import weather from './0011_weather.sql' with { type: 'text' };
import announcedSources from './0012_announced_sources.sql' with { type: 'text' };
import panels from './0013_panels.sql' with { type: 'text' };
import forecasts from './0014_forecasts.sql' with { type: 'text' };
import provenSigns from './0015_proven_signs.sql' with { type: 'text' };
import panelLight from './0016_panel_light.sql' with { type: 'text' };
import signsRead from './0017_signs_read.sql' with { type: 'text' };
import topicRoutes from './0018_topic_routes.sql' with { type: 'text' };

/**
 * Every relational migration (SQLite), in order. The SQL is embedded: `import x from './0001_x.sql' with { type: 'text' }`.
 * A migration that was released never changes; the next thought is the next number.
 */
export const relationalMigrations: readonly Migration[] = [
  { name: '0001_accounts', sql: accounts },
  { name: '0002_sources', sql: sources },
  { name: '0003_jobs', sql: jobs },
  { name: '0005_quarantine', sql: quarantine },
  { name: '0006_system', sql: system },
  { name: '0007_announcements', sql: announcements },
  { name: '0008_discovery', sql: discovery },
  { name: '0009_connections', sql: connections },
  { name: '0010_refused', sql: refused },
  { name: '0011_weather', sql: weather },
  { name: '0012_announced_sources', sql: announcedSources },
  { name: '0013_panels', sql: panels },
  { name: '0014_forecasts', sql: forecasts },
  { name: '0015_proven_signs', sql: provenSigns },
  { name: '0016_panel_light', sql: panelLight },
  { name: '0017_signs_read', sql: signsRead },
  { name: '0018_topic_routes', sql: topicRoutes },
];
