import type { Database } from 'bun:sqlite';
import { join } from 'node:path';
import type { AuditLog, SiteReader } from '../accounts/ports.ts';
import type { Clock } from '../core/clock.ts';
import type { JobQueue } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import type { Feature, PartHealth } from '../platform/feature.ts';
import type { WebRoutes } from '../web/routes.ts';
import { MemoryDirectory } from './directory-service.ts';
import { Groups } from './group-service.ts';
import { createGroupStore } from './groups.sqlite.ts';
import { FileImageStore } from './images.fs.ts';
import { SourceKeyVault } from './key-vault.fs.ts';
import type { RecentMessages, SourceActivity } from './ports.ts';
import { Prices } from './price-service.ts';
import { createPriceStore } from './prices.sqlite.ts';
import { SourceRemoval } from './removal-service.ts';
import { SourceService } from './service.ts';
import { createSourceStore } from './sources.sqlite.ts';

export interface SourcesDeps {
  /** The relational database, migrated. */
  db: Database;
  /** Folder that holds all state: `secrets.key` and `images/` are made in it. */
  dataDir: string;
  clock: Clock;
  log: Log;
  jobs: JobQueue;
  /** Where new sources stand unless they say otherwise. */
  site?: SiteReader;
  audit?: Pick<AuditLog, 'record'>;
}

/** What later features know about sources; plugged in by `app.ts` once they are built. */
export interface SourcePlugs {
  activity?: SourceActivity;
  messages?: RecentMessages;
}

/** Builds sources, groups and prices. Nothing is read before `start`. */
export function createSources(deps: SourcesDeps) {
  const log = deps.log.for('sources');
  const vault = new SourceKeyVault(join(deps.dataDir, 'secrets.key'));
  const images = new FileImageStore(join(deps.dataDir, 'images'));
  const store = createSourceStore(deps.db);
  const directory = new MemoryDirectory(vault, log);
  const removal = new SourceRemoval({ store, images, jobs: deps.jobs });
  const groups = new Groups({ store: createGroupStore(deps.db), directory, images, clock: deps.clock });
  const prices = new Prices({ store: createPriceStore(deps.db), directory });
  const site = { place: () => deps.site?.site() ?? null };
  const { clock, audit } = deps;
  const parts = { directory, store, groups, vault, images, removal, clock, site };
  const service = new SourceService({ ...parts, ...(audit ? { audit } : {}) });
  const plugs: SourcePlugs = {};
  const health: PartHealth = { part: 'sources', state: 'starting' };
  deps.jobs.define(removal.job());

  async function start(): Promise<void> {
    const rows = store.loadAll();
    directory.load(rows.filter((row) => row.deletedAt === null));
    groups.load();
    prices.load();
    // Even with a damaged key file devices may log in: API keys need no secret of ours.
    vault.start();
    for (const row of rows) if (row.deletedAt !== null) removal.condemn(row.source);
    const icons = directory.all().flatMap((source) => source.iconFile ?? []);
    await images.sweep(new Set([...icons, ...removal.iconsInUse(), ...groups.logosInUse()]));
    log.info('sources loaded', { sources: directory.all().length });
    health.state = 'ok';
  }

  /** For accounts: removes what a person has here, and returns once it is gone. */
  async function removeAllOf(userId: string): Promise<void> {
    await service.removeAllOf(userId);
    await groups.removeAllOf(userId);
  }

  const feature: Feature<WebRoutes> = {
    name: 'sources',
    start,
    health: () => [health],
  };
  return {
    ...feature,
    directory,
    service,
    groups,
    prices,
    deletion: removal,
    removeAllOf,
    /** For telemetry and ingest, which are built later. */
    plugIn: (more: SourcePlugs) => void Object.assign(plugs, more),
  };
}

export type Sources = ReturnType<typeof createSources>;
