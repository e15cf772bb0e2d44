import { hearing } from './hearing.ts';

/** What a device that announces these (name, unit, value; energies as counters) says, by name. */
export function announcing(
  device: string,
  values: Record<string, [string, string]>,
  more: object = {},
): Record<string, object> {
  const hear = hearing();
  for (const [name, [unit]] of Object.entries(values))
    hear(
      `homeassistant/sensor/x/${name.replaceAll(' ', '_')}/config`,
      JSON.stringify({
        ...{ name, state_topic: `x/${name}`, unit_of_measurement: unit, unique_id: `x ${name}` },
        ...(/^k?Wh$/.test(unit) && { device_class: 'energy', state_class: 'total_increasing' }),
        device: { identifiers: ['x'], name: device, ...more },
      }),
    );
  return Object.fromEntries(Object.entries(values).map(([name, [, value]]) => [name, hear(`x/${name}`, value)]));
}
