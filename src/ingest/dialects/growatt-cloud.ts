import type { NumericMetric } from '../../core/metrics.ts';
import type { Dialect } from '../dialect.ts';
import { type Draft, type Field, numberOf } from '../field-draft.ts';
import { add, first, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';
import type { Leaves } from '../payload/message-view.ts';

/**
 * Growatt by the names of its cloud (ShineServer and the open API), as scripts and bridges send its answers on: one object.
 * Names and units after Home Assistant's growatt_server and the open API's documentation: V, A, Hz, kWh. Powers are in kW where the
 * answer is that of a system's status, in W everywhere else.
 */
const SYSTEM_STATUS = ['pdisCharge1', 'pDisCharge1', 'pactogrid', 'pacToGrid'];
const TELLING = [
  ...['elocalLoadTotal', 'elocalLoadToday', 'eLocalLoadTotal', 'etoGridTotal', 'etogridTotal', 'eToGridTotal'],
  ...['etoUserTotal', 'eToUserTotal', 'pCharge1', 'pDischarge1', 'pdisCharge1', 'pDisCharge1', 'pacToGridTotal'],
  ...['edischarge1Total', 'eBatDisChargeTotal', 'eDisChargeTotal'],
];
const family: Dialect = namedValues({
  name: 'growatt-cloud',
  reason: 'names of Growatt’s cloud',
  anyDepth: true,
  telling: TELLING,
  fields: {
    'vpv#': first('solarVoltage'),
    'vPv#': first('solarVoltage'),
    'ipv#': add('solarCurrent'),
    epvToday: whole('dailyEnergyProduced'),
    epvTotal: whole('totalEnergyProduced'),
    ...both(['eLocalLoad', 'elocalLoad'], 'EnergyConsumed'),
    ...both(['etoGrid', 'etogrid', 'eToGrid'], 'GridExport'),
    ...both(['etoUser', 'etouser', 'eToUser'], 'GridImport'),
    ...each(['eChargeTotal', 'echargeTotal', 'echarge1Total', 'eBatChargeTotal'], 'totalBatteryCharge'),
    ...each(['eDischargeTotal', 'eDisChargeTotal', 'edischargeTotal'], 'totalBatteryDischarge'),
    ...each(['edischarge1Total', 'eBatDisChargeTotal'], 'totalBatteryDischarge'),
    fac: whole('gridFrequency'),
    fAc: whole('gridFrequency'),
    vac1: whole('gridVoltage'),
    vAc1: whole('gridVoltage'),
    upsVac1: whole('outputVoltage'),
    upsFac: whole('outputFrequency'),
    vbat: whole('batteryVoltage'),
    vBat: whole('batteryVoltage'),
    soc: whole('stateOfCharge'),
    SOC: whole('stateOfCharge'),
    invTemp: whole('inverterTemperature'),
    bmsBatteryTemp: whole('batteryTemperature'),
  },
  readMore,
});

export const dialect: Dialect = {
  ...family,
  // As registers, in tenths and hundredths, they are Grott's.
  recognise: (message, context) => {
    const found = family.recognise(message, context);
    if (!found || !message.looksLikeData) return found;
    const said = byName(message.leaves);
    return isRaw(said) || areSeveral(said) ? null : found;
  },
};

function each(names: readonly string[], to: NumericMetric): Record<string, Field> {
  return Object.fromEntries(names.map((name) => [name, whole(to)]));
}

function both(names: readonly string[], of: 'EnergyConsumed' | 'GridExport' | 'GridImport'): Record<string, Field> {
  const [days, totals] = ['Today', 'Total'].map((end) => names.map((name) => name + end));
  return { ...each(days ?? [], `daily${of}`), ...each(totals ?? [], `total${of}`) };
}

const MOST_HZ = 70;
const isRaw = (said: ByName): boolean =>
  ['fac', 'fAc'].some((name) => said.get(name)?.some((value) => (numberOf(value) ?? 0) > MOST_HZ));
/** Which of several systems is the house's, nothing says. */
const areSeveral = (said: ByName): boolean => TELLING.some((name) => (said.get(name)?.length ?? 0) > 1);

/** What stands under each name, however deep. */
type ByName = ReadonlyMap<string, readonly unknown[]>;
function byName({ byPath }: Leaves): ByName {
  const said = new Map<string, unknown[]>();
  for (const [path, value] of byPath) {
    const name = path.slice(path.lastIndexOf('.') + 1);
    const known = said.get(name);
    if (known) known.push(value);
    else said.set(name, [value]);
  }
  return said;
}

const numberAt = (said: ByName, name: string): number | null => numberOf(said.get(name)?.[0]);

/** What its powers are called. */
const POWERS: readonly (readonly [names: readonly string[], Field])[] = [
  [['ppv'], whole('solarPower')],
  [['pLocalLoad', 'plocalLoadTotal', 'pLocalLoadTotal'], whole('loadPower')],
  [['pactouser', 'pacToUser', 'pacToUserTotal'], half('gridPower', 1)],
  [['pactogrid', 'pacToGrid', 'pacToGridTotal'], half('gridPower', -1)],
  [['pCharge1', 'pcharge1'], half('batteryPower', 1)],
  [['pDischarge1', 'pdischarge1', 'pdisCharge1', 'pDisCharge1'], half('batteryPower', -1)],
];
const [MOST_KW, LEAST_W] = [1000, 20];

function readMore(draft: Draft, leaves: Leaves): void {
  const said = byName(leaves);
  const found = POWERS.flatMap(([names, field]) => {
    const there = names.filter((name) => numberAt(said, name) !== null);
    // Both a name in W and one in kW: several answers were put together, and nothing says whose the others are.
    return there.length === 1 ? [{ field, value: numberAt(said, there[0] ?? '') ?? 0 }] : [];
  });
  const isStatus = SYSTEM_STATUS.some((name) => leaves.names.has(name));
  const isInfo = ['pDischarge1', 'pdischarge1'].some((name) => leaves.names.has(name));
  if (isStatus && isInfo) return;
  const most = Math.max(...found.map(({ value }) => Math.abs(value)));
  const isFraction = found.some(({ value }) => !Number.isInteger(value));
  // A bridge may have made another unit of them.
  if (isStatus ? most > MOST_KW : isFraction && most < LEAST_W) return;
  for (const { field, value } of found) draft.take({ ...field, by: isStatus ? 1000 : 1 }, value);
}
