import type { Dialect } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

const TOTALS = {
  gridPurchasedTotalEnergy: whole('totalGridImport'),
  gridSellTotalEnergy: whole('totalGridExport'),
  homeLoadTotalEnergy: whole('totalEnergyConsumed'),
  batteryTotalChargeEnergy: whole('totalBatteryCharge'),
  batteryTotalDischargeEnergy: whole('totalBatteryDischarge'),
};
const KWH: Readonly<Record<string, number>> = { Wh: 0.001, kWh: 1, MWh: 1000, GWh: 1_000_000 };

const family = namedValues({
  name: 'soliscloud',
  reason: 'names of SolisCloud',
  telling: Object.keys(TOTALS),
  fields: TOTALS,
});

/**
 * SolisCloud's lifetime counters, one value a topic: their unit grows with them and is said beside (`gridSellTotalEnergyStr`); until it
 * was heard they are nothing. As one object its answers are read by their words, with the units beside.
 */
export const dialect: Dialect = {
  ...family,
  recognise: (message, context) => (message.looksLikeData ? null : family.recognise(message, context)),

  interpret(message, context) {
    const name = Object.entries(TOTALS).find(([key]) => key === message.tail(0));
    const by = KWH[context.memory?.parts.said.at(message.topic).unit ?? ''];
    if (name === undefined || by === undefined || message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    draft.take({ ...name[1], by }, message.text);
    return draft.finish(null, true);
  },
};
