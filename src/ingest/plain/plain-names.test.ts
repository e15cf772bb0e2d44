import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { findMetric } from '../../core/metrics.ts';
import { runsOf } from '../../testing/hostile.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

/** Machines that do much beside take their time. */
const SLOW_MS = 60_000;
/** What a value is, in words of several languages, and what of the catalogue that is. */
const names: readonly [metric: string, unit: string, ...names: string[]][] = [
  ['solarPower', 'W', 'pv_power', 'PVLeistung', 'puissance_solaire', 'potencia_placas', 'moc_pv', 'solar/power'],
  ['solarVoltage', 'V', 'pv_voltage', 'PV Spannung', 'upv', 'pv/voltage'],
  ['loadPower', 'W', 'load_power', 'hausverbrauch_leistung', 'houseLoadPower', 'potenza_casa', 'load/power'],
  ['gridVoltage', 'V', 'grid_voltage', 'Netzspannung', 'tension_reseau', 'tension_red', 'napiecie_sieci', 'vgrid'],
  ['gridFrequency', 'Hz', 'grid_frequency', 'Netzfrequenz', 'frecuencia_red', 'gridfreq'],
  ['stateOfCharge', '%', 'battery_soc', 'Batterie Ladezustand', 'stato_carica_batteria', 'estado_carga_bateria'],
  ['batteryVoltage', 'V', 'battery_voltage', 'tension_batterie', 'accu_spanning', 'vbat', 'battery/voltage'],
  ['dailyEnergyProduced', 'kWh', 'pv_energy_today_kwh', 'pv_tagesertrag_kwh', 'energia_solar_hoy_kwh'],
  ['totalGridImport', 'kWh', 'grid_import_total_kwh', 'netzbezug_gesamt_kwh', 'energia_importada_total_kwh'],
  ['totalGridExport', 'kWh', 'grid_export_total_kwh', 'netzeinspeisung_gesamt_kwh', 'energie_injectee_totale_kwh'],
];
/** Names that have the same words, and measure something else or nothing. */
const others = [
  ...['max_charge_current', 'pv_power_limit', 'rated_power', 'battery_min_soc', 'pv_forecast_today_kwh', 'grid_price'],
  ...[
    'pv_energy_yesterday_kwh',
    'pv_energy_prev_day',
    'circuit_1_power',
    'power_median',
    'grid_power_demand',
    'soc_cycles',
    'load_power_max',
    'target_soc',
    'heat_pump_power',
    'ev_charge_power',
    'car_soc',
  ],
  ...['grid_frequency_setting', 'pv_startup_voltage', 'load_shedding_power', 'self_consumption_power', 'stop_soc'],
  ...['battery_full_voltage', 'bms_charge_voltage', 'grid_reconnect_frequency', 'zero_export_power', 'grid_charge_soc'],
  ...['smart_load_power', 'ac_charge_power', 'generator_frequency', 'pv_voltage_ratio', 'back_to_discharge_voltage'],
  ...['utility_charging_current', 'panel_temperature', 'soc_tomorrow', 'battery_available_power', 'apparent_power'],
  ...['pv_power_sollwert', 'consigne_grid_power', 'battery_voltage_alarm', 'grid_voltage_fault', 'pv_power_enabled'],
  ...[
    'waermepumpe_load_power',
    'lavadora_power',
    'pompa_ciepla_load_power',
    'elbil_battery_soc',
    'wallbox1_load_power',
  ],
  ...[
    'grid_frequency_hysteresis',
    'grid_residual_power',
    'pv_overvoltage_voltage',
    'kosten_grid_import',
    'load_power_rate',
  ],
  ...['house_consumption_from_battery_power', 'pv_energy_month_kwh', 'battery_discharge_power_limit', 'cell_voltage_1'],
];
const ordinary: Record<string, number> = { W: 1210, V: 231, Hz: 50.02, '%': 64, kWh: 12.3 };
const inOtherUnits: Record<string, [string, number][]> = {
  W: [
    ['W', 1],
    ['kW', 1000],
  ],
  V: [
    ['V', 1],
    ['mV', 0.001],
  ],
  kWh: [
    ['kWh', 1],
    ['Wh', 0.001],
  ],
  Hz: [['Hz', 1]],
  '%': [['%', 1]],
};

