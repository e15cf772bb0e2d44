import type { Dialect, Recognition } from '../dialect.ts';
import { Draft } from '../field-draft.ts';
import { add, FieldTable, first, whole } from '../field-table.ts';

/**
 * SunPower's supervisor (PVS), one device of its list a message as bridges send it on: modules with inverters of their own, and its two
 * meters, told apart by what they call themselves. kW, kWh, V, A, Hz; after hass-sunpower the meter at the house counts what is bought as positive.
 */
const KW = 1000;
const METER_RANK = 3;
const module = new FieldTable({
  p_3phsum_kw: add('solarPower', { by: KW }),
  ltea_3phsum_kwh: add('totalEnergyProduced'),
  v_mppt1_v: first('solarVoltage'),
  i_mppt1_a: add('solarCurrent'),
  vln_3phavg_v: first('gridVoltage'),
  freq_hz: first('gridFrequency'),
  t_htsnk_degc: first('inverterTemperature'),
});
const atGrid = new FieldTable({
  p_3phsum_kw: whole('gridPower', { by: KW }),
  pos_ltea_3phsum_kwh: whole('totalGridImport'),
  neg_ltea_3phsum_kwh: whole('totalGridExport'),
  v1n_v: first('gridVoltage'),
  freq_hz: first('gridFrequency'),
});
const atPanels = new FieldTable({
  p_3phsum_kw: whole('solarPower', { by: KW, rank: METER_RANK }),
  net_ltea_3phsum_kwh: whole('totalEnergyProduced', { rank: METER_RANK }),
});
const certain: Recognition = { sureness: 0.9, reason: 'a device of a SunPower supervisor' };

/** What a device of the list measures; null for others (the supervisor itself, a meter that nobody set up). */
function tableOf(json: Record<string, unknown> | null): FieldTable | null {
  if (json === null || typeof json.SERIAL !== 'string') return null;
  if (json.TYPE === 'SOLARBRIDGE') return module;
  const use = typeof json.subtype === 'string' ? json.subtype : '';
  if (use.startsWith('NET_CONSUMPTION')) return atGrid;
  return use.startsWith('GROSS_PRODUCTION') ? atPanels : null;
}

export const dialect: Dialect = {
  name: 'sunpower',

  recognise({ looksLikeObject, text, json }) {
    if (!looksLikeObject || !text?.includes('3phsum_kw')) return null;
    return tableOf(json) === null ? null : certain;
  },

  interpret(message, context) {
    const json = message.json ?? {};
    const draft = new Draft(context, message.receivedAt);
    tableOf(json)?.takeAll(draft, json, String(json.SERIAL));
    return draft.finish();
  },
};
