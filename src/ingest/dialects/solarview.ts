import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { add, FieldTable, first, whole } from '../field-table.ts';

/**
 * SolarView (Manfred Richter): `<base>/WR<n>/<field>` for each inverter and `<base>/D0/<field>` for the meter, one plain
 * value a message. Names after its manual: PAC W, UDC V, IDC A (B, C: more strings), UL1 V, KDY and KT0 energy of the day
 * and for ever in kWh, TKK temperature of the heat sink; `B...` of the meter is what was bought.
 */
const inverter = new FieldTable({
  PAC: add('solarPower'),
  UDC: first('solarVoltage'),
  IDC: add('solarCurrent'),
  IDCB: add('solarCurrent'),
  IDCC: add('solarCurrent'),
  UL1: first('gridVoltage'),
  KDY: add('dailyEnergyProduced'),
  KT0: add('totalEnergyProduced'),
  TKK: first('inverterTemperature'),
});
const meter = new FieldTable({ BKDY: whole('dailyGridImport'), BKT0: whole('totalGridImport') });
const OTHER = /^(KMT|KYR|UDC[BCD]|IDCD|UL[23]|IL[123]|FAC|BK(MT|YR)|K(DY|MT|YR|T0)|DPAC|UPDATE)$/;

const certain: Recognition = { sureness: 0.85, reason: 'inverters and fields as SolarView names them' };

export const dialect: Dialect = {
  name: 'solarview',

  recognise(message) {
    const [field, device] = [message.tail(0), message.tail(1)];
    if (device === 'D0') return meter.has(field) || OTHER.test(field) ? certain : null;
    return /^WR\d$/.test(device) && (inverter.has(field) || OTHER.test(field)) ? certain : null;
  },

  interpret(message, context) {
    if (message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const [field, device] = [message.tail(0), message.tail(1)];
    const isString = /^IDC[BC]$/.test(field);
    if (device === 'D0') meter.take(draft, field, message.text);
    else inverter.take(draft, field, message.text, isString ? `${device} ${field}` : device);
    return draft.finish(null, true);
  },
};