const valuesOf = (topic: string, payload: string, memory = new DialectMemory()): Record<string, unknown> => {
  const message = {
    topic,
    payload: new TextEncoder().encode(payload),
    receivedAt: Date.UTC(2026, 5, 1),
    isRetained: false,
  };
  return { ...interpretMessage(message, { timeZone: 'UTC', memory })?.interpretation.readings[0]?.values };
};

const anyName = fc.constantFrom(
  ...names.flatMap(([metric, unit, ...all]) => all.map((name) => ({ metric, unit, name }))),
);
const anyOther = fc.constantFrom(...others);

describe('values named in plain words', () => {
  test.each(names.flatMap(([metric, unit, ...all]) => all.map((name) => [name, metric, unit] as const)))(
    '%s of an inverter is its %s',
    (name, metric, unit) => {
      const value = ordinary[unit] ?? 0;
      expect(valuesOf(`inverter/${name}`, String(value))).toEqual({ [metric]: value });
    },
  );

  test(
    'with a unit behind or beside the number are in that unit',
    () => {
      fc.assert(
        fc.property(anyName, fc.nat(1), fc.boolean(), ({ metric, unit, name }, at, isWrapped) => {
          const units = inOtherUnits[unit] ?? [];
          const [written = '', by = 1] = units[at % units.length] ?? [];
          const number = (ordinary[unit] ?? 0) / by;
          const bare = name.replace(/_kwh$/, '');
          const payload = isWrapped ? JSON.stringify({ value: number, unit: written }) : `${number} ${written}`;
          const values = valuesOf(`inverter/${bare}`, payload);
          expect(Object.keys(values)).toEqual([metric]);
          expect(values[metric]).toBeCloseTo(ordinary[unit] ?? 0, 6);
        }),
        runsOf('plain names with units', 300),
      );
    },
    SLOW_MS,
  );

  test(
    'in any order, some left out and with others between them, never land in a wrong place',
    () => {
      const some = fc.uniqueArray(anyName, { selector: ({ metric }) => metric, minLength: 1 });
      fc.assert(
        fc.property(some, fc.array(anyOther, { maxLength: 6 }), fc.boolean(), (known, between, isOneObject) => {
          const all = [
            ...known.map(({ name, unit }) => [name.replaceAll('/', '_'), ordinary[unit] ?? 0] as const),
            ...between.map((name) => [name, 77] as const),
          ];
          const allowed: Record<string, number> = {};
          for (const { metric, unit } of known) allowed[metric] = ordinary[unit] ?? 0;
          const memory = new DialectMemory();
          const readings = isOneObject
            ? [valuesOf('house/inverter', JSON.stringify(Object.fromEntries(all)), memory)]
            : all.map(([name, value]) => valuesOf(`house/inverter/${name}`, String(value), memory));
          for (const values of readings) expect(allowed).toMatchObject(values as Record<string, number>);
        }),
        runsOf('plain names among others', 400),
      );
    },
    SLOW_MS,
  );

  test(
    'of the grid’s and a battery’s power never have a sign that nothing says',
    () => {
      const unsigned = fc.constantFrom('grid_power', 'battery_power', 'Netzleistung', 'battery_current', 'grid/power');
      fc.assert(
        fc.property(unsigned, fc.integer({ min: -5000, max: 5000 }).filter(Boolean), (name, value) => {
          const values = valuesOf(`inverter/${name}`, String(value));
          expect(values).toEqual({});
        }),
        runsOf('powers without a sign', 200),
      );
    },
    SLOW_MS,
  );

  test('zero has no sign', () => {
    expect(valuesOf('inverter/grid_power', '0')).toEqual({ gridPower: 0 });
    expect(valuesOf('inverter/battery_current', '0.0')).toEqual({ batteryCurrent: 0 });
    expect(valuesOf('solis/battery_current_direction', '0')).toEqual({});
    expect(valuesOf('powerwall/grid_services_power', '0')).toEqual({});
    expect(valuesOf('outback/fndc/shunt_c_current', '0')).toEqual({});
  });

  test.each([
    ['grid_import_power', 1],
    ['power_from_grid', 1],
    ['grid_export_power', -1],
    ['power_to_grid', -1],
    ['netzbezug_leistung', 1],
    ['einspeiseleistung', -1],
    ['potenza_immessa_rete', -1],
    ['battery_charge_power', 1],
    ['Batterie Entladeleistung', -1],
  ])('%s says its sign', (name, sign) => {
    const metric = /batter/i.test(name) ? 'batteryPower' : 'gridPower';
    expect(valuesOf(`inverter/${name}`, '812')).toEqual({ [metric]: sign * 812 });
    // Below zero it may be signed, or a habit of the maker.
    expect(valuesOf(`inverter/${name}`, '-812')).toEqual({});
  });

  test.each(others)('%s is nothing of the catalogue', (name) => {
    expect(valuesOf(`inverter/${name}`, '41.5')).toEqual({});
    const beside = { pv_power: 2100, load_power: 800, [name]: 41.5 };
    expect(valuesOf('inverter/all', JSON.stringify(beside))).toEqual({ solarPower: 2100, loadPower: 800 });
  });

  test('of energy whose unit nothing says are taken only where a day tells it', () => {
    const object = (day: number, total: number) => {
      const said = { pv_power: 2100, load_power: 800, pv_energy_today: day, pv_energy_total: total };
      return valuesOf('inverter/all', JSON.stringify(said));
    };
    expect(object(8.4, 8412)).toMatchObject({ dailyEnergyProduced: 8.4, totalEnergyProduced: 8412 });
    expect(object(8412, 912)).toEqual({ solarPower: 2100, loadPower: 800, dailyEnergyProduced: 8.412 });
    expect(object(8, 8412)).toEqual({ solarPower: 2100, loadPower: 800 });
  });

  test('without a kind are powers where their balance proves it', () => {
    expect(valuesOf('home/energy', '{"pv":2210,"grid":-1420,"load":790}')).toEqual({
      ...{ solarPower: 2210, gridPower: -1420, loadPower: 790 },
    });
    expect(valuesOf('home/energy', '{"pv":22,"grid":14,"load":7}')).toEqual({});
  });

  test(
    'never leave the catalogue’s range',
    () => {
      fc.assert(
        fc.property(anyName, fc.double({ noNaN: true }), ({ name, metric }, value) => {
          const { min = -Infinity, max = Infinity } = findMetric(metric) ?? {};
          for (const found of Object.values(valuesOf(`inverter/${name}`, String(value)))) {
            expect(found as number).toBeGreaterThanOrEqual(min);
            expect(found as number).toBeLessThanOrEqual(max);
          }
        }),
        runsOf('plain names, any number', 400),
      );
    },
    SLOW_MS,
  );
});

