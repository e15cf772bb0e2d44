import { describe, expect, test } from 'bun:test';
import { minutes } from '../../core/durations.ts';
import { hearing } from '../../testing/hearing.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

/** What a bridge says, in the words of public ones: a value a topic, said in three rounds, the last after more than half an hour. */
function heard(base: string, values: Record<string, number>, behind = ''): Record<string, unknown> {
  const memory = new DialectMemory();
  const all: Record<string, unknown> = {};
  for (const min of [0, 1, 36])
    for (const [i, [name, value]] of Object.entries(values).entries()) {
      const receivedAt = Date.UTC(2026, 5, 21, 10) + minutes(min) + i * 20;
      const message = { topic: `${base}/${name}${behind}`, payload: new TextEncoder().encode(`${value}`), receivedAt };
      const found = interpretMessage({ ...message, isRetained: false }, { timeZone: 'Europe/Berlin', memory });
      Object.assign(all, found?.interpretation.readings[0]?.values);
    }
  return all;
}

const said = (base: string, json: Record<string, unknown>): Record<string, unknown> => {
  const payload = new TextEncoder().encode(JSON.stringify(json));
  const message = { topic: base, payload, receivedAt: Date.UTC(2026, 5, 21, 10), isRetained: false };
  const context = { timeZone: 'Europe/Berlin', memory: new DialectMemory() };
  return { ...interpretMessage(message, context)?.interpretation.readings[0]?.values };
};

