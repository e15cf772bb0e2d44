import { add, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * RCT Power inverters by the names of their own protocol (`g_sync.p_ac_grid_sum_lp`), one object or one value a topic, as
 * ioBroker's rct adapter and scripts around rctclient send them. W and Wh; grid power is positive while importing, battery
 * power (`p_acc_lp`) while discharging, the counter of what was fed in runs below zero (openWB's and evcc's drivers agree). The
 * state of charge is a fraction with some, a percentage with others, and is left alone.
 */
const WH = 0.001;

export const dialect = namedValues({
  name: 'rct-power',
  reason: 'names of an RCT Power inverter',
  telling: [
    'g_sync.p_ac_grid_sum_lp',
    'g_sync.p_ac_load_sum_lp',
    'g_sync.p_acc_lp',
    'energy.e_grid_load_total',
    'energy.e_grid_feed_total',
    ...['dc_conv_struct[0].p_dc', 'dc_conv_struct[1].p_dc', 'dc_conv_struct[0].p_dc_lp', 'dc_conv_struct[1].p_dc_lp'],
  ],
  atLeast: 1,
  anyDepth: true,
  fields: {
    'g_sync.p_ac_grid_sum_lp': whole('gridPower'),
    'g_sync.p_ac_load_sum_lp': whole('loadPower'),
    'g_sync.p_acc_lp': whole('batteryPower', { by: -1 }),
    'dc_conv_struct[#].p_dc_lp': add('solarPower'),
    'dc_conv_struct[#].p_dc': add('solarPower'),
    'energy.e_grid_load_total': whole('totalGridImport', { by: WH }),
    'energy.e_grid_feed_total': whole('totalGridExport', { by: -WH }),
  },
});
