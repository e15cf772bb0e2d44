import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/** SMA inverters by the readings of FHEM's SMAInverter module, one value a topic or one object: W, V, A, Hz, Wh. After its reference. */
const WH = 0.001;

export const dialect = namedValues({
  name: 'fhem-sma',
  reason: 'readings of an SMA inverter in FHEM',
  telling: [
    'SPOT_PACTOT',
    'SPOT_UAC1',
    'SPOT_FREQ',
    'SPOT_UDC1',
    'SPOT_IDC1',
    'SPOT_PDC1',
    'SPOT_ETODAY',
    'SPOT_ETOTAL',
  ],
  fields: {
    SPOT_PACTOT: whole('solarPower'),
    'SPOT_PDC#': add('solarPower'),
    'SPOT_UAC#': first('gridVoltage'),
    SPOT_FREQ: whole('gridFrequency'),
    'SPOT_UDC#': first('solarVoltage'),
    'SPOT_IDC#': add('solarCurrent'),
    SPOT_ETODAY: whole('dailyEnergyProduced', { by: WH }),
    SPOT_ETOTAL: whole('totalEnergyProduced', { by: WH }),
    INV_TEMP: whole('inverterTemperature'),
  },
});
