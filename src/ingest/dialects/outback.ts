import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf } from '../field-draft.ts';
import { add, first, whole } from '../field-table.ts';
import { asObject } from '../payload/message-view.ts';

/**
 * OutBack's Mate3 with all devices on its hub, as its own status page and bridges have them: `{"devstatus": {"ports": [...]}}` with
 * charge controllers (`CC`), inverters (`FX`, `GS`) and the battery's monitor (`FNDC`). In V, A and kWh; a charge controller's
 * `Out_kWh` counts the day, and a monitor's shunts together are what the battery takes in. After the Mate3's manual.
 */
const certain: Recognition = { sureness: 0.9, reason: 'the status of an OutBack Mate3' };
/** The monitor knows the battery's voltage best. */
const [OF_HUB, OF_DEVICE, OF_MONITOR] = [2, 1, 3];
const CONTROLLER: Record<string, Field> = {
  In_V: first('solarVoltage'),
  In_I: add('solarCurrent'),
  Out_kWh: add('dailyEnergyProduced'),
  Batt_V: first('batteryVoltage', { rank: OF_DEVICE }),
};
const INVERTER: Record<string, Field> = {
  VAC_out: first('outputVoltage'),
  VAC_out_L1: first('outputVoltage'),
  Batt_V: first('batteryVoltage', { rank: OF_DEVICE }),
};
const AT_GRID: Record<string, Field> = { VAC_in: first('gridVoltage'), VAC1_in_L1: first('gridVoltage') };
const MONITOR: Record<string, Field> = {
  SOC: whole('stateOfCharge'),
  Batt_V: whole('batteryVoltage', { rank: OF_MONITOR }),
  Shunt_A_I: add('batteryCurrent'),
  Shunt_B_I: add('batteryCurrent'),
  Shunt_C_I: add('batteryCurrent'),
};
/** Which of its shunts. */
const SHUNT = /^Shunt_([ABC])/;
const DEGREES = /^(-?\d+)\s*C$/;

export const dialect: Dialect = {
  name: 'outback',

  recognise(message) {
    if (!message.looksLikeObject || !message.text?.includes('"Dev"')) return null;
    return portsIn(message.json).length > 0 ? certain : null;
  },

  interpret(message, context) {
    const { json } = message;
    if (!json) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const hub = asObject(json.devstatus) ?? json;
    draft.take(whole('batteryVoltage', { rank: OF_HUB }), hub.Sys_Batt_V);
    for (const port of portsIn(json)) {
      if (port.Dev === 'CC') take(draft, port, CONTROLLER);
      else if (port.Dev === 'FNDC') takeMonitor(draft, port);
      else take(draft, port, port.AC_Input === 'Gen' ? INVERTER : { ...INVERTER, ...AT_GRID });
    }
    return draft.finish();
  },
};

/** The devices that say what they are and where they are plugged in. */
function portsIn(json: Record<string, unknown> | null): Record<string, unknown>[] {
  const { ports } = asObject(json?.devstatus) ?? json ?? {};
  if (!Array.isArray(ports)) return [];
  return ports.flatMap((one) => {
    const port = asObject(one);
    return port && typeof port.Dev === 'string' && numberOf(port.Port) !== null ? [port] : [];
  });
}

function take(draft: Draft, port: Record<string, unknown>, fields: Record<string, Field>): void {
  const order = numberOf(port.Port) ?? 0;
  for (const [name, field] of Object.entries(fields))
    draft.take(field, port[name], { id: `${order}${SHUNT.exec(name)?.[1] ?? ''}`, order });
}

function takeMonitor(draft: Draft, port: Record<string, unknown>): void {
  take(draft, port, MONITOR);
  const [, degrees] = DEGREES.exec(String(port.Batt_temp)) ?? [];
  draft.take(whole('batteryTemperature'), degrees);
}
