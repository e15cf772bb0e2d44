import { half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';
import { numberOf, scaled } from '../payload/written-number.ts';

/**
 * Renogy's charge controllers behind RNGBridge: one object under `<topic>/state`, everything in two letters. After enwi/RNGBridgeDoc,
 * mqtt.md: V, A, degC, %, and Wh of today; the battery's current is what it is charged with.
 * What it announces are the products of panels and load, too.
 */
export const dialect = namedValues({
  name: 'rngbridge',
  reason: 'names of RNGBridge',
  telling: ['b.ch', 'b.ge'],
  atLeast: 4,
  fields: {
    'b.ch': whole('stateOfCharge'),
    'b.vo': whole('batteryVoltage'),
    'b.cu': half('batteryCurrent', 1),
    'b.te': whole('batteryTemperature'),
    'b.ge': whole('dailyEnergyProduced', { by: 0.001 }),
    'b.co': whole('dailyEnergyConsumed', { by: 0.001 }),
    'l.vo': whole('outputVoltage'),
    'l.cu': whole('outputCurrent'),
    'p.vo': whole('solarVoltage'),
    'p.cu': whole('solarCurrent'),
    'c.te': whole('inverterTemperature'),
  },
  readMore(draft, { byPath }) {
    const product = (of: 'p' | 'l') => {
      const [volts, amperes] = [numberOf(byPath.get(`${of}.vo`)), numberOf(byPath.get(`${of}.cu`))];
      return volts === null || amperes === null ? undefined : scaled(volts, amperes);
    };
    draft.take(whole('solarPower'), product('p'));
    draft.take(whole('loadPower'), product('l'));
  },
});
