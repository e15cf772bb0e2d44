import { add, first, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * SMA over SBFspot: one object with the values that its owner chose, any topic. Names and units after its SBFspot.cfg:
 * powers in W, energies in kWh, always with three decimals, behind a point or a comma. The meter's power is split into two
 * fields; a battery's current is left alone, for its sign depends on the model.
 */
const THREE_DECIMALS = /^-?\d+,\d{3}$/;

export const dialect = namedValues({
  name: 'sbfspot',
  reason: 'names of SBFspot',
  telling: ['PACTot', 'InvGridRelay', 'InvTemperature', 'MeteringWOut', 'MeteringWIn', 'BatChaStt'],
  fields: {
    PACTot: whole('solarPower', { rank: 0 }),
    'PDC#': add('solarPower'),
    'UDC#': first('solarVoltage'),
    'IDC#': add('solarCurrent'),
    'UAC#': first('gridVoltage'),
    GridFreq: whole('gridFrequency'),
    EToday: whole('dailyEnergyProduced'),
    ETotal: whole('totalEnergyProduced'),
    InvTemperature: whole('inverterTemperature'),
    MeteringWIn: half('gridPower', 1),
    MeteringWOut: half('gridPower', -1),
    BatChaStt: whole('stateOfCharge'),
    BatVol: whole('batteryVoltage'),
    BatTmpVal: whole('batteryTemperature'),
  },
  asNumber: (raw) => (typeof raw === 'string' && THREE_DECIMALS.test(raw) ? raw.replace(',', '.') : raw),
});
