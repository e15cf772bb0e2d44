import { describe, expect, test } from 'bun:test';
import { describeName } from './described-name.ts';
import { wordsOf } from './name-words.ts';

describe('the words of a name', () => {
  test.each([
    [['batterySoc'], 'battery soc'],
    [['PV1Voltage'], 'pv1 voltage'],
    [['gridvoltage'], 'grid voltage'],
    [['hof', 'Batterie', 'Ladezustand'], 'hof battery soc'],
    [['home', 'garage', 'pv', 'leistung'], 'room pv power'],
    [['energia', 'potencia_fotovoltaica'], 'energy power pv'],
    [['напруга_мережі'], 'voltage grid'],
    [['Рівень заряду батареї'], 'soc battery'],
    [['akkumulátor_töltöttség'], 'battery soc'],
    [['mai_termelés'], 'today production'],
    [['termelt_energia_het'], 'production energy week'],
    // The month of May in other languages.
    [['ertrag_mai'], 'yield mai'],
    [['netspænding'], 'grid voltage'],
    [['currentPvGeneration'], 'pv production power'],
    [['U_L2'], 'l2 voltage'],
    [['P_Akku'], 'battery power'],
    [['p_house'], 'house power'],
    [['Netz', 'U'], 'grid voltage'],
    [['v_pohode'], 'v pohode'],
    [['potencia_aparente_salida'], 'apparent power output'],
    [['ontlaadvermogen'], 'discharge power'],
    [['wsolar'], 'solar power'],
    [['Bezug_Wirkleistung_Zaehler'], 'grid import total energy'],
    [['growatt_min_4200_input_1_wattage'], 'growatt 4200 input 1 power'],
    [['V In 1'], 'input 1 voltage'],
    [['home_consumption_live'], 'home consumption now'],
    [['accumulated_consumption'], 'accumulated consumption'],
    [['VepsR'], 'eps voltage r'],
    [['pv_total_kilo_watt_hours'], 'pv total kwh'],
    [['net_energy_production'], 'grid export energy'],
    [['current_battery_charge_discharge'], 'battery power'],
    [['battery_exported_energy'], 'battery discharge energy'],
    [['potencia_carga_bateria'], 'power charge battery'],
    [['pv1c'], 'pv1 current'],
    [['Ptouser'], 'grid import power'],
    [['Tinner'], 'inner temperature'],
    [['x', 'sensor', 'inverter_power', 'state'], 'x inverter power'],
  ])('of %p are English ones: %s', (names, words) => {
    expect(wordsOf(names)).toBe(words);
  });

  test.each([
    ['pv power w', 'W', 'pv power', true],
    ['pv power kw', 'kW', 'pv power', true],
    ['battery soc percent', '%', 'battery soc percent', true],
    ['grid voltage', 'V', 'grid voltage', false],
    ['solar panel voltage', 'V', 'solar panel voltage', false],
    ['load power a', 'W', 'load power phase a', false],
    ['load power b', 'W', 'load power phase b', false],
    ['r voltage v', 'V', 'voltage phase a', true],
    ['solax house load', 'W', 'solax house load power', false],
    ['grid voltage c', 'V', 'grid voltage phase c', false],
    ['grid voltage s', 'V', 'grid voltage phase b', false],
    ['inverter temperature c', '°C', 'inverter temperature', true],
    ['battery current a', 'A', 'battery current', true],
    ['battery power', 'W', 'battery power', false],
    ['pv energy today kwh', 'kWh', 'pv energy today', true],
  ] as const)('%s is in %s', (words, unit, rest, isUnitSaid) => {
    expect(describeName(words)).toMatchObject({ unit, words: rest, isUnitSaid });
  });

  test('of a phase’s current are told from amperes by its siblings', () => {
    expect(describeName('load current a', true)).toMatchObject({ words: 'load current phase a' });
    expect(describeName('load current a')).toMatchObject({ words: 'load current', isUnitSaid: true });
  });

  test('of no kind of quantity have no unit', () => {
    expect(describeName('pv state')).toBeNull();
    expect(describeName('w')).toBeNull();
    expect(describeName('inverter temperature f')).toBeNull();
  });
});
