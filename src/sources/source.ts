import type { SourceArray } from './panels.ts';

export type { SourceArray };

/** What a source measures in the house; decides which quantities it contributes (see `houseQuantities`). */
export type SourceRole = 'system' | 'solar' | 'load' | 'grid' | 'battery' | 'generator';
export type ConnectionType = 'mqtt' | 'webhook';

export const sourceRoles: readonly SourceRole[] = ['system', 'solar', 'load', 'grid', 'battery', 'generator'];

/** A sun source: an inverter, charge controller, meter or anything else that reports. Secrets are never part of it. */
export interface Source {
  id: string;
  ownerId: string;
  groupId: string | null;
  name: string;
  description: string;
  role: SourceRole;
  connectionType: ConnectionType;
  /** Degrees, north positive; -90..90. */
  latitude: number;
  /** Degrees, east positive; -180..180. */
  longitude: number;
  /** IANA name; days, months and years of this source are counted in it. */
  timeZone: string;
  /** Own topic, `ampra/<id>/telemetry`. */
  mqttTopic: string;
  isActive: boolean;
  /** W, 0..1,000,000; null when unknown. */
  installedCapacityW: number | null;
  /** The most that the inverter gives, W AC, 1..1,000,000; null when unknown. */
  inverterLimitW: number | null;
  /** Its panels as stated; empty while nobody said. */
  arrays: readonly SourceArray[];
  /** ISO 4217. */
  currency: string;
  /** In the currency's minor unit (cents). */
  systemCostMinor: number | null;
  maintenancePerYearMinor: number | null;
  /** Calendar date, YYYY-MM-DD. */
  installationDate: string | null;
  /** Name of the icon's file under the data directory, or null. */
  iconFile: string | null;
  createdAt: number;
  updatedAt: number;
  /** Grows by one with each change; an edit that names an older one is refused as stale. */
  version: number;
}

export interface PowerGroup {
  id: string;
  ownerId: string;
  name: string;
  description: string;
  logoFile: string | null;
  createdAt: number;
  updatedAt: number;
  version: number;
}

export const ownTopic = (sourceId: string): string => `ampra/${sourceId}/telemetry`;