describe('names of public bridges', () => {
  test('of pypowerwall’s server are its powers, and its battery is a share', () => {
    const names = { battery: 75.3, solar: 3120, grid: -400, home: 2320, powerwall: 400, reserve: 20 };
    expect(heard('pypowerwall/default', names)).toEqual({
      ...{ stateOfCharge: 75.3, solarPower: 3120, gridPower: -400, loadPower: 2320, batteryPower: -400 },
    });
    expect(heard('pypowerwall', { battery: 75.3 })).toEqual({});
  });

  test('say a state of energy beside a battery’s health, and a mean of its warmth', () => {
    const battery = {
      instantaneous_voltage: 402.5,
      soh: 99,
      soe: 28.9,
      average_temperature: 23,
      maximum_temperature: 0,
    };
    const values = said('solaredge/batteries', { batteries: { Battery1: battery } });
    expect(values).toMatchObject({ stateOfCharge: 28.9, stateOfHealth: 99, batteryTemperature: 23 });
    expect(said('solaredge/batteries', { Battery1: { ...battery, soc: 31 } })).toMatchObject({ stateOfCharge: 31 });
    expect(said('solaredge/batteries', { Battery1: { voltage: 402.5, soe: 4.2 } })).not.toHaveProperty('stateOfCharge');
  });

  test('of an off-grid inverter may begin with its node’s', () => {
    const named = { battery_voltage: 53.4, mains_voltage: 229.8, output_voltage: 230, load_percentage: 12 };
    const all = Object.entries({ ...named, output_active_power: 640 }).map(([name, value]) => [
      `smg-ii_${name}`,
      value,
    ]);
    expect(heard('smg-ii/sensor', Object.fromEntries(all), '/state')).toMatchObject({ loadPower: 640 });
  });

  test('that say themselves which way is positive', () => {
    const kostal = { 'Actual battery charge -minus or discharge -plus current': -2.12 };
    expect(heard('kostal/plenticore', kostal)).toEqual({ batteryCurrent: 2.12 });
    expect(heard('fhem/WR', { 'Actual_Battery_charge_-minus_or_discharge_-plus_P': -812 })).toEqual({
      batteryPower: 812,
    });
  });

  test('of a battery’s own electronics, whose makers count charging as positive', () => {
    expect(heard('pylontech/sensor', { pylontech_battery_1_current: -1.55 }, '/state')).toEqual({
      batteryCurrent: -1.55,
    });
    expect(heard('solar/renogy/battery', { current: 6.2, voltage: 13.4 })).toEqual({
      batteryCurrent: 6.2,
      batteryVoltage: 13.4,
    });
    expect(heard('solar/renogy_battery_1', { current: 1.2 })).toEqual({});
    expect(heard('ha/sensor', { jk_b2a8s20p_current: 12.4 }, '/state')).toEqual({});
  });

  test('of a Powerwall, whose load imports and whose sun exports', () => {
    const unit = (name: string) => ({ topic: `ha/sensor/powerwall_${name}/unit_of_measurement`, payload: '"kWh"' });
    const hear = hearing();
    for (const { topic, payload } of [unit('load_import'), unit('solar_export')]) hear(topic, payload);
    expect(hear('ha/sensor/powerwall_load_import/state', '4693.0')).toEqual({ totalEnergyConsumed: 4693 });
    expect(hear('ha/sensor/powerwall_solar_export/state', '9864.2')).toEqual({ totalEnergyProduced: 9864.2 });
  });

  test('of a charge controller’s, and of no battery’s, temperature', () => {
    expect(heard('solar/renogy/controller', { temperature: 31 })).toEqual({ inverterTemperature: 31 });
    expect(heard('iobroker/bydhvs/0/State', { BattTemp: 23, BMUTemp: 31 })).toEqual({ batteryTemperature: 23 });
  });

  test('of a Growatt that is called by its model, of phases behind a letter, and of what a battery’s electronics sum up', () => {
    expect(heard('ha/sensor', { min6000_input_1_voltage: 312.4, min6000_ac_frequency: 50.01 }, '/state')).toEqual({
      ...{ solarVoltage: 312.4, gridFrequency: 50.01 },
    });
    expect(said('studer/xtenders', { AcOutFreq: 50, acOutV1: 224, acOutV2: 220 })).toEqual({
      ...{ outputFrequency: 50, outputVoltage: 224 },
    });
    const battery = { power: 1694, voltage: 50.37 };
    expect(said('deye/stats', { bms_sum: { voltage: 50.1 }, battery, load: { power_total: 1618 } })).toMatchObject({
      batteryVoltage: 50.37,
    });
  });

  test('of an energy manager, which is no charge', () =>
    expect(heard('kostal/plenticore', { 'State of energy manager': 0 })).toEqual({}));

  test('that count what flowed as a power', () => {
    const counted = { solar_power_today: 7.2, load_power_today: 9.1, accumulated_solar_power: 2412.6 };
    expect(heard('srne/sensor', counted, '/state')).toEqual({
      ...{ dailyEnergyProduced: 7.2, dailyEnergyConsumed: 9.1, totalEnergyProduced: 2412.6 },
    });
    expect(heard('srne/sensor', { max_solar_power_today: 7.2 }, '/state')).toEqual({});
  });

  test('of what Victron’s monitors count', () => {
    const counted = { amount_of_charged_energy: 412.31, amount_of_discharged_energy: 390.21 };
    expect(heard('smart-shunt/sensor', counted, '/state')).toEqual({
      ...{ totalBatteryCharge: 412.31, totalBatteryDischarge: 390.21 },
    });
  });

  test('of sides and their measurements', () =>
    expect(heard('sma/sunnyboy', { 'dc-side/dc-measurements/power': 1512 })).toEqual({ solarPower: 1512 }));

  test('of a house’s use in German and Dutch', () => {
    expect(heard('haus/victron', { Hausverbrauch: 1840 })).toEqual({ loadPower: 1840 });
    expect(heard('growatt', { huisverbruik: 840 })).toEqual({ loadPower: 840 });
  });

  test('of a phase, written together', () =>
    expect(heard('foxess', { rvolt: 231.2, svolt: 230.1, rfreq: 50.01 })).toMatchObject({
      gridVoltage: 231.2,
      gridFrequency: 50.01,
    }));

  test('of Growatt’s flows, written together', () => {
    const flows = { Plocalloadtotal: 612, Pactousertotal: 0, Pactogridtotal: 88 };
    const counted = { Etousertoday: 1.1, Etousertotal: 1123.1, Etogridtotal: 2123.1, Elocalloadtoday: 5.1 };
    expect(heard('growatt', { ...flows, ...counted })).toEqual({
      ...{ loadPower: 612, gridPower: -88, dailyGridImport: 1.1, totalGridImport: 1123.1, totalGridExport: 2123.1 },
      dailyEnergyConsumed: 5.1,
    });
  });

  test('of what Solax calls consumed beside what was fed in', () => {
    const counted = { feedin_energy_total: 2123.1, consumed_energy_total: 1123.1 };
    expect(heard('solax-hybrid/sensor', counted, '/state')).toEqual({
      totalGridExport: 2123.1,
      totalGridImport: 1123.1,
    });
  });

  test('of single letters before and behind German places', () => {
    const letters = { P_PV: 1512, P_Last: 612, P_Akku: -812, U_Akku: 53.1, I_Akku: -15.2, P_Netz: -88, T_WR: 38.1 };
    expect(said('wr1/daten', letters)).toMatchObject({
      ...{ solarPower: 1512, loadPower: 612, batteryPower: 812, batteryCurrent: 15.2, inverterTemperature: 38.1 },
    });
    expect(said('kaco/powador', { Unetz: 231.2, TagesErtrag: 6.1 })).toMatchObject({ gridVoltage: 231.2 });
    expect(said('soladin/inverter', { gridv: 231.2, gridf: 50.01 })).toEqual({
      gridVoltage: 231.2,
      gridFrequency: 50.01,
    });
  });

  test('of both sides under a topic that is called after one', () => {
    const sides = { AC_Voltage: 231.2, DC_Voltage: 381.2, DC_Current: 4.1, LINK_Voltage: 391, AC_Power: 1512 };
    expect(said('steca/grid', sides)).toMatchObject({
      ...{ gridVoltage: 231.2, solarVoltage: 381.2, solarCurrent: 4.1, busVoltage: 391 },
    });
  });

  test('of numbered buses and currents', () => {
    expect(heard('eg4/18kpv', { bus1_voltage: 381, bus2_voltage: 301 })).toEqual({ busVoltage: 381 });
    expect(
      said('delta/inverter', { 'DC Volt1': 321.2, 'DC Cur1': 3.1, 'AC Volt': 231.2, 'Wh Today': 6123 }),
    ).toMatchObject({
      ...{ solarVoltage: 321.2, solarCurrent: 3.1, gridVoltage: 231.2 },
    });
  });

  test('of SunSpec’s points, one a topic', () => {
    const inverter = { DCW: 1560, PhVphA: 231.2, Hz: 50.01, 'mppt/1/DCV': 321.2, 'mppt/1/DCW': 996, 'mppt/2/DCW': 564 };
    expect(heard('fronius/inverter/1', inverter)).toEqual({
      ...{ solarPower: 1560, solarVoltage: 321.2, gridVoltage: 231.2, gridFrequency: 50.01 },
    });
    const meter = { WphA: -30, PhVphA: 231.2, PhVphB: 230.1, Hz: 50.01, TotWhExp: 2123123, TotWhImp: 1123123 };
    expect(heard('fronius/meter/240', meter)).toMatchObject({
      ...{ gridVoltage: 231.2, gridFrequency: 50.01, totalGridExport: 2123.123, totalGridImport: 1123.123 },
    });
    expect(heard('fronius/meter/240', meter)).not.toHaveProperty('gridCurrent');
  });

  test('of a battery whose node is called after nothing', () => {
    const pack = { total_voltage: 53.1, state_of_charge: 74, charging_cycles: 41, capacity_remaining: 207.2 };
    expect(heard('node1/sensor', pack, '/state')).toEqual({
      batteryVoltage: 53.1,
      stateOfCharge: 74,
      remainingCapacity: 207.2,
    });
  });
});

