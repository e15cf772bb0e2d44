import { capitalised } from '../core/format.ts';

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

/** Dialects of no device: what they are called says nothing of who writes. */
const OF_NO_DEVICE = new Set(['ampra', 'plain-names', 'plain-meter', 'home-assistant', 'mapping']);

/** What a device is called after that writes this way; null where many do. */
export const familyName = (dialect: string | null): string | null =>
  dialect === null || OF_NO_DEVICE.has(dialect) ? null : dialectName(dialect);
