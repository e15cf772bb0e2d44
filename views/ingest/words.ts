import { capitalised, formatQuantity, joinShown } from '../../src/core/format.ts';
import { metrics } from '../../src/core/metrics.ts';
import type { MetricValues } from '../../src/core/reading.ts';

const written: Record<string, string> = {
  ampra: 'Ampra’s own format',
  'solar-assistant': 'SolarAssistant',
  victron: 'Victron Venus OS',
  opendtu: 'OpenDTU',
  ahoy: 'AhoyDTU',
  deye: 'Deye',
  'mpp-solar': 'mpp-solar',
  solar2mqtt: 'Solar2MQTT',
  emon: 'emonTx and emonhub',
  zigbee2mqtt: 'Zigbee2MQTT',
  evcc: 'evcc',
  'home-assistant': 'Home Assistant announcement',
  'shelly-gen1': 'Shelly, first generation',
  mapping: 'your mapping',
};

/** What a dialect is called; a new one by its file's name. */
export function dialectName(name: string): string {
  return written[name] ?? capitalised(name.replaceAll('-', ' '));
}

/** Values in the catalogue's order with their units, for a list. */
export function shownValues(values: MetricValues): { name: string; label: string; text: string }[] {
  return metrics.flatMap((metric) => {
    const value = values[metric.name];
    if (value === undefined) return [];
    const text = typeof value === 'number' ? joinShown(formatQuantity(value, metric.unit)) : [value].flat().join(', ');
    return [{ name: metric.name, label: metric.label, text: text || 'none' }];
  });
}

/** "certain", "quite sure": a number says more than there is to say. */
export function surenessWord(sureness: number): string {
  if (sureness >= 0.9) return 'certain';
  if (sureness >= 0.75) return 'quite sure';
  return sureness >= 0.5 ? 'likely' : 'a guess';
}