describe('objects of makers’ clouds', () => {
  test('say units in brackets', () => {
    const flow = { pv: '1512(W)', load: '612(W)', grid: '88(W)', bettery: '812(W)', soc: 71 };
    expect(said('sems/powerflow', flow)).toMatchObject({ solarPower: 1512, loadPower: 612, stateOfCharge: 71 });
  });

  test('name the day that is not over the last one', () => {
    const overview = {
      lastMonthData: { energy: 212312 },
      lastDayData: { energy: 6123 },
      currentPower: { power: 1512 },
    };
    expect(said('solaredge/site/overview', { overview: { lifeTimeData: { energy: 8123123 }, ...overview } })).toEqual({
      ...{ totalEnergyProduced: 8123.123, dailyEnergyProduced: 6.123, solarPower: 1512 },
    });
  });

  test('say of a house what either of two meters tells, and which way it flows', () => {
    const flow = { pvPower: 1512, battPower: 812, gridOrMeterPower: 88, loadOrEpsPower: 612, soc: 71 };
    const flags = { toBat: true, batTo: false, toGrid: true, gridTo: false };
    expect(said('sunsynk/plant/flow', { ...flow, ...flags })).toEqual({
      ...{ solarPower: 1512, batteryPower: 812, gridPower: -88, loadPower: 612, stateOfCharge: 71 },
    });
  });

  test('write kW that add up, or are a thousandth of voltages times currents', () => {
    const flow = { pvPower: 1.512, buySellPower: -0.088, loadPower: 0.612, batteryPower: 0.812, batterySoc: 71 };
    expect(said('sigen/energyflow', flow)).toMatchObject({ solarPower: 1512, loadPower: 612 });
    const strings = { pv1_u: 321.2, pv1_i: 2.1, pv2_u: 301.2, pv2_i: 2.9, a_u: 231.2 };
    expect(said('fusionsolar/inverter1', { ...strings, mppt_power: 1.55 })).toMatchObject({
      ...{ solarPower: 1550, solarVoltage: 321.2, gridVoltage: 231.2 },
    });
    expect(said('roof/inverter1', { ...strings, pv_power: 1.95 })).not.toHaveProperty('solarPower');
  });

  test('call SMA’s values by their objects', () => {
    const metering = { 'Metering.GridMs.TotWIn': 0, 'Metering.GridMs.TotWOut': 88, 'GridMs.PhV.phsA': 231.2 };
    expect(heard('sma/ennexos', { ...metering, 'Bat.ChaStt': 71 })).toMatchObject({
      ...{ gridPower: -88, gridVoltage: 231.2, stateOfCharge: 71 },
    });
  });
});

