import { add, first, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * LuxPower and EG4 over celsworth/lxp-bridge: `lxp/<datalog>/inputs/...`, one object. Names and units after its README; flows
 * are split into two fields that are never negative, energies in kWh.
 */
export const dialect = namedValues({
  name: 'luxpower',
  reason: 'inputs of a LuxPower inverter (lxp-bridge)',
  commandTopics: ['lxp/cmd/#'],
  telling: ['p_to_grid', 'p_to_user', 'e_chg_all', 'e_to_user_all'],
  fields: {
    p_pv: whole('solarPower', { rank: 3 }),
    'p_pv_#': add('solarPower'),
    'v_pv_#': first('solarVoltage'),
    p_charge: half('batteryPower', 1),
    p_discharge: half('batteryPower', -1),
    p_to_user: half('gridPower', 1),
    p_to_grid: half('gridPower', -1),
    soc: whole('stateOfCharge'),
    soh: whole('stateOfHealth'),
    v_bat: whole('batteryVoltage'),
    t_bat: whole('batteryTemperature'),
    v_ac_r: whole('gridVoltage'),
    v_acr: whole('gridVoltage'),
    f_ac: whole('gridFrequency'),
    v_eps_r: whole('outputVoltage'),
    v_eps: whole('outputVoltage'),
    f_eps: whole('outputFrequency'),
    v_bus_1: whole('busVoltage'),
    t_inner: whole('inverterTemperature'),
    e_pv_day: whole('dailyEnergyProduced'),
    e_pv_all: whole('totalEnergyProduced'),
    e_to_user_day: whole('dailyGridImport'),
    e_to_user_all: whole('totalGridImport'),
    e_to_grid_day: whole('dailyGridExport'),
    e_to_grid_all: whole('totalGridExport'),
    e_chg_all: whole('totalBatteryCharge'),
    e_dischg_all: whole('totalBatteryDischarge'),
  },
});
