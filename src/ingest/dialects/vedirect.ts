import { type Draft, numberOf } from '../field-draft.ts';
import { first, whole } from '../field-table.ts';
import type { Leaves } from '../message-view.ts';
import { namedValues } from '../named-values.ts';

/**
 * Victron chargers by the labels of the VE.Direct text protocol, one object or one value a topic. The protocol writes whole
 * millivolts, some bridges volts: an object that has both voltages tells which, a single value does not. Currents, whose
 * sign depends on the device, and yields, whose unit nothing tells, are left alone.
 */
const LEAST_MILLIVOLTS = 5000;
const [BATTERY, PANELS] = [whole('batteryVoltage'), first('solarVoltage')];

export const dialect = namedValues({
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
  },
});
