import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, numberOf } from '../field-draft.ts';
import { first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';
import type { Leaves } from '../payload/message-view.ts';

/**
 * Victron chargers, battery monitors and inverters by the labels of the VE.Direct text protocol, one object or (chargers) one
 * value a topic. The protocol writes whole millivolts, milliamperes, 10 Wh and tenths of a percent, some bridges volts: an
 * object tells which, a single value does not. A current is positive while charging.
 */
const LEAST_MILLIVOLTS = 5000;
const [BATTERY, PANELS] = [whole('batteryVoltage'), first('solarVoltage')];
const CURRENT = whole('batteryCurrent');
const [TOTAL, TODAY] = [whole('totalEnergyProduced'), whole('dailyEnergyProduced')];

type Values = ReadonlyMap<string, unknown>;
/** What a voltage of this object is multiplied with; null where it may be either. */
function scaleOf(volts: readonly number[]): number | null {
  const areWhole = volts.every(Number.isInteger);
  const areLarge = (volts[0] ?? 0) >= LEAST_MILLIVOLTS;
  return areWhole === areLarge ? (areWhole ? 0.001 : 1) : null;
}

/** Values that the protocol writes whole: with a fraction they are in the usual unit where the voltages are. */
function takeOthers(
  draft: Draft,
  byPath: Values,
  by: number,
  others: readonly (readonly [string, Field, number])[],
): void {
  const isRaw = by !== 1;
  const hasFraction = (label: string) => !Number.isInteger(numberOf(byPath.get(label)) ?? 0);
  const areEnergies = ['H17', 'H18', 'H19', 'H20'].some(hasFraction);
  for (const [label, field, raw] of others) {
    const isSaid = isRaw || (/^H\d/.test(label) ? areEnergies : hasFraction(label));
    if (isSaid) draft.take({ ...field, by: isRaw ? raw : 1 }, byPath.get(label));
  }
}

const labels = namedValues({
  name: 'vedirect',
  reason: 'labels of the VE.Direct protocol',
  sureness: 0.8,
  atLeast: 1,
  telling: ['PPV', 'VPV'],
  fields: { PPV: whole('solarPower') },
  readMore: (draft: Draft, { byPath }: Leaves) => {
    const [battery, panels] = [numberOf(byPath.get('V')), numberOf(byPath.get('VPV'))];
    const by = battery === null || panels === null ? null : scaleOf([battery, panels]);
    if (by === null) return;
    draft.take({ ...BATTERY, by }, battery);
    draft.take({ ...PANELS, by }, panels);
    takeOthers(draft, byPath, by, [
      ['I', CURRENT, 0.001],
      ['H19', TOTAL, 0.01],
      ['H20', TODAY, 0.01],
    ]);
  },
});

/** A battery monitor always says its charge and what was consumed; the starter's battery (`VS`) is no house's. */
const MONITOR = ['V', 'I', 'SOC', 'CE'];
const monitor: Recognition = { sureness: 0.8, reason: 'labels of a battery monitor on VE.Direct' };

function readMonitor(draft: Draft, { byPath }: Leaves): void {
  const battery = numberOf(byPath.get('V'));
  const by = battery === null ? null : scaleOf([battery]);
  if (by === null) return;
  draft.take({ ...BATTERY, by }, battery);
  draft.take(whole('batteryPower'), byPath.get('P'));
  draft.take(whole('batteryTemperature'), byPath.get('T'));
  draft.take(whole('stateOfCharge', { by: by === 1 ? 1 : 0.1 }), byPath.get('SOC'));
  takeOthers(draft, byPath, by, [
    ['I', CURRENT, 0.001],
    ['H17', whole('totalBatteryDischarge'), 0.01],
    ['H18', whole('totalBatteryCharge'), 0.01],
  ]);
}

/** A Phoenix inverter: hundredths of a volt, tenths of an ampere. */
const inverter: Recognition = { sureness: 0.8, reason: 'labels of an inverter on VE.Direct' };
const LEAST_HUNDREDTHS = 5000;

function readInverter(draft: Draft, { byPath }: Leaves): void {
  const [output, battery] = [numberOf(byPath.get('AC_OUT_V')) ?? 0, numberOf(byPath.get('V'))];
  const isRaw = Number.isInteger(output) && output >= LEAST_HUNDREDTHS;
  if (!isRaw && output >= LEAST_HUNDREDTHS) return;
  draft.take(whole('outputVoltage', { by: isRaw ? 0.01 : 1 }), output);
  draft.take(whole('outputCurrent', { by: isRaw ? 0.1 : 1 }), byPath.get('AC_OUT_I'));
  draft.take(whole('apparentPower'), byPath.get('AC_OUT_S'));
  const by = battery === null ? null : scaleOf([battery]);
  if (by !== null) draft.take({ ...BATTERY, by }, battery);
}

const isMonitor = ({ names }: Leaves): boolean => MONITOR.every((label) => names.has(label));
const isInverter = ({ names }: Leaves): boolean => names.has('AC_OUT_V') && names.has('V');

export const dialect: Dialect = {
  ...labels,
  recognise(message, context) {
    if (!message.looksLikeData) return labels.recognise(message, context);
    // Others call their panels so, too; the protocol always says the battery's voltage.
    if (!message.leaves.names.has('V')) return null;
    if (isMonitor(message.leaves)) return monitor;
    return isInverter(message.leaves) ? inverter : labels.recognise(message, context);
  },

  interpret(message, context) {
    const isOther = message.looksLikeData && (isMonitor(message.leaves) || isInverter(message.leaves));
    if (!isOther) return labels.interpret(message, context);
    const draft = new Draft(context, message.receivedAt);
    if (isMonitor(message.leaves)) readMonitor(draft, message.leaves);
    else readInverter(draft, message.leaves);
    return draft.finish();
  },
};
