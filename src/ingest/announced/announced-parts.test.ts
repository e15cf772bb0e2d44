import { expect, test } from 'bun:test';
import { announcing as say } from '../../testing/announcing.ts';

test('a name and the ids that say it again mean nothing together', () => {
  expect(say('EcoFlow Delta', { 'DC out power': ['W', '40'] })).toEqual({ 'DC out power': {} });
});

test('what a battery exchanged with one side only is a part of it', () => {
  const said = say('EcoFlow Delta', {
    'Battery charge energy from AC': ['kWh', '212'],
    'Battery discharge energy to DC': ['kWh', '22'],
  });
  expect(Object.values(said)).toEqual([{}, {}]);
  expect(say('Growatt SPF', { 'PV1 current to storage': ['A', '7.4'] })).toEqual({ 'PV1 current to storage': {} });
});

test('what a storage in a socket gives its house was not sold, nor what it takes bought', () => {
  const said = say('Zendure SolarFlow', { 'Fed into the house': ['kWh', '402'], 'Total from grid': ['kWh', '33'] });
  expect(Object.values(said)).toEqual([{}, {}]);
  expect(say('Huawei inverter', { 'Total fed into the grid': ['kWh', '402'] })).toEqual({
    'Total fed into the grid': { totalGridExport: 402 },
  });
});

test('a battery that is called so says of its own DC side, and imports what it is charged with', () => {
  const said = say(
    'SolarEdge B1',
    { 'DC voltage': ['V', '406'], 'DC power': ['W', '812'], 'Lifetime export energy': ['kWh', '3120'] },
    { manufacturer: 'LG', model: 'RESU10H' },
  );
  expect(Object.values(said)).toEqual([
    { batteryVoltage: 406 },
    { batteryPower: 812 },
    { totalBatteryDischarge: 3120 },
  ]);
});

test('what an inverter’s maker calls a meter stands at the grid', () => {
  const said = say(
    'Power meter',
    { 'Active power': ['W', '1170'], 'Phase A voltage': ['V', '231'], Consumed: ['kWh', '4310'] },
    { manufacturer: 'Huawei', model: 'DTSU666-H' },
  );
  expect(Object.values(said)).toEqual([{ gridPower: -1170 }, { gridVoltage: 231 }, { totalGridImport: 4310 }]);
});

test('a maker’s sign is not taken from where its bridges differ', () => {
  const cloud = say('SolarEdge', { 'Grid power': ['W', '412'], 'Storage power': ['W', '500'] });
  expect(Object.values(cloud)).toEqual([{ gridPower: 412 }, {}]);
  expect(say('SolarEdge M1', { 'AC power': ['W', '412'] })).toEqual({ 'AC power': { gridPower: -412 } });
});

test('panels and a battery that say a frequency say their AC side', () => {
  const said = say('Tesla Powerwall', {
    'Battery frequency': ['Hz', '50'],
    'Battery voltage': ['V', '231'],
    'Solar frequency': ['Hz', '50'],
    'Solar voltage': ['V', '231'],
    'Solar current': ['A', '11'],
    'Solar power': ['W', '2541'],
  });
  expect(Object.values(said)).toEqual([{}, {}, {}, {}, {}, { solarPower: 2541 }]);
});

test('several inputs are added, however they are numbered', () => {
  const said = say('EcoFlow Powerstream', {
    'Solar 1 watts': ['W', '212'],
    'Solar 2 watts': ['W', '200'],
    'Solar 1 input potential': ['V', '38.1'],
    'MPP2 current': ['A', '5'],
  });
  expect(Object.values(said)).toEqual([
    ...[{ solarPower: 212 }, { solarPower: 412 }, { solarVoltage: 38.1 }, { solarCurrent: 5 }],
  ]);
  const station = say('EcoFlow Delta', { 'Solar (1) in power': ['W', '212'], 'Solar (2) in power': ['W', '200'] });
  expect(Object.values(station)).toEqual([{ solarPower: 212 }, { solarPower: 412 }]);
});

test('a meter of what is made or used stands elsewhere than at the grid', () => {
  const said = say('sonnenbatterie 4711', {
    'Meter production w_total': ['W', '2742'],
    'Meter consumption w_total': ['W', '640'],
    'Meter production a_l1': ['A', '4'],
  });
  expect(Object.values(said)).toEqual([{}, {}, {}]);
});

test('what a reader counts since midnight is no lifetime’s', () => {
  const said = say('Tibber Pulse', {
    'Accumulated consumption': ['kWh', '4.2'],
    'Last meter consumption': ['kWh', '21003'],
  });
  expect(Object.values(said)).toEqual([{}, {}]);
});

test('an electric panel is none of the sun’s, and an apparent power the load’s alone', () => {
  expect(say('Emporia Vue', { 'Main panel energy today': ['kWh', '8.1'] })).toEqual({ 'Main panel energy today': {} });
  const said = say('Growatt SPF', { 'Output apparent power': ['VA', '410'] });
  expect(said).toEqual({ 'Output apparent power': { apparentPower: 410 } });
  expect(say('Shelly 3EM', { 'Total apparent power': ['VA', '410'] })).toEqual({ 'Total apparent power': {} });
});

