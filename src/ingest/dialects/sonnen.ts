import { first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * sonnenBatterie by the names of its API (`/api/v2/status`), sent on as one object or one value a topic. `Pac_total_W` is
 * positive while discharging, `GridFeedIn_W` while exporting; the user's state of charge (`USOC`) is the one that its
 * display shows; `/api/v2/battery` tells of its modules, without a kind of sign. ioBroker's sonnen adapter sends the same values under `status/pacTotal` and so on.
 */
export const dialect = namedValues({
  name: 'sonnen',
  reason: 'names of a sonnenBatterie',
  telling: [
    ...['GridFeedIn_W', 'Pac_total_W', 'USOC', 'status.pacTotal', 'status.userSoc', 'status.gridFeedIn'],
    'maximummoduledcvoltage',
  ],
  tellingUnder: { topic: /sonnen/i, names: ['status.consumption', 'status.production'] },
  fields: {
    Production_W: whole('solarPower'),
    Consumption_W: whole('loadPower'),
    GridFeedIn_W: whole('gridPower', { by: -1 }),
    Pac_total_W: whole('batteryPower', { by: -1 }),
    USOC: whole('stateOfCharge'),
    RSOC: whole('stateOfCharge', { rank: 1 }),
    Uac: whole('gridVoltage'),
    Fac: whole('gridFrequency'),
    Ubat: whole('batteryVoltage'),
    'status.production': whole('solarPower'),
    'status.consumption': whole('loadPower'),
    'status.gridFeedIn': whole('gridPower', { by: -1 }),
    'status.pacTotal': whole('batteryPower', { by: -1 }),
    'status.userSoc': whole('stateOfCharge'),
    'status.acFrequency': whole('gridFrequency'),
    'status.batteryVoltage': whole('batteryVoltage'),
    relativestateofcharge: first('stateOfCharge'),
    systemdcvoltage: first('batteryVoltage'),
    maximumcelltemperature: first('batteryTemperature'),
  },
});