describe('names in other languages', () => {
  test.each([
    ['casa/inversor/consumo_casa', 612, { loadPower: 612 }],
    ['casa/inversor/energia_generada_hoy', 6.1, { dailyEnergyProduced: 6.1 }],
    ['dum/stridac/spotreba_domu', 612, { loadPower: 612 }],
    ['huis/omvormer/spanning_net', 231.2, { gridVoltage: 231.2 }],
    ['hus/vaxelriktare/soleffekt', 1512, { solarPower: 1512 }],
    ['hus/vaxelriktare/natspanning', 231.2, { gridVoltage: 231.2 }],
    ['talo/invertteri/aurinkopaneelien_teho', 1512, { solarPower: 1512 }],
    ['talo/invertteri/verkon_taajuus', 50.01, { gridFrequency: 50.01 }],
    ['bahce/inverter/batarya_yuzdesi', 71, { stateOfCharge: 71 }],
    ['bahce/inverter/gunluk_uretim', 6.1, { dailyEnergyProduced: 6.1 }],
    ['casa/invertor/putere_panouri', 1512, { solarPower: 1512 }],
    ['dom/invertor/napryazhenie_seti', 231.2, { gridVoltage: 231.2 }],
    ['dom/invertor/vyrabotka_segodnya', 6.1, { dailyEnergyProduced: 6.1 }],
  ])('%s', (topic, value, values) => {
    const cut = topic.lastIndexOf('/');
    expect(heard(topic.slice(0, cut), { [topic.slice(cut + 1)]: value })).toEqual(values);
  });

  test('of all that was used, beside the day', () =>
    expect(heard('haus/wr', { Tagesverbrauch: 5.1, Gesamtverbrauch: 5123.1 })).toEqual({
      ...{ dailyEnergyConsumed: 5.1, totalEnergyConsumed: 5123.1 },
    }));
});

