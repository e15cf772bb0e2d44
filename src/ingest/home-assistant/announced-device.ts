import type { MetricName } from '../../core/metrics.ts';
import type { Source } from '../../sources/source.ts';
import { type Entity, entityOf } from './entity.ts';

/** What Ampra calls itself in announcements; its own are known by it and not taken as input. */
export const ORIGIN = 'Ampra';

/** A source as a device of Home Assistant: the payload of `homeassistant/device/<id>/config` (MQTT discovery, device form). */
export interface AnnouncedDevice {
  device: {
    identifiers: string[];
    name: string;
    manufacturer: string;
    model: string;
    sw_version: string;
    configuration_url?: string;
  };
  origin: { name: string; sw_version: string };
  availability: { topic: string }[];
  state_topic: string;
  components: Record<string, Entity>;
}

export interface DeviceFacts {
  source: Pick<Source, 'id' | 'name' | 'role'>;
  /** What the source reports. */
  metrics: readonly MetricName[];
  /** Age from which a value is no longer shown as what is now, ms. */
  staleMs(metric: MetricName): number;
  version: string;
  /** Address of the source's page; null when Ampra does not know how it is reached. */
  pageUrl: string | null;
}

export const configTopic = (sourceId: string): string => `homeassistant/device/ampra_${sourceId}/config`;
export const availabilityTopic = (sourceId: string): string => `ampra/${sourceId}/availability`;
export const latestTopic = (sourceId: string): string => `ampra/${sourceId}/latest`;

const models = {
  system: 'Solar system',
  solar: 'Solar inverter',
  load: 'Load meter',
  grid: 'Grid meter',
  battery: 'Battery',
  generator: 'Generator',
} as const;

export function announcedDevice({ source, metrics, staleMs, version, pageUrl }: DeviceFacts): AnnouncedDevice {
  const { id, name, role } = source;
  return {
    device: {
      identifiers: [`ampra_${id}`],
      name,
      manufacturer: ORIGIN,
      model: models[role],
      sw_version: version,
      ...(pageUrl !== null && { configuration_url: pageUrl }),
    },
    origin: { name: ORIGIN, sw_version: version },
    availability: [{ topic: availabilityTopic(id) }],
    state_topic: latestTopic(id),
    components: Object.fromEntries(metrics.map((metric) => [metric, entityOf(id, metric, staleMs(metric))])),
  };
}
