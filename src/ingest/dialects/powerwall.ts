import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Tesla Powerwall: the gateway's `meters/aggregates` as pypowerwall and others send it on. W and Wh; `site` (the grid) is
 * positive while importing, the battery while discharging.
 */
const WH = 0.001;

export const dialect = namedValues({
  name: 'powerwall',
  reason: 'the meters of a Tesla gateway',
  telling: ['site.instant_power', 'load.instant_power', 'solar.instant_power', 'battery.instant_power'],
  // What pypowerwall-server calls the same, one value a topic: `pypowerwall/<gateway>/home`; its `battery` is the state of charge.
  tellingUnder: {
    topic: /(^|\/)pypowerwall\/[^/]+\/[^/]+$/,
    names: ['solar', 'grid', 'home', 'powerwall', 'battery'],
  },
  fields: {
    solar: whole('solarPower'),
    grid: whole('gridPower'),
    home: whole('loadPower'),
    powerwall: whole('batteryPower', { by: -1 }),
    battery: whole('stateOfCharge'),
    'site.instant_power': whole('gridPower'),
    'site.frequency': whole('gridFrequency'),
    'site.energy_imported': whole('totalGridImport', { by: WH }),
    'site.energy_exported': whole('totalGridExport', { by: WH }),
    'battery.instant_power': whole('batteryPower', { by: -1 }),
    'battery.energy_imported': whole('totalBatteryCharge', { by: WH }),
    'battery.energy_exported': whole('totalBatteryDischarge', { by: WH }),
    'load.instant_power': whole('loadPower'),
    'load.energy_imported': whole('totalEnergyConsumed', { by: WH }),
    'solar.instant_power': whole('solarPower'),
    'solar.energy_exported': whole('totalEnergyProduced', { by: WH }),
  },
});
