import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured } from '../field-draft.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * SolarAssistant: `solar_assistant/<device>/<metric>/state`, one plain value a message. Names and signs after
 * Solar-Assistant/ha_solar_assistant docs/entity-contract.md: battery + charges, grid + imports. Its energies start
 * again every week or so and are no lifetime counters: they are kept beside the values. `total` outranks the packs, and
 * those the inverters.
 */
const DEVICE = /^(total|grid|weather|system|set|(?:inverter|battery)_(\d{1,2}))$/;
const PREFIX = 'solar_assistant';
const [TOTAL, DEVICE_OWN, PART] = [4, 2, 1];

const inverter: Record<string, Field> = {
  pv_power: { to: 'solarPower', how: 'sum' },
  pv_voltage: { to: 'solarVoltage', how: 'first' },
  pv_current: { to: 'solarCurrent', how: 'sum' },
  load_power: { to: 'loadPower', how: 'sum' },
  load_power_essential: { to: 'loadPower', how: 'sum', rank: 0 },
  'load_power_non-essential': { to: 'loadPower', how: 'sum', rank: 0 },
  load_apparent_power: { to: 'apparentPower', how: 'sum' },
  load_percentage: { to: 'loadPercentage', how: 'first' },
  grid_power: { to: 'gridPower', how: 'sum' },
  grid_voltage: { to: 'gridVoltage', how: 'first' },
  grid_current: { to: 'gridCurrent', how: 'sum' },
  grid_frequency: { to: 'gridFrequency', how: 'first' },
  ac_output_voltage: { to: 'outputVoltage', how: 'first' },
  output_voltage: { to: 'outputVoltage', how: 'first' },
  ac_output_frequency: { to: 'outputFrequency', how: 'first' },
  output_frequency: { to: 'outputFrequency', how: 'first' },
  ac_output_current: { to: 'outputCurrent', how: 'sum' },
  battery_voltage: { to: 'batteryVoltage', how: 'first' },
  battery_current: { to: 'batteryCurrent', how: 'sum' },
  battery_power: { to: 'batteryPower', how: 'sum' },
  battery_temperature: { to: 'batteryTemperature', how: 'first' },
  battery_state_of_charge: { to: 'stateOfCharge', how: 'first' },
  battery_state_of_health: { to: 'stateOfHealth', how: 'first' },
  temperature: { to: 'inverterTemperature', how: 'first' },
  inverter_temperature: { to: 'inverterTemperature', how: 'first' },
  bus_voltage: { to: 'busVoltage', how: 'first' },
  generator_power: { to: 'generatorPower', how: 'sum' },
};

const battery: Record<string, Field> = {
  state_of_charge: { to: 'stateOfCharge', how: 'first' },
  state_of_health: { to: 'stateOfHealth', how: 'first' },
  voltage: { to: 'batteryVoltage', how: 'first' },
  current: { to: 'batteryCurrent', how: 'sum' },
  power: { to: 'batteryPower', how: 'sum' },
  temperature: { to: 'batteryTemperature', how: 'first' },
  capacity: { to: 'batteryCapacity', how: 'sum' },
  charge_capacity: { to: 'remainingCapacity', how: 'sum' },
  remaining_capacity: { to: 'remainingCapacity', how: 'sum' },
};

const grid: Record<string, Field> = {
  power: { to: 'gridPower' },
  voltage: { to: 'gridVoltage' },
  current: { to: 'gridCurrent' },
  frequency: { to: 'gridFrequency' },
};

const PERIOD_COUNTER = /_energy(_in|_out)?$/;
const NUMBERED = /^(.+?)_(\d)$/;

const certain: Recognition = { sureness: 0.97, reason: 'topics of SolarAssistant' };
const likely: Recognition = { sureness: 0.6, reason: 'devices and values are named as SolarAssistant names them' };

export const dialect: Dialect = {
  name: 'solar-assistant',
  commandTopics: [`${PREFIX}/+/+/set`],

  recognise(message) {
    if (message.tail(0) !== 'state' || message.segments.length < 3 || !DEVICE.test(message.tail(2))) return null;
    if (message.segments[0] === PREFIX) return certain;
    return message.segments.length <= 5 && fieldOf(message.tail(2), message.tail(1)) ? likely : null;
  },

  interpret(message, context) {
    const [device, name] = [message.tail(2), message.tail(1)];
    if (message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    if (device.startsWith('inverter')) readText(draft, name, message);
    if (PERIOD_COUNTER.test(name)) draft.note(device === 'total' ? name : `${device} ${name}`, message.text);
    const found = fieldOf(device, name);
    if (found) draft.take(found.field, message.text, { id: found.id, order: found.order });
    return draft.finish(null, true);
  },
};

function readText(draft: Draft, name: string, message: MessageView): void {
  if (name === 'device_mode') draft.text('operatingMode', message.text);
  else if (name === 'status') draft.text('deviceStatus', message.text);
}

function fieldOf(device: string, name: string): { field: Field; id: string; order: number } | null {
  const number = Number(DEVICE.exec(device)?.[2] ?? 0);
  if (device === 'total') return found(inverter[name], { rank: TOTAL }, '', 0);
  if (device === 'grid') return found(grid[name] ?? inverter[name], { rank: DEVICE_OWN + 1 }, '', 0);
  if (device.startsWith('battery_')) return found(battery[name], { rank: DEVICE_OWN + 1 }, device, number);
  if (!device.startsWith('inverter_')) return null;
  const whole = inverter[name];
  if (whole)
    return found(whole, { rank: whole.rank ?? DEVICE_OWN }, `${device}${whole.rank === 0 ? name : ''}`, number);
  const [, stem = '', index = ''] = NUMBERED.exec(name) ?? [];
  const part = inverter[stem];
  // A single string or phase of an inverter: counts where the inverter gives no total.
  return part && stem !== 'temperature'
    ? found(part, { rank: PART }, `${device} ${index}`, number * 10 + Number(index))
    : null;
}

function found(field: Field | undefined, more: { rank: number }, id: string, order: number) {
  return field ? { field: id === '' ? { to: field.to, ...more } : { ...field, ...more }, id, order } : null;
}
