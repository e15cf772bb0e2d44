import { numberOf } from '../field-draft.ts';
import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Sourceful gateways (srcful): one object for each device, its `type` pv, battery or meter, with the unit at each name's end.
 * After its data models: what is produced counts as negative, what is charged and bought as positive; SoC is a fraction.
 */
const WH = 0.001;

export const dialect = namedValues({
  name: 'sourceful',
  reason: 'data of a Sourceful gateway',
  atLeast: 0,
  telling: ['read_time_ms', 'SoC_nom_fract', 'rated_power_W', 'total_import_Wh'],
  fields: {
    'mppt#_V': first('solarVoltage'),
    'mppt#_A': add('solarCurrent', { by: -1 }),
    total_generation_Wh: whole('totalEnergyProduced', { by: WH }),
    total_charge_Wh: whole('totalBatteryCharge', { by: WH }),
    total_discharge_Wh: whole('totalBatteryDischarge', { by: WH }),
    total_import_Wh: whole('totalGridImport', { by: WH }),
    total_export_Wh: whole('totalGridExport', { by: WH }),
    SoC_nom_fract: whole('stateOfCharge', { by: 100 }),
  },
  readMore: (draft, { byPath }) => {
    const type = byPath.get('type');
    const take = (field: Parameters<typeof draft.take>[0], name: string) => draft.take(field, byPath.get(name));
    if (type === 'pv') {
      if ((numberOf(byPath.get('W')) ?? 1) <= 0) take(whole('solarPower', { by: -1 }), 'W');
      take(whole('inverterTemperature'), 'heatsink_C');
    } else if (type === 'battery') {
      take(whole('batteryPower'), 'W');
      take(whole('batteryCurrent'), 'A');
      take(whole('batteryVoltage'), 'V');
      take(whole('batteryTemperature'), 'heatsink_C');
    } else if (type === 'meter') {
      take(whole('gridPower'), 'W');
      take(whole('gridFrequency'), 'Hz');
      take(first('gridVoltage'), 'L1_V');
      for (const order of [1, 2, 3])
        draft.take(add('gridCurrent'), byPath.get(`L${order}_A`), { id: `L${order}`, order });
    }
  },
});
