import { add, first, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * SMA inverters by the readings of FHEM's SMAInverter module, and its meter by those of SMAEM, one value a topic or one object: W, V, A, Hz, Wh;
 * the meter's counters in kWh, its balance positive for what is sold. After their references.
 */
const WH = 0.001;

const METER = [
  ...['Saldo_Wirkleistung', 'Saldo_Wirkleistung_Zaehler', 'Bezug_Wirkleistung', 'Einspeisung_Wirkleistung'],
  ...['Bezug_Wirkleistung_Zaehler', 'Einspeisung_Wirkleistung_Zaehler'],
];

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
    ...METER,
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
    Saldo_Wirkleistung: whole('gridPower', { by: -1 }),
    Bezug_Wirkleistung: half('gridPower', 1),
    Einspeisung_Wirkleistung: half('gridPower', -1),
    Bezug_Wirkleistung_Zaehler: whole('totalGridImport'),
    Einspeisung_Wirkleistung_Zaehler: whole('totalGridExport'),
    'L#_Spannung': first('gridVoltage'),
  },
});