test('what charges a battery is no load, in Italian and Spanish either', () => {
  const memory = new DialectMemory();
  const say = (topic: string, payload: string) => {
    const message = {
      topic,
      payload: new TextEncoder().encode(payload),
      receivedAt: 1_750_000_000_000,
      isRetained: false,
    };
    return { ...interpretMessage(message, { timeZone: 'UTC', memory })?.interpretation.readings[0]?.values };
  };
  expect(say('casa/energia/fotovoltaico/potenza', '3120')).toEqual({ solarPower: 3120 });
  expect(say('casa/energia/batteria/soc', '66')).toEqual({ stateOfCharge: 66 });
  expect(say('casa/energia/batteria/potenza_carica', '810')).toEqual({ batteryPower: 810 });
  expect(say('casa/energia/bateria/potencia_carga', '640')).toEqual({ batteryPower: 640 });
});

test('what an inverter calls its `power_gen` is no generator’s', () => {
  const said = { topic: 'home/sungrow_monitor/power_gen', payload: new TextEncoder().encode('2741.5') };
  const message = { ...said, receivedAt: 1_750_000_000_000, isRetained: false };
  const found = interpretMessage(message, { timeZone: 'UTC', memory: new DialectMemory() });
  expect({ ...found?.interpretation.readings[0]?.values }).not.toHaveProperty('generatorPower');
});
