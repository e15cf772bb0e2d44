import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf } from '../field-draft.ts';
import { asObject } from '../payload/message-view.ts';

/**
 * What is written for the drivers of mr-manuel/venus-os_dbus-mqtt-*, any topic: `{"grid": {...}}`, `{"pv": {...}}`, and
 * `{"dc": {...}, "soc": ...}` for a battery, whose names begin with capitals in its first versions. Powers in W, energies in
 * kWh, phases as `L1` ... After their READMEs: the grid's power is positive while importing, a battery's while charging.
 */
interface Meter {
  power: Field['to'];
  forward: Field['to'];
  reverse: Field['to'] | null;
  current: Field['to'] | null;
}
const meters: Record<string, Meter> = {
  grid: { power: 'gridPower', forward: 'totalGridImport', reverse: 'totalGridExport', current: 'gridCurrent' },
  pv: { power: 'solarPower', forward: 'totalEnergyProduced', reverse: null, current: null },
};
const FIELDS = /^(power|voltage|current|frequency|energy_forward|energy_reverse|power_factor|L[123])$/;

/** An object of a whole house is for no single driver. */
const OF_A_HOUSE = /^(battery|batteries|bat|akku|load|house|home|consumption|haus)$/i;
const likely: Recognition = { sureness: 0.5, reason: 'an object for a Victron MQTT driver' };

export const dialect: Dialect = {
  name: 'dbus-mqtt',

  recognise(message) {
    if (!message.looksLikeObject || !/^\s*\{\s*"(grid|pv|[dD]c|[sS]oc)"/.test(message.text ?? '')) return null;
    const json = message.json ?? {};
    if (Object.keys(json).some((name) => OF_A_HOUSE.test(name))) return null;
    if (isMeter(json.grid) || isMeter(json.pv)) return likely;
    const dc = asObject(json.dc ?? json.Dc);
    const isBattery = dc && numberOf(dc.power ?? dc.Power) !== null && numberOf(dc.voltage ?? dc.Voltage) !== null;
    return isBattery && ('soc' in json || 'Soc' in json) ? likely : null;
  },

  interpret(message, context) {
    const { json } = message;
    if (!json) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    for (const [kind, meter] of Object.entries(meters)) readMeter(draft, meter, asObject(json[kind]));
    readBattery(draft, json);
    return draft.finish();
  },
};

/** Somebody else's `{"grid": {"power": ...}}` may hold anything: only the drivers' own fields are taken. */
function isMeter(value: unknown): boolean {
  const meter = asObject(value);
  return meter !== null && numberOf(meter.power) !== null && Object.keys(meter).every((name) => FIELDS.test(name));
}

function readMeter(draft: Draft, meter: Meter, values: Record<string, unknown> | null): void {
  if (values === null) return;
  const phase = asObject(values.L1) ?? {};
  draft.take({ to: meter.power }, values.power);
  draft.take({ to: meter.forward }, values.energy_forward);
  if (meter.reverse) draft.take({ to: meter.reverse }, values.energy_reverse);
  if (meter.current) draft.take({ to: meter.current }, values.current);
  draft.take({ to: 'gridVoltage' }, values.voltage ?? phase.voltage);
  draft.take({ to: 'gridFrequency' }, values.frequency ?? phase.frequency);
}

function readBattery(draft: Draft, json: Record<string, unknown>): void {
  const dc = asObject(json.dc ?? json.Dc);
  if (dc === null) return;
  draft.take({ to: 'batteryPower' }, dc.power ?? dc.Power);
  draft.take({ to: 'batteryVoltage' }, dc.voltage ?? dc.Voltage);
  draft.take({ to: 'batteryCurrent' }, dc.current ?? dc.Current);
  draft.take({ to: 'batteryTemperature' }, dc.temperature ?? dc.Temperature);
  draft.take({ to: 'stateOfCharge' }, json.soc ?? json.Soc);
  draft.take({ to: 'batteryCapacity' }, json.installedCapacity ?? json.InstalledCapacity);
  draft.take({ to: 'remainingCapacity' }, json.capacity ?? json.Capacity);
}
