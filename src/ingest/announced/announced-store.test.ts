import { expect, test } from 'bun:test';
import { announcing as say } from '../../testing/announcing.ts';

test('what an inverter says of charging is its battery’s, and its internal temperature its own', () => {
  const said = say('EG4 inverter', { 'Charge power': ['W', '0'], 'Discharge power': ['W', '640'] });
  expect(said['Discharge power']).toEqual({ batteryPower: -640 });
  const inside = say('EG4 inverter', { 'Internal temperature': ['celsius', '41'] });
  expect(inside['Internal temperature']).toEqual({ inverterTemperature: 41 });
});

test('what a charger of cars says of charging is no battery’s of the house', () => {
  const said = say('Fronius Wattpilot', { 'Charge power': ['W', '7200'] });
  expect(said['Charge power']).toEqual({});
});

test('what a battery was built to hold is its capacity', () => {
  const said = say('House battery', {
    'Battery voltage': ['V', '52.1'],
    'Battery capacity': ['Ah', '162'],
    'Nominal capacity': ['Ah', '210'],
    'Grid voltage': ['V', '231'],
  });
  expect(said['Nominal capacity']).toEqual({ batteryCapacity: 210 });
  expect(said['Battery capacity']).toEqual({});
});

test('what goes into and out of a bench’s or a server’s supply is no house’s', () => {
  const bench = say('DPS5020', {
    'Input voltage': ['V', '60.1'],
    'AC input voltage': ['V', '231'],
    'Output voltage': ['V', '24.1'],
    'Output current': ['A', '3.2'],
  });
  expect(Object.values(bench)).toEqual([{}, {}, {}, {}]);
  const inverter = say('Solar inverter', { 'Output voltage': ['V', '230.1'] });
  expect(inverter['Output voltage']).toEqual({ outputVoltage: 230.1 });
});

test('all that a house uses leads before what its backup feeds', () => {
  const said = say('EG4 inverter', { 'EPS power': ['W', '0'], 'House load power': ['W', '812'] });
  expect(said).toEqual({ 'EPS power': {}, 'House load power': { loadPower: 812 } });
});

test('what goes into a string inverter comes from its panels, and its line is the mains', () => {
  const said = say('ABB Aurora', { 'V In 1': ['V', '312.4'], 'I In 1': ['A', '4.2'], 'Power In Total': ['W', '1312'] });
  expect(said).toEqual({
    'V In 1': { solarVoltage: 312.4 },
    'I In 1': { solarCurrent: 4.2 },
    'Power In Total': { solarPower: 1312 },
  });
  const hybrid = say('Growatt SPF', { 'Line Voltage': ['V', '231.1'], 'Line to line voltage': ['V', '400'] });
  expect(hybrid).toEqual({ 'Line Voltage': { gridVoltage: 231.1 }, 'Line to line voltage': {} });
});

test('a share of a flow is no flow, whatever stands before it', () => {
  const said = say('KOSTAL Plenticore', { 'PV to Battery Power': ['W', '900'], 'Battery Power Raw': ['W', '900'] });
  expect(said).toEqual({ 'PV to Battery Power': {}, 'Battery Power Raw': {} });
});

test('of two that seem the same, one that is not sure does not lead', () => {
  const said = say('KOSTAL Plenticore', {
    'AC Power': ['W', '1604'],
    'Solar Power': ['W', '2504'],
    'Battery voltage': ['V', '208.1'],
  });
  expect(said).toMatchObject({ 'AC Power': {}, 'Solar Power': { solarPower: 2504 } });
});

test('what a load took in was not bought, and what charges a storage in a socket is not the grid’s', () => {
  expect(say('Tesla Powerwall', { 'Load import total': ['kWh', '8120'] })).toEqual({ 'Load import total': {} });
  expect(say('Zendure SolarFlow', { 'Grid input power': ['W', '212'] })).toEqual({ 'Grid input power': {} });
});

test('a battery’s AC side and the middle of its cells are not its voltage', () => {
  const said = say('Home battery', {
    'Battery AC voltage': ['V', '231'],
    'Battery midpoint voltage': ['V', '26'],
    'Battery voltage': ['V', '52.1'],
    'Battery input energy total': ['kWh', '2010.4'],
  });
  expect(said).toEqual({
    'Battery AC voltage': {},
    'Battery midpoint voltage': {},
    'Battery voltage': { batteryVoltage: 52.1 },
    'Battery input energy total': { totalBatteryCharge: 2010.4 },
  });
});
