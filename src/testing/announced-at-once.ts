import { hearing } from './hearing.ts';

/** A device of Home Assistant's and what its sensors say, in their own units. */
export interface AnnouncedDevice {
  name: string;
  maker: string;
  model: string;
  values: readonly { name: string; unit: string; value: number; deviceClass: string; stateClass: string }[];
}

/** The class that Home Assistant's integrations give a unit. */
const CLASSES: Record<string, string> = {
  ...{ W: 'power', kW: 'power', Wh: 'energy', kWh: 'energy', MWh: 'energy', V: 'voltage', mV: 'voltage', A: 'current' },
  ...{ mA: 'current', Hz: 'frequency', '°C': 'temperature', VA: 'apparent_power', kVA: 'apparent_power' },
};
const STORED = 'energy_storage';

const idOf = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '_');

/** The numbers that arrive of a device which announces all of its sensors at once and says them in one object. */
export function announcedAtOnce({ name, maker, model, values }: AnnouncedDevice): Record<string, unknown> {
  const hear = hearing();
  const id = idOf(name);
  const topic = `bridge/${id}`;
  const sensors = values.map(({ name: called, unit, deviceClass, stateClass }) => {
    const isCounter = /^[kM]?Wh$/.test(unit) && deviceClass !== STORED;
    return {
      platform: 'sensor',
      name: called,
      unique_id: `${id}_${idOf(called)}`,
      value_template: `{{ value_json.${idOf(called)} }}`,
      unit_of_measurement: unit,
      device_class: deviceClass || CLASSES[unit],
      state_class: stateClass || (isCounter ? 'total_increasing' : 'measurement'),
    };
  });
  const components = Object.fromEntries(sensors.map((sensor) => [sensor.unique_id, sensor]));
  const device = { identifiers: [id], name, manufacturer: maker, model };
  hear(`homeassistant/device/${id}/config`, { device, origin: { name: 'bridge' }, state_topic: topic, components });
  const said = hear(topic, Object.fromEntries(values.map((one) => [idOf(one.name), one.value])));
  return Object.fromEntries(Object.entries(said).filter(([, value]) => typeof value === 'number'));
}
