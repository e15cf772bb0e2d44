import type { Dialect } from '../dialect.ts';
import { type Draft, numberOf } from '../field-draft.ts';
import { first, whole } from '../field-table.ts';
import type { Leaves } from '../message-view.ts';
import { namedValues } from '../named-values.ts';

/**
 * Victron chargers by the labels of the VE.Direct text protocol, one object or one value a topic. The protocol writes whole
 * millivolts, some bridges volts: an object that has both voltages tells which, a single value does not. In an object in
 * millivolts the current is in mA (positive is charging, for a charger), the yields in 10 Wh.
 */
const LEAST_MILLIVOLTS = 5000;
const [BATTERY, PANELS] = [whole('batteryVoltage'), first('solarVoltage')];
const CURRENT = whole('batteryCurrent', { by: 0.001 });
const [TOTAL, TODAY] = [whole('totalEnergyProduced', { by: 0.01 }), whole('dailyEnergyProduced', { by: 0.01 })];

const labels = namedValues({
  name: 'vedirect',
  reason: 'labels of the VE.Direct protocol',
  sureness: 0.8,
  atLeast: 1,
  telling: ['PPV', 'VPV'],
  fields: { PPV: whole('solarPower') },
  readMore: (draft: Draft, { byPath }: Leaves) => {
    const [battery, panels] = [numberOf(byPath.get('V')), numberOf(byPath.get('VPV'))];
    if (battery === null || panels === null) return;
    const isWhole = Number.isInteger(battery) && Number.isInteger(panels);
    if (!isWhole && battery >= LEAST_MILLIVOLTS) return;
    if (isWhole && battery < LEAST_MILLIVOLTS) return;
    const by = isWhole ? 0.001 : 1;
    draft.take({ ...BATTERY, by }, battery);
    draft.take({ ...PANELS, by }, panels);
    if (!isWhole) return;
    draft.take(CURRENT, byPath.get('I'));
    draft.take(TOTAL, byPath.get('H19'));
    draft.take(TODAY, byPath.get('H20'));
  },
});

export const dialect: Dialect = {
  ...labels,
  // Others call their panels so, too; the protocol always says the battery's voltage.
  recognise: (message, context) =>
    message.looksLikeData && !message.leaves.names.has('V') ? null : labels.recognise(message, context),
};