test('phases R, S and T, a battery in percent and the power at this time are read', () => {
  const said = say('Solis inverter', {
    'AC Voltage R': ['V', '231'],
    'AC Voltage S': ['V', '230'],
    'Realtime power': ['kW', '1.9'],
  });
  expect(said['AC Voltage R']).toEqual({ gridVoltage: 231 });
  expect(said['Realtime power']).toEqual({ solarPower: 1900 });
});

test('what a storage that works beside a mains puts out is a part of what the house uses', () => {
  expect(say('Anker Solarbank E1600', { 'AC output power': ['W', '300'] })).toEqual({ 'AC output power': {} });
  expect(say('Bluetti AC200', { 'AC output power': ['W', '300'] })).toEqual({ 'AC output power': { loadPower: 300 } });
});

test('what went from one place to another is neither’s whole, and a counter that names the battery leads', () => {
  const system = say('Anker System', { 'Daily solar home': ['kWh', '1'], 'Home power from own': ['W', '640'] });
  expect(Object.values(system)).toEqual([{}, {}]);
  const said = say('SolaX inverter', {
    'E Charge Total': ['kWh', '120'],
    'Battery Input Energy Total': ['kWh', '3310'],
  });
  expect(said).toEqual({ 'E Charge Total': {}, 'Battery Input Energy Total': { totalBatteryCharge: 3310 } });
});

test('a clamp at the mains is called after what is used beyond what is made', () => {
  const said = say('Enphase Envoy', {
    'Net consumption CT current': ['A', '5.6'],
    'Voltage net consumption CT': ['V', '231'],
  });
  expect(Object.values(said)).toEqual([{ gridCurrent: 5.6 }, { gridVoltage: 231 }]);
});

test('what foretells or only uses what is over is no house’s supply', () => {
  expect(say('Forecast', { 'Solcast PV power now': ['W', '2700'] })).toEqual({ 'Solcast PV power now': {} });
  const heater = say('Ohmpilot', { 'Energy consumed': ['kWh', '120'] }, { manufacturer: 'Fronius' });
  expect(heater).toEqual({ 'Energy consumed': {} });
  expect(say('Model 3', { 'Battery power': ['kW', '5'] }, { manufacturer: 'Tesla' })).toEqual({ 'Battery power': {} });
  expect(say('NIBE F1255', { 'Energy consumption': ['kWh', '4310'] })).toEqual({ 'Energy consumption': {} });
  const others = say('E3DC S10E', {
    'Zusätzliche Produktion gesamt': ['kWh', '8'],
    'Solarproduktion gesamt': ['kWh', '80'],
  });
  expect(Object.values(others)).toEqual([{}, { totalEnergyProduced: 80 }]);
});

test('what an inverter takes in leads before what it gives', () => {
  const said = say(
    'Onduleur',
    { 'Puissance active': ['W', '1930'], "Puissance d'entrée": ['W', '2742'] },
    { manufacturer: 'Huawei' },
  );
  expect(Object.values(said)).toEqual([{}, { solarPower: 2742 }]);
});

test('names of integrations in other tongues are read', () => {
  const italian = say('Inverter ZCS Azzurro', {
    'Potenza immessa in rete': ['W', '1290'],
    'Potenza di carica batteria': ['W', '812'],
  });
  expect(Object.values(italian)).toEqual([{ gridPower: -1290 }, { batteryPower: 812 }]);
  const dutch = say('Zendure Hyper', { 'in het huis gevoerd': ['kWh', '402'], Gezondheidsstatus: ['%', '99'] });
  expect(Object.values(dutch)).toEqual([{}, { stateOfHealth: 99 }]);
  expect(say('SENEC', { 'Batterie Ladung': ['%', '71'] })).toEqual({ 'Batterie Ladung': { stateOfCharge: 71 } });
});

test('what a backup feeds leads before nothing that a house uses', () => {
  const said = say('Sungrow inverter', {
    'Load power': ['W', '640'],
    'Total backup power': ['W', '0'],
  });
  expect(said).toEqual({ 'Load power': { loadPower: 640 }, 'Total backup power': {} });
  expect(say('Sungrow inverter', { 'Total backup power': ['W', '40'] })).toEqual({
    'Total backup power': { loadPower: 40 },
  });
});

test('a load in percent is a share, of what is an inverter, and a battery’s management is not as warm as its cells', () => {
  const said = say('PowMr 10.2M', { Load: ['%', '8'] });
  expect(said).toEqual({ Load: { loadPercentage: 8 } });
  expect(say('Server', { Load: ['%', '8'] })).toEqual({ Load: {} });
  expect(say('BYD Battery', { 'BMU temperature': ['°C', '31'] })).toEqual({ 'BMU temperature': {} });
});

test('what is used is called so in Polish, too', () => {
  expect(say('Deye SG05LP3', { 'Moc odbiorów': ['W', '812'] })).toEqual({ 'Moc odbiorów': { loadPower: 812 } });
});
