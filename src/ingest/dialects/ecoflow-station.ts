import type { Draft } from '../field-draft.ts';
import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';
import type { Leaves } from '../payload/message-view.ts';
import { numberOf } from '../payload/written-number.ts';

/**
 * EcoFlow's power stations (Delta, River) by their quota, one object of names with dots or of groups: mV, mA and mAh, and a
 * current above zero charges. Names after tolwi/hassio-ecoflow-cloud; what sockets give is the load.
 */
const [TENTH, MILLI] = [0.1, 0.001];

/** The packs, in older models and in newer ones. */
const PACKS = ['bmsMaster', 'bms_bmsStatus', 'bmsSlave#', 'bms_slave'];
const ofPack = (pack: string) => ({
  [`${pack}.soc`]: first('stateOfCharge'),
  [`${pack}.soh`]: first('stateOfHealth'),
  [`${pack}.vol`]: first('batteryVoltage', { by: MILLI }),
  [`${pack}.amp`]: add('batteryCurrent', { by: MILLI }),
  [`${pack}.temp`]: first('batteryTemperature'),
  [`${pack}.fullCap`]: add('batteryCapacity', { by: MILLI }),
  [`${pack}.remainCap`]: add('remainingCapacity', { by: MILLI }),
});

/** What is measured a moment apart may differ by this. */
const [MOST_APART_W, MOST_APART_SHARE] = [5, 0.1];

/** The panels: some models say them in tenths of a watt, which all that flows in tells. */
function readPanels(draft: Draft, { byPath }: Leaves): void {
  const [said, all, ac] = ['mppt.inWatts', 'pd.wattsInSum', 'inv.inputWatts'].map((path) => numberOf(byPath.get(path)));
  if (typeof said !== 'number') return;
  const isSum = (by: number) =>
    typeof all === 'number' && Math.abs((ac ?? 0) + said * by - all) <= Math.max(MOST_APART_W, MOST_APART_SHARE * all);
  const [by, other] = said === 0 ? [1] : [1, TENTH].filter(isSum);
  if (by !== undefined && other === undefined) draft.take(whole('solarPower', { by }), said);
}

export const dialect = namedValues({
  name: 'ecoflow-station',
  reason: 'the quota of an EcoFlow power station',
  telling: ['pd.wattsOutSum', 'bmsMaster.fullCap', 'bms_bmsStatus.fullCap'],
  atLeast: 1,
  anyDepth: true,
  fields: {
    ...Object.assign({}, ...PACKS.map(ofPack)),
    'ems.lcdShowSoc': whole('stateOfCharge'),
    'bms_emsStatus.lcdShowSoc': whole('stateOfCharge'),
    'pd.wattsOutSum': whole('loadPower'),
    'inv.inputWatts': whole('gridPower'),
    'inv.acInVol': whole('gridVoltage', { by: MILLI }),
    'inv.acInFreq': whole('gridFrequency'),
    'inv.invOutVol': whole('outputVoltage', { by: MILLI }),
    'inv.invOutFreq': whole('outputFrequency'),
    'inv.outTemp': whole('inverterTemperature'),
  },
  readMore: readPanels,
});