describe('what stands beside', () => {
  test('keeps what a battery puts out from being a house’s', () =>
    expect(heard('byd', { soc: 71, pack_voltage: 412.1, output_voltage: 411.9 })).toEqual({
      ...{ stateOfCharge: 71, batteryVoltage: 412.1 },
    }));

  test('keeps what a maker’s bridge reads of the utility’s meter from being the load', () =>
    expect(heard('omnik/dsmr', { CURRENT_ELECTRICITY_USAGE: 412 }, '/state')).not.toHaveProperty('loadPower'));

  test('keeps a day in Wh from being one in kWh', () => {
    const counted = heard('fhem/WR_1', { Home_consumption_today: 1.2, Daily_yield: 12123 });
    expect(counted).not.toHaveProperty('dailyEnergyProduced');
  });

  test('keeps an output from being the panels’ power', () => {
    const said = heard('sungrow', { total_dc_power: 2527, output_power: 3.1 });
    expect(said).toEqual({ solarPower: 2527 });
  });

  test('keeps a battery’s bus from being the inverter’s', () => {
    const buses = { bus_voltage: 391, battery_bus_voltage: 52.9, inverter_temperature: 38, buck1_temperature: 34 };
    expect(heard('growatt/sensor', buses, '/state')).toEqual({ busVoltage: 391, inverterTemperature: 38 });
  });

  test('makes a battery of what has cells, though its maker makes inverters', () => {
    const pack = { cell_count: 4, cell_voltage_0: 3.3, temperature_0: 20, voltage: 13.2, current: 0, capacity: 100 };
    const values = said('solar/renogy-battery/state', pack);
    expect(values).toMatchObject({ batteryVoltage: 13.2 });
    expect(values).not.toHaveProperty('inverterTemperature');
  });
});

describe('cars and heat pumps', () => {
  test.each([
    ['byd/app', { battery_soc: 82, battery_power: 12 }],
    ['ovms/me/metric/v/b', { soc: 71, voltage: 381.2, soh: 98 }],
    ['ebusd/broadcast/hmu', { YieldTotal: 8123.1, CurrentYieldPower: 4.1, SumPowerConsumption: 412 }],
    ['nibe/modbus', { current_power_consumption: 1212, energy_produced_heating: 4123.1 }],
  ])('are no house’s supply: %s', (base, values) => expect(heard(base, values)).toEqual({}));

  test('are none as objects either', () =>
    expect(said('wican/abc/elm327', { SOC: 71, SOH: 98, HV_V: 381.2, BATTERY_TEMP: 21 })).toEqual({}));
});

test('what a supplier calls consumption was bought', () =>
  expect(heard('octopus/electricity', { consumption_today: 8.1, export_today: 4.1, cost_today: 2.1 })).toEqual({
    ...{ dailyGridImport: 8.1, dailyGridExport: 4.1 },
  }));

test('meters of Wiren Board count what is active, each way', () => {
  const memory = new DialectMemory();
  const hear = (name: string, value: string) => {
    const message = { topic: `/devices/wb-map3e_12/controls/${name}`, payload: new TextEncoder().encode(value) };
    const context = { timeZone: 'Europe/Berlin', memory, role: 'grid' as const };
    const found = interpretMessage({ ...message, receivedAt: Date.UTC(2026, 5, 21, 10), isRetained: false }, context);
    return found?.interpretation.readings[0]?.values ?? {};
  };
  expect(hear('Total P', '412.4')).toEqual({ gridPower: 412.4 });
  expect(hear('Total AP energy', '8123.412')).toEqual({ totalGridImport: 8123.412 });
  expect(hear('Total AN energy', '1023.123')).toEqual({ totalGridExport: 1023.123 });
  expect(hear('Total RP energy', '812.123')).toEqual({});
});
